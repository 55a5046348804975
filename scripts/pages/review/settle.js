// What all answers together say, as analysis/review/settled.py has it: later answers win over earlier ones.

// Which items are one and which are apart, closed under what follows from either.
class Parts {
  constructor(count) {
    this.above = Int32Array.from({ length: count }, (_, item) => item);
    this.enemies = new Map();
  }

  find(item) {
    while (this.above[item] !== item) item = this.above[item] = this.above[this.above[item]];
    return item;
  }

  join(first, second) {
    const [kept, gone] = [this.find(first), this.find(second)].sort((a, b) => a - b);
    if (kept === gone) return true;
    if (this.enemies.get(kept)?.has(gone)) return false;
    this.above[gone] = kept;
    for (const enemy of this.enemies.get(gone) ?? []) {
      this.enemies.get(enemy).delete(gone);
      this.setApart(kept, enemy);
    }
    this.enemies.delete(gone);
    return true;
  }

  separate(first, second) {
    [first, second] = [this.find(first), this.find(second)];
    if (first !== second) this.setApart(first, second);
    return first !== second;
  }

  // Joins all that may be joined; returns them by the part they are in, the most first.
  joinAll(items) {
    const blocks = [];
    for (const item of items) {
      const block = blocks.find((other) => this.join(other[0], item));
      if (block) block.push(item);
      else blocks.push([item]);
    }
    return blocks.sort((a, b) => b.length - a.length);
  }

  lowest() {
    return this.above.map((_, item) => this.find(item));
  }

  apart() {
    const pairs = [];
    for (const [one, others] of this.enemies) for (const two of others) if (one < two) pairs.push([one, two]);
    return pairs;
  }

  setApart(one, two) {
    for (const [item, other] of [
      [one, two],
      [two, one],
    ]) {
      if (!this.enemies.has(item)) this.enemies.set(item, new Set());
      this.enemies.get(item).add(other);
    }
  }
}

const cleanName = (name) => name.trim().replace(/\s+/g, " ");

// Capitals and white space do not matter; through capitals, as "ß" is "ss" in them.
const nameKey = (name) => cleanName(name).toUpperCase().toLowerCase();

// The names of products, taken from the last one given to the first, which is how a later one wins.
class Names {
  spelling = new Map();
  items = new Map();

  // Gives items of one part an earlier name; returns what contradicts it.
  take(name, items, parts) {
    const [key, part] = [nameKey(name), parts.find(items[0])];
    const ofPart = new Map([...this.items].map(([other, carriers]) => [parts.find(Math.min(...carriers)), other]));
    const owner = ofPart.get(part) ?? key;
    if (owner !== key) {
      // Who names the same items anew has changed their mind about the name, not about the product.
      if (items.some((item) => this.items.get(owner).has(item))) return [];
      return [
        {
          items: [Math.min(...this.items.get(owner)), items[0]],
          reason: `later answers call it “${this.spelling.get(owner)}”`,
        },
      ];
    }
    const carriers = this.items.get(key);
    if (carriers && !parts.join(Math.min(...carriers), part)) {
      return [
        {
          items: [Math.min(...carriers), items[0]],
          reason: `later answers keep it apart from “${this.spelling.get(key)}”`,
        },
      ];
    }
    for (const [named, other] of ofPart) if (other !== key) parts.separate(named, part);
    if (!carriers) {
      this.spelling.set(key, cleanName(name));
      this.items.set(key, new Set());
    }
    for (const item of items) this.items.get(key).add(item);
    return [];
  }

  byPart(parts) {
    return new Map([...this.items].map(([key, items]) => [parts.find(Math.min(...items)), this.spelling.get(key)]));
  }
}

function settle(answers, count) {
  const [parts, names, contradictions] = [new Parts(count), new Names(), []];
  const corrected = new Set();
  for (let place = answers.length - 1; place >= 0; place--) {
    // Who answers the same question again corrects the answer.
    const pair = askedPair(answers[place])
      ?.sort((one, two) => one - two)
      .join();
    if (corrected.has(pair)) continue;
    if (pair) corrected.add(pair);
    for (const refused of take(answers[place], parts, names)) contradictions.push({ answer: place, ...refused });
  }
  return {
    parts: parts.lowest(),
    apart: parts.apart(),
    skipped: skippedPairs(answers),
    names: names.byPart(parts),
    contradictions,
  };
}

// Keeps what an answer says; returns the pairs of items that it is not kept about, and why.
function take({ says, items, others, name }, parts, names) {
  if (says === "different") {
    return pairsOf(items, others)
      .filter((pair) => !parts.separate(...pair))
      .map((pair) => ({ items: pair, reason: "later answers say that they show one product" }));
  }
  if (says === "skip") return [];
  const [first, ...refused] = parts.joinAll(items);
  const lost = refused.map((block) => ({
    items: [first[0], block[0]],
    reason: "later answers say that they show different products",
  }));
  return says === "name" ? [...lost, ...names.take(name, first, parts)] : lost;
}

const pairsOf = (items, others) => items.flatMap((item) => others.map((other) => [item, other]));

const skippedPairs = (answers) =>
  answers.filter(({ says }) => says === "skip").flatMap(({ items, others }) => pairsOf(items, others));
