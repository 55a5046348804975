// What lies on the desk: photos, their items, all answers, and the groups that follow from them. Items are numbered
// through all photos; a unit is what is grouped together, one photo or all of them.
const told = JSON.parse(document.getElementById("review-data").textContent);
const starts = told.photos.reduce((sums, photo) => [...sums, sums.at(-1) + photo.boxes.length], [0]);
const desk = { answers: [], steps: [], labels: new Int32Array(starts.at(-1)) };

const units = told.units.map(({ photos, distances, reason }) => {
  const [start, end] = [starts[photos[0]], starts[photos.at(-1) + 1]];
  return { start, end, distances, reason, distance: null, base: null, found: null, key: null };
});

const photoOf = (item) => starts.findIndex((start, photo) => start <= item && item < starts[photo + 1]);
const unitOf = (photo) => units.find(({ start, end }) => start <= starts[photo] && starts[photo + 1] <= end);
const boxOf = (item) => told.photos[photoOf(item)].boxes[item - starts[photoOf(item)]];
const itemsOf = (photo) => Array.from({ length: starts[photo + 1] - starts[photo] }, (_, box) => starts[photo] + box);

// Keeps of an answer what is about some items, under numbers that begin with the first of these.
function within(answer, start, end) {
  const own = (items) => items.filter((item) => start <= item && item < end).map((item) => item - start);
  const [items, others] = [own(answer.items), own(answer.others)];
  return items.length && Boolean(answer.others.length) === Boolean(others.length) ? [{ ...answer, items, others }] : [];
}

const answersOf = ({ start, end }, answers) => answers.flatMap((answer) => within(answer, start, end));

// Groups a unit with its answers, if that has not been done; all that is shown follows from it. Returns its groups and
// question, null where there is no review.
function regroup(unit) {
  const { start, end, distances } = unit;
  if (distances === null) return null;
  unit.distance ??= decodeDistances(distances, end - start);
  unit.base ??= sizeOrdered(review(unit.distance, answersOf(unit, given), told).groups);
  const answers = answersOf(unit, desk.answers);
  const key = JSON.stringify(answers);
  if (key === unit.key) return unit.found;
  [unit.key, unit.found] = [key, review(unit.distance, answers, told)];
  desk.labels.set(numbersOf(unit.found.groups, unit.base, end - start), start);
  return unit.found;
}

// The labels that a photo was drawn with when the page was made.
function labelsAtStart(photo) {
  const { base, start, end } = unitOf(photo);
  return numbersOf(base, base, end - start).slice(starts[photo] - start, starts[photo + 1] - start);
}

// Groups of two and more as the group command numbers them: the largest first, then by the lowest item.
const sizeOrdered = (groups) =>
  groups.filter(({ length }) => length > 1).sort((one, two) => two.length - one.length || one[0] - two[0]);

// A number per item, -1 for one alone. A group keeps the number of the group at the start that it shares most with, so
// that numbers do not change under the person's eyes; a new group gets the next number.
function numbersOf(groups, base, count) {
  const numbers = new Int32Array(count).fill(-1);
  const before = new Int32Array(count).fill(-1);
  for (const [number, items] of base.entries()) for (const item of items) before[item] = number;
  const several = sizeOrdered(groups);
  const claims = several.flatMap((items, place) =>
    claimsOf(items, before).map(([number, shared]) => ({ place, number, shared })),
  );
  claims.sort((one, two) => two.shared - one.shared || one.number - two.number || one.place - two.place);
  const [numberOf, taken] = [new Map(), new Set()];
  for (const { place, number } of claims) {
    if (numberOf.has(place) || taken.has(number)) continue;
    numberOf.set(place, number);
    taken.add(number);
  }
  let unused = base.length;
  for (const [place, items] of several.entries()) {
    const number = numberOf.get(place) ?? unused++;
    for (const item of items) numbers[item] = number;
  }
  return numbers;
}

function claimsOf(items, before) {
  const counts = new Map();
  for (const item of items) if (before[item] >= 0) counts.set(before[item], (counts.get(before[item]) ?? 0) + 1);
  return [...counts];
}

// The items of a photo's unit that carry a number.
const membersOf = (number, photo) =>
  Array.from({ length: unitOf(photo).end - unitOf(photo).start }, (_, place) => unitOf(photo).start + place).filter(
    (item) => desk.labels[item] === number,
  );

const knownOf = (item) => unitOf(photoOf(item)).found.known;
const partOf = (item) => knownOf(item).parts[item - unitOf(photoOf(item)).start];
const nameOf = (item) => knownOf(item).names.get(partOf(item)) ?? "";

// The name of a group: what a person called the first of its items that has one, else what it was taken for.
const groupName = (items) => items.map(nameOf).find(Boolean) ?? likelyName(items);

// The known product that most of the items were taken for.
function likelyName(items) {
  const names = items.map((item) => told.names[item] ?? "");
  return names.find((name) => name && 2 * names.filter((other) => other === name).length > items.length) ?? "";
}

// Whether answers alone make the group: all its items are known to be one product.
const isConfirmed = (items) => items.every((item) => partOf(item) === partOf(items[0]));

function representative(items) {
  const { start, end, distance } = unitOf(photoOf(items[0]));
  return (
    start +
    medoid(
      distance,
      end - start,
      items.map((item) => item - start),
    )
  );
}

const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
