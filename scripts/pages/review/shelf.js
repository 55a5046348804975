// What each group has of the shelf, as analysis/shelf/share.py has it; the rows do not depend on the groups.
const shelfWords = (facings, wide) =>
  wide === facings ? counted(facings, "facing") : `${counted(facings, "facing")} (${wide} wide)`;

// A half goes to the even number, as in Python.
function percent(share) {
  const nearest = Math.round(100 * share);
  return `${nearest % 2 && nearest - 100 * share === 0.5 ? nearest - 1 : nearest}%`;
}

// What each group has of some photos: facings, facings without those on the same product, length, and the same by row.
function sharesOf(photos) {
  const shares = new Map();
  let total = 0;
  for (const photo of photos) {
    const { row, below } = told.shelves[photo];
    const products = itemsOf(photo).map((item, place) => (desk.labels[item] < 0 ? -1 - place : desk.labels[item]));
    for (const [place, length] of lengthsOf(photo, products).entries()) {
      const number = Math.max(-1, products[place]);
      const isWide = below[place] < 0 || products[below[place]] !== products[place];
      const own = shares.get(number) ?? { facings: 0, wide: 0, length: 0, rows: new Map() };
      const inRow = own.rows.get(row[place]) ?? { facings: 0, wide: 0, length: 0 };
      for (const part of [own, inRow]) {
        part.facings += 1;
        part.wide += isWide ? 1 : 0;
        part.length += length;
      }
      own.rows.set(row[place], inRow);
      shares.set(number, own);
      total += length;
    }
  }
  return { shares, total };
}

// The length of shelf that each box takes up, in units of the median box size. Where several products lie over a piece
// of a row they have equal parts of it; so do the boxes of one product.
function lengthsOf(photo, products) {
  const { boxes } = told.photos[photo];
  const { row } = told.shelves[photo];
  const lengths = new Array(boxes.length).fill(0);
  for (const number of new Set(row)) {
    const here = [...boxes.keys()].filter((place) => row[place] === number);
    const edges = [...new Set(here.flatMap((place) => [boxes[place][0], boxes[place][2]]))].sort(
      (one, two) => one - two,
    );
    for (const [piece, left] of edges.slice(0, -1).entries()) {
      const over = here.filter((place) => boxes[place][0] <= left && boxes[place][2] >= edges[piece + 1]);
      const counts = new Map();
      for (const place of over) counts.set(products[place], (counts.get(products[place]) ?? 0) + 1);
      for (const place of over)
        lengths[place] += (edges[piece + 1] - left) / (counts.get(products[place]) * counts.size);
    }
  }
  const unit = median(boxes.map(([x1, y1, x2, y2]) => Math.sqrt((x2 - x1) * (y2 - y1))));
  return lengths.map((length) => length / unit);
}

// A group's line in the list, and what it says row by row.
function tellShelf(line, number, { shares, total }) {
  const { facings, wide, length, rows } = shares.get(number);
  const inOrder = [...rows].sort(([one], [two]) => one - two);
  const where = `row${inOrder.length === 1 ? "" : "s"} ${inOrder.map(([row]) => row).join(", ")}`;
  line.textContent = `${shelfWords(facings, wide)}, ${percent(length / total)} of the shelf, ${where}`;
  const ofRow = (row) => [...shares.values()].reduce((sum, own) => sum + (own.rows.get(row)?.length ?? 0), 0);
  line.title = inOrder
    .map(([row, part]) => `row ${row}: ${shelfWords(part.facings, part.wide)}, ${percent(part.length / ofRow(row))}`)
    .join("; ");
}
