// Where a product stands in a photo, as analysis/aggregation finds it: boxes side by side are one place, whose outline
// is drawn around them and the gaps between them.
const overlap = (a, b, low, high) => Math.min(a[high], b[high]) - Math.max(a[low], b[low]);

// The gap between two boxes that face each other, null where they do not.
function stripBetween(a, b, gaps) {
  const [x, y] = [overlap(a, b, 0, 2), overlap(a, b, 1, 3)];
  if (!((y > 0 && -x <= gaps[0]) || (x > 0 && -y <= gaps[1]))) return null;
  const edges = [
    [a[0], a[2], b[0], b[2]],
    [a[1], a[3], b[1], b[3]],
  ].map((values) => values.sort((one, two) => one - two));
  return [edges[0][1], edges[1][1], edges[0][2], edges[1][2]];
}

// Whether others cover at least half of the strip between two boxes that do not touch.
function isBlocked(strip, a, b, others) {
  if (overlap(a, b, 0, 2) >= 0 && overlap(a, b, 1, 3) >= 0) return false;
  const area = (strip[2] - strip[0]) * (strip[3] - strip[1]);
  const covered = others.reduce(
    (sum, box) => sum + Math.max(0, overlap(box, strip, 0, 2)) * Math.max(0, overlap(box, strip, 1, 3)),
    0,
  );
  return area > 0 && covered >= area / 2;
}

// Returns the places of the boxes of one group: which boxes, and the rectangles that make up its shape.
function placesOf(members, boxes, { gaps, bridgesOthers }) {
  const parts = new Parts(boxes.length);
  const own = new Set(members);
  const others = bridgesOthers ? [] : boxes.filter((_, item) => !own.has(item));
  const strips = [];
  for (const [one, two] of pairsOf(members, members)) {
    const strip = one < two && stripBetween(boxes[one], boxes[two], gaps);
    if (!strip || isBlocked(strip, boxes[one], boxes[two], others)) continue;
    parts.join(one, two);
    strips.push([one, strip]);
  }
  const places = new Map(members.map((item) => [parts.find(item), { members: [], shapes: [] }]));
  for (const item of members) {
    places.get(parts.find(item)).members.push(item);
    places.get(parts.find(item)).shapes.push(boxes[item]);
  }
  for (const [item, strip] of strips) places.get(parts.find(item)).shapes.push(strip);
  return [...places.values()];
}

// The outline of the union of rectangles as an SVG path, drawn inwards a little, so that those of neighbours lie side
// by side; holes are rings too, to be filled by the even-odd rule.
function outlineOf(shapes, inset) {
  const [xs, ys] = [0, 1].map((axis) =>
    [...new Set(shapes.flatMap((box) => [box[axis], box[axis + 2]]))].sort((a, b) => a - b),
  );
  const isInside = (column, row) =>
    shapes.some(
      (box) => box[0] <= xs[column] && xs[column + 1] <= box[2] && box[1] <= ys[row] && ys[row + 1] <= box[3],
    );
  const cells = ys.map((_, row) => xs.map((_, column) => isInside(column, row)));
  const filled = (column, row) => cells[row]?.[column] ?? false;
  // Edges run with the inside on their right; each leads on to the next.
  const next = new Map();
  const edge = (from, to) => next.set(String(from), [...(next.get(String(from)) ?? []), to]);
  for (let row = 0; row < ys.length; row++) {
    for (let column = 0; column < xs.length; column++) {
      if (!filled(column, row)) continue;
      if (!filled(column, row - 1)) edge([column, row], [column + 1, row]);
      if (!filled(column + 1, row)) edge([column + 1, row], [column + 1, row + 1]);
      if (!filled(column, row + 1)) edge([column + 1, row + 1], [column, row + 1]);
      if (!filled(column - 1, row)) edge([column, row + 1], [column, row]);
    }
  }
  const rings = ringsOf(next).map((ring) =>
    drawnInwards(
      ring.map(([x, y]) => [xs[x], ys[y]]),
      inset,
    ),
  );
  return rings.map((ring) => `M${ring.map((point) => point.join(" ")).join("L")}Z`).join("");
}

// The inside is to the right of every edge.
function drawnInwards(ring, inset) {
  const inward = (from, to) => [-Math.sign(to[1] - from[1]), Math.sign(to[0] - from[0])];
  return ring.map((point, place) => {
    const [before, after] = [inward(ring.at(place - 1), point), inward(point, ring[(place + 1) % ring.length])];
    return [0, 1].map((axis) => point[axis] + inset * (before[axis] + after[axis]));
  });
}

// Follows edges until none is left; points on straight lines are left out.
function ringsOf(next) {
  const rings = [];
  while (next.size) {
    const ring = [];
    let at = [...next.keys()][0].split(",").map(Number);
    while (next.has(String(at))) {
      const ways = next.get(String(at));
      const to = ways.pop();
      if (!ways.length) next.delete(String(at));
      ring.push(at);
      at = to;
    }
    rings.push(ring.filter((point, place) => !isStraight(ring.at(place - 1), point, ring[(place + 1) % ring.length])));
  }
  return rings;
}

const isStraight = (before, point, after) =>
  (before[0] === point[0] && point[0] === after[0]) || (before[1] === point[1] && point[1] === after[1]);

// Where numbers are printed: on the upper edge of each place if there is room beside the others, else on the lower one.
function badgePlaces(places, boxes, { width, height }) {
  const [wide, high] = [0.035, 0.032].map((part) => part * Math.max(width, height));
  const printed = [];
  const clash = ([x, y]) =>
    printed.reduce((sum, [u, v]) => sum + Math.max(0, wide - Math.abs(x - u)) * Math.max(0, high - Math.abs(y - v)), 0);
  return places.map(({ members }) => {
    const edges = members.map((item) => boxes[item]).sort((one, two) => one[1] - two[1] || one[0] - two[0]);
    const points = edges.flatMap(([x1, y1, x2, y2]) =>
      [y1, y2].flatMap((y) => [
        [Math.min(x1 + wide / 2, (x1 + x2) / 2), y],
        [(x1 + x2) / 2, y],
        [x2 - wide / 2, y],
      ]),
    );
    const best = points.reduce((one, two) => (clash(two) < clash(one) ? two : one));
    printed.push(best);
    return best;
  });
}
