// Average linkage under what is known, as analysis/clustering/linkage/constrained.py has it. Distances are whole
// numbers of RESOLUTION, so that sums are exact in any order, and the groups are those that Python finds.
const RESOLUTION = 2 ** -24;

// From the upper triangle as 32-bit numbers, in base64, to a full matrix.
function decodeDistances(text, count) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const matrix = new Float64Array(count * count);
  let at = 0;
  for (let row = 0; row < count; row++) {
    for (let column = row + 1; column < count; column++, at += 4) {
      matrix[row * count + column] = matrix[column * count + row] = view.getUint32(at, true);
    }
  }
  return matrix;
}

// A group is called by its lowest item, a part by any of its items; what may not merge is infinitely far.
class Merging {
  constructor(distance, parts, apart) {
    const count = (this.count = parts.length);
    this.sums = distance.slice();
    this.sizes = new Float64Array(count).fill(1);
    this.members = Array.from(parts, (_, item) => [item]);
    this.part = Int32Array.from(parts);
    this.merges = [];
    this.apart = new Uint8Array(count * count);
    for (const [one, two] of apart) this.setApart(parts[one], parts[two]);
    this.mean = distance.slice();
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        if (row === column || this.isApart(row, column)) this.mean[row * count + column] = Infinity;
      }
    }
    this.nearest = new Int32Array(count);
    this.least = new Float64Array(count);
    for (let row = 0; row < count; row++) this.findNearest(row);
  }

  isApart(item, other) {
    return this.apart[this.part[item] * this.count + this.part[other]] === 1;
  }

  setApart(one, two) {
    this.apart[one * this.count + two] = this.apart[two * this.count + one] = 1;
  }

  mergeClosest(threshold) {
    let one = 0;
    for (let row = 1; row < this.count; row++) if (this.least[row] < this.least[one]) one = row;
    const [two, height] = [this.nearest[one], this.least[one]];
    if (!(height <= threshold) || height === Infinity) return false;
    this.merges.push({ sides: [this.members[one], this.members[two]], height });
    this.add(one, two);
    this.updateMeans(one, two);
    this.mergeParts(this.part[one], this.part[two]);
    this.findAllNearest(one);
    return true;
  }

  add(one, two) {
    const { count, sums } = this;
    for (let item = 0; item < count; item++) sums[one * count + item] += sums[two * count + item];
    for (let item = 0; item < count; item++) sums[item * count + one] = sums[one * count + item];
    this.sizes[one] += this.sizes[two];
    this.members[one] = [...this.members[one], ...this.members[two]].sort((a, b) => a - b);
    this.members[two] = null;
  }

  updateMeans(one, two) {
    const { count, mean, sums, sizes } = this;
    for (let item = 0; item < count; item++) {
      // What was infinitely far from one of the two still is.
      const isFar = mean[one * count + item] === Infinity || mean[two * count + item] === Infinity;
      const value = isFar ? Infinity : sums[one * count + item] / (sizes[one] * sizes[item]);
      mean[one * count + item] = mean[item * count + one] = value;
    }
    for (let item = 0; item < count; item++) mean[two * count + item] = mean[item * count + two] = Infinity;
  }

  // Makes the parts of two groups that have merged one; what is apart from either is apart from both.
  mergeParts(one, two) {
    if (one === two) return;
    const { count, part, mean } = this;
    for (let item = 0; item < count; item++) if (part[item] === two) part[item] = one;
    let any = false;
    for (let other = 0; other < count; other++) {
      if (this.apart[two * count + other]) this.setApart(one, other);
      any ||= this.apart[one * count + other] === 1;
    }
    if (!any) return;
    for (let item = 0; item < count; item++) {
      if (part[item] !== one) continue;
      for (let other = 0; other < count; other++) {
        if (this.isApart(item, other)) mean[item * count + other] = mean[other * count + item] = Infinity;
      }
    }
  }

  findNearest(row) {
    const start = row * this.count;
    let best = 0;
    for (let item = 1; item < this.count; item++) if (this.mean[start + item] < this.mean[start + best]) best = item;
    this.nearest[row] = best;
    this.least[row] = this.mean[start + best];
  }

  // Anew for the merged group and for those whose nearest is no longer what it was.
  findAllNearest(merged) {
    const { count, mean, least, nearest } = this;
    for (let row = 0; row < count; row++) {
      const value = mean[row * count + merged];
      const isCloser = value < least[row] || (value === least[row] && merged < nearest[row]);
      if (row === merged || isCloser || mean[row * count + nearest[row]] !== least[row]) this.findNearest(row);
    }
  }

  // Joins the groups of each part, which are shown to be one product by what was said of some of their items.
  joinParts() {
    const kept = new Map();
    for (let group = 0; group < this.count; group++) {
      if (!this.members[group]) continue;
      if (kept.has(this.part[group])) this.add(kept.get(this.part[group]), group);
      else kept.set(this.part[group], group);
    }
  }
}

// Returns the groups, each ascending, by their lowest items; the merges; and distances and bans between groups.
function constrainedGroups(distance, parts, apart, threshold) {
  const merging = new Merging(distance, parts, apart);
  while (merging.count > 1 && merging.mergeClosest(threshold)) continue;
  merging.joinParts();
  const { sums, sizes, count } = merging;
  return {
    groups: merging.members.filter(Boolean),
    merges: merging.merges,
    meanDistance: (one, two) => sums[one * count + two] / (sizes[one] * sizes[two]),
    isApart: (one, two) => merging.isApart(one, two),
  };
}
