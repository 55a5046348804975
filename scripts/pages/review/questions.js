// Which question to ask next, as analysis/review/questions.py has it: the one that promises to put most pairs right,
// or an answer in doubt again.

// Returns groups and next question.
function review(distance, answers, { threshold, odds, worthAsking, slips }) {
  const count = Math.round(Math.sqrt(distance.length));
  const cut = threshold / RESOLUTION;
  const known = settle(answers, count);
  const found = constrainedGroups(distance, known.parts, known.apart, cut);
  const learned = oddsAfter(answers, distance, count, cut, odds);
  let [best, numWorth] = [null, 0];
  for (const candidate of candidates(known, found, count)) {
    const numPairs = candidate.sides[0].length * candidate.sides[1].length;
    const chance = probability(candidate.mean, cut, learned);
    const gain = (candidate.joined ? 1 - chance : chance) * numPairs;
    if (gain >= worthAsking) numWorth++;
    if (!best || gain > best.gain) best = { ...candidate, probability: chance, gain };
  }
  if (best) best.items = best.sides.map((side) => medoid(distance, count, side));
  const doubt = slips > 0 ? mostDoubtful(distance, answers, known, found.merges, learned, { cut, slips }) : null;
  if (doubt && doubt.gain > (best?.gain ?? worthAsking)) {
    best = { ...doubt, isAgain: true };
    if (doubt.gain >= worthAsking) numWorth++;
  }
  return { known, groups: found.groups, question: best, numWorth };
}

// All pairs of groups that are not known to be apart, and all merges that no answer has confirmed.
function* candidates(known, found, count) {
  const group = new Int32Array(count);
  for (const members of found.groups) for (const item of members) group[item] = members[0];
  const skipped = new Set();
  for (const [one, two] of known.skipped)
    skipped.add(group[one] * count + group[two]).add(group[two] * count + group[one]);
  for (const [place, one] of found.groups.entries()) {
    for (let next = place + 1; next < found.groups.length; next++) {
      const two = found.groups[next];
      if (found.isApart(one[0], two[0]) || skipped.has(one[0] * count + two[0])) continue;
      yield { sides: [one, two], mean: found.meanDistance(one[0], two[0]), joined: false };
    }
  }
  for (const { sides, height } of found.merges) {
    if (!isAnswered(sides, known)) yield { sides, mean: height, joined: true };
  }
}

function isAnswered([one, two], known) {
  const [first, second] = [new Set(one), new Set(two)];
  const parts = new Set(one.map((item) => known.parts[item]));
  return (
    two.some((item) => parts.has(known.parts[item])) ||
    known.skipped.some(([a, b]) => (first.has(a) && second.has(b)) || (first.has(b) && second.has(a)))
  );
}

// The item with the least sum of distances to the others, the lowest of equal ones.
function medoid(distance, count, items) {
  let [best, least] = [items[0], Infinity];
  for (const item of items) {
    let sum = 0;
    for (const other of items) sum += distance[item * count + other];
    if (sum < least) [best, least] = [item, sum];
  }
  return best;
}
