// The review as a file, see docs/review.md, and as what the browser keeps of it while the page is closed.
const FORMAT = "packed-scenes-review";
const VERSION = 1;
const SAYS = ["same", "different", "name", "skip"];

function toText(answers) {
  const place = (item) => [photoOf(item), item - starts[photoOf(item)]];
  const plain = answers.map(({ says, items, others, name }) => ({
    says,
    items: items.map(place),
    ...(others.length && { others: others.map(place) }),
    ...(name && { name }),
  }));
  const head = { format: FORMAT, version: VERSION, across_photos: told.acrossPhotos, photos: told.photos };
  return `${JSON.stringify({ ...head, answers: plain }, null, 1)}\n`;
}

// Returns the answers of a review of these photos, and how many are about other photos; throws what is wrong.
function fromText(text) {
  let plain;
  try {
    plain = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON; choose a file that was saved here");
  }
  if (plain?.format !== FORMAT) throw new Error("it is not a review; choose a review.json that was saved here");
  if (plain.version !== VERSION)
    throw new Error(`it is of version ${plain.version}, this page reads version ${VERSION}`);
  if (!Array.isArray(plain.photos) || !Array.isArray(plain.answers)) throw new Error("it has no photos or no answers");
  const here = plain.photos.map(placeHere);
  if (!here.some((photo) => photo >= 0)) {
    throw new Error(`it is of other photos (${plain.photos[0]?.file ?? "none"}), not of ${told.photos[0].file}`);
  }
  const read = plain.answers.map((answer, number) => answerOf(answer, number, plain.photos, here));
  const answers = read.filter(Boolean);
  return { answers, numElsewhere: read.length - answers.length };
}

// Where a reviewed photo stands on this page, -1 where it does not; throws if it was reviewed with other boxes.
function placeHere(photo) {
  const place = told.photos.findIndex(({ sha256 }) => sha256 === photo?.sha256);
  if (place >= 0 && JSON.stringify(photo.boxes) !== JSON.stringify(told.photos[place].boxes)) {
    throw new Error(`the boxes of ${photo.file} have changed since; group again with answers=FILE, which matches them`);
  }
  return place;
}

// Returns an answer about items of this page, null if nothing is left of it.
function answerOf(plain, number, photos, here) {
  const broken = (why) => new Error(`answer ${number + 1} cannot be read: ${why}`);
  const { says, items, others = [], name = "" } = plain ?? {};
  if (!SAYS.includes(says)) throw broken(`it says ${JSON.stringify(says)}`);
  const [own, theirs] = [items, others].map((places) => {
    if (!Array.isArray(places) || !places.every((place) => photos[place?.[0]]?.boxes?.[place[1]]))
      throw broken("an item is not there");
    return ascending(places.filter(([photo]) => here[photo] >= 0).map(([photo, box]) => starts[here[photo]] + box));
  });
  if (!items.length || Boolean(others.length) !== ["different", "skip"].includes(says))
    throw broken("items are missing");
  if (own.some((item) => theirs.includes(item))) throw broken("an item is on both sides");
  if (typeof name !== "string" || Boolean(cleanName(name)) !== (says === "name"))
    throw broken("its name is missing or empty");
  if (!own.length || Boolean(others.length) !== Boolean(theirs.length)) return null;
  return { says, items: own, others: theirs, name: cleanName(name) };
}

const ascending = (items) => [...new Set(items)].sort((one, two) => one - two);

const sameAnswer = (one, two) => JSON.stringify(one) === JSON.stringify(two);

// Earlier answers first; what both hold stands once.
const joined = (earlier, later) => [...earlier.filter((one) => !later.some((two) => sameAnswer(one, two))), ...later];

// A list of answers without others, each of which goes once.
function without(answers, others) {
  const gone = others.map((one) => JSON.stringify(one));
  return answers.filter((one) => {
    const place = gone.indexOf(JSON.stringify(one));
    if (place >= 0) gone.splice(place, 1);
    return place < 0;
  });
}

const KEY = `packed-scenes-review ${told.key}`;

// Returns whether the browser keeps it; a page opened from a file may not be allowed to.
function keepInBrowser(text) {
  try {
    localStorage.setItem(KEY, text);
    return localStorage.getItem(KEY) === text;
  } catch {
    return false;
  }
}

function keptInBrowser() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

// Tells other tabs of this page which answers were taken back; that they are missing says nothing, as with what a tab
// had not heard of when it answered.
const UNDONE = `${KEY} undone`;

function tellTabs(undone) {
  try {
    localStorage.setItem(UNDONE, JSON.stringify(undone));
    localStorage.removeItem(UNDONE);
  } catch {
    // Where the browser keeps nothing there is nothing in common either.
  }
}

// Makes room for new answers without losing what cannot be read.
const setAside = (text) => localStorage.setItem(`${KEY} unread ${Date.now()}`, text);

function download(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  // The browser reads it after this function has ended.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// The answers that the page was made with.
const given = told.answers.map((answer, number) => answerOf(answer, number, told.photos, [...told.photos.keys()]));
