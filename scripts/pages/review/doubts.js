// Which answer is most likely a slip, as analysis/review/doubts.py has it: a wrong "same" costs most.

// Returns the answer by which most pairs are expected to be wrong, the lowest items first of equal ones; null if none.
function mostDoubtful(distance, answers, known, merges, odds, { cut, slips }) {
  const count = known.parts.length;
  const evidence = Math.log((1 - slips) / slips);
  const skipped = new Set(known.skipped.map((pair) => ascending(pair).join()));
  const net = new Map();
  for (const answer of answers) {
    const pair = askedPair(answer);
    if (!pair || skipped.has(ascending(pair).join())) continue;
    const [one, two] = ascending(pair);
    net.set(one * count + two, (net.get(one * count + two) ?? 0) + (answer.says === "same" ? 1 : -1));
  }
  let most = null;
  for (const [key, agreed] of [...net].sort(([one], [two]) => one - two)) {
    const items = [Math.floor(key / count), key % count];
    const sides = lastApart(merges, items);
    const prior = probability(meanBetween(distance, count, sides), cut, odds);
    const exponent = Math.log(prior + 1e-9) - Math.log(1 - prior + 1e-9) + agreed * evidence;
    const chance = roundedChance(logistic(exponent));
    const joined = known.parts[items[0]] === known.parts[items[1]];
    const gain = (joined ? 1 - chance : chance) * sides[0].length * sides[1].length;
    if (!most || gain > most.gain) most = { items, sides, joined, probability: chance, gain };
  }
  return most;
}

// The largest groups on the way of the merges that hold one of two items and not the other.
function lastApart(merges, [first, second]) {
  let [one, two] = [[first], [second]];
  for (const { sides } of merges) {
    const [ofFirst, ofSecond] = [first, second].map((item) => sides.some((side) => side.includes(item)));
    if (ofFirst && ofSecond) break;
    if (ofFirst) one = sides.flat();
    if (ofSecond) two = sides.flat();
  }
  return [one, two].map(ascending);
}

function meanBetween(distance, count, [one, two]) {
  let sum = 0;
  for (const item of one) for (const other of two) sum += distance[item * count + other];
  return sum / (one.length * two.length);
}
