// How likely two groups are one product, by how far apart they are, as analysis/review/odds.py has it. Results are
// rounded, so that another implementation of exp finds the same.
const roundedChance = (value) => Math.round(value * 2 ** 20) / 2 ** 20;

const logistic = (exponent) => 1 / (1 + Math.exp(-exponent));

// Shifts of the log-odds that photos may have.
const SHIFTS = Array.from({ length: 81 }, (_, place) => (place - 40) / 10);

function exponentAt(distance, threshold, { intercept, slope }) {
  // At a threshold of 0 only equal items are grouped.
  const relative = threshold > 0 ? distance / threshold : distance > 0 ? Infinity : 0;
  return Math.min(40, Math.max(-40, intercept + slope * relative));
}

const probability = (distance, threshold, odds) => roundedChance(logistic(exponentAt(distance, threshold, odds)));

// The two items of an answer to "are these one product?", null for everything else.
function askedPair({ says, items, others }) {
  const said = [...items, ...others];
  const isAnswer = says === "same" || (says === "different" && items.length === 1);
  return isAnswer && said.length === 2 ? said : null;
}

// The odds of photos of which some answers are known: some photos are easier than others.
function oddsAfter(answers, distance, count, threshold, odds) {
  const likelihoods = new Float64Array(SHIFTS.length);
  for (const answer of answers) {
    const pair = askedPair(answer);
    if (!pair) continue;
    const exponent = exponentAt(distance[pair[0] * count + pair[1]], threshold, odds);
    const sign = answer.says === "same" ? 1 : -1;
    for (const [place, shift] of SHIFTS.entries()) likelihoods[place] += Math.log(logistic(sign * (exponent + shift)));
  }
  const most = Math.max(...likelihoods);
  let [sum, total] = [0, 0];
  for (const [place, shift] of SHIFTS.entries()) {
    const weight = Math.exp(likelihoods[place] - most - (shift / odds.spread) ** 2 / 2);
    sum += weight * shift;
    total += weight;
  }
  return { ...odds, intercept: odds.intercept + roundedChance(sum / total) };
}
