// The review itself: takes answers by key and button, groups anew, and keeps what was said.
const panel = document.querySelector(".review");
const bar = document.querySelector(".chosen");
const startButton = document.querySelector(".start-review");
const DOES = { y: "same", n: "different", s: "skip", u: "undo" };
const WITH_CHOSEN = { x: "split", m: "move" };
const saved = { file: true, browser: true };

const isReviewing = () => document.body.classList.contains("reviewing");

function tell(text) {
  panel.querySelector(".said").textContent = text;
}

function commit(answers, text) {
  const before = contradictions();
  desk.answers.push(...answers);
  desk.steps.push(answers.length);
  refresh();
  tell(
    contradictions() > before
      ? `${text} An earlier answer said otherwise and no longer counts; u takes this back.`
      : text,
  );
  keep();
}

const contradictions = () => regroup(currentUnit())?.known.contradictions.length ?? 0;

function undo() {
  if (!desk.answers.length) return tell("There is nothing to undo.");
  tellTabs(desk.answers.splice(-(desk.steps.pop() ?? 1)));
  refresh();
  tell("Taken back.");
  keep();
}

function refresh() {
  chosen.clear();
  seeking = null;
  showPhoto();
}

// Groups the photo anew and shows it.
function showPhoto() {
  if (regroup(currentUnit())) {
    draw(state.photo);
    listGroups(state.photo);
  }
  showChosen();
  show();
  if (isReviewing()) ask();
  tellStart();
}

function tellStart() {
  const found = regroup(currentUnit());
  const none = found ? "no question left" : "not possible";
  startButton.querySelector("span").textContent = found?.numWorth ? counted(found.numWorth, "question") : none;
}

const says = {
  same: ([one, two]) => [answerThat("same", [one, two])],
  different: ([one, two]) => [answerThat("different", [one], [two])],
  skip: ([one, two]) => [answerThat("skip", [one], [two])],
};

function answer(kind) {
  if (kind === "undo") return undo();
  if (!question() || panel.querySelector(".question").hidden) return;
  const items = question().items.map((item) => item + currentUnit().start);
  commit(says[kind](items), "");
  tell(toldOf(kind, items) + panel.querySelector(".said").textContent);
  follow();
}

function toldOf(kind, items) {
  if (kind === "skip") return "Skipped.";
  if (kind === "different") return "Different products.";
  const number = desk.labels[items[0]];
  const members = membersOf(number, photoOf(items[0]));
  return `The same product: ${titleOf(number, members)}, ${counted(members.length, "item")}.`;
}

// What the browser held when this tab last read or wrote it.
let seen = null;

function keep() {
  takeOver(keptInBrowser());
  seen = toText(desk.answers);
  saved.browser = keepInBrowser(seen);
  saved.file = !desk.answers.length;
  tellKept();
}

// Takes what another tab of this page has kept; returns whether this tab has more than that.
function takeOver(text) {
  if (text === null || text === seen) return false;
  const [own, theirs] = [desk.answers, readKept(text)];
  seen = text;
  if (theirs === null) {
    // The next answer overwrites it.
    setAside(text);
    return false;
  }
  setAnswers([...theirs, ...without(own, theirs)]);
  return desk.answers.length > theirs.length;
}

function setAnswers(answers) {
  if (sameAnswer(desk.answers, answers)) return;
  [desk.answers, desk.steps] = [answers, []];
  refresh();
  tell(`Another tab of this page has changed the answers: ${counted(answers.length, "answer")} of both count now.`);
}

// The answers that a text holds, null if it cannot be read.
function readKept(text) {
  try {
    return fromText(text).answers;
  } catch {
    return null;
  }
}

addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY && takeOver(newValue)) keep();
  if (key === UNDONE && newValue !== null) setAnswers(without(desk.answers, JSON.parse(newValue)));
});

function tellKept() {
  const text = saved.browser
    ? "Kept in this browser."
    : "This browser keeps nothing of it: save before you close the page.";
  panel.querySelector(".kept").textContent = text;
  panel.querySelector(".kept").classList.toggle("lost", !saved.browser);
}

async function load(file) {
  let read;
  try {
    read = fromText(await file.text());
  } catch (error) {
    return tell(`${file.name} was not loaded: ${error.message}. Your answers are as they were.`);
  }
  const before = desk.answers.length;
  desk.answers = joined(read.answers, desk.answers);
  desk.steps = [];
  refresh();
  const own = before ? `, before your own ${before}` : "";
  const elsewhere = read.numElsewhere
    ? ` ${counted(read.numElsewhere, "answer")} about other photos stay in the file alone.`
    : "";
  tell(`${counted(read.answers.length, "answer")} loaded from ${file.name}${own}.${elsewhere}`);
  keep();
}

function open(isOpen) {
  document.body.classList.toggle("reviewing", isOpen);
  startButton.setAttribute("aria-expanded", String(isOpen));
  panel.hidden = !isOpen;
  cancel();
  if (!isOpen) {
    mark([]);
    startButton.focus();
    return;
  }
  state.section.querySelector(".groups").before(panel);
  letGo();
  showPhoto();
  follow();
  panel.querySelector(".answers button").focus({ preventScroll: true });
}

const BUTTONS = {
  save: () => {
    download(toText(desk.answers), "review.json");
    saved.file = true;
    tell("review.json is among your downloads.");
  },
  load: () => panel.querySelector("input").click(),
  close: () => open(false),
  more: () => {
    isAskedOn = true;
    ask();
  },
  onward: () => openPhoto(nextPhoto()),
  split: () => split([...chosen]),
  move: startMoving,
  name: nameChosen,
  cancel,
};

for (const place of [panel, bar]) {
  place.addEventListener("click", (event) => {
    const does = event.target.closest("[data-does]")?.dataset.does;
    if (!does) return;
    (BUTTONS[does] ?? answer)(does);
    event.stopPropagation();
  });
}

panel.querySelector("input").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) load(file);
});

startButton.addEventListener("click", (event) => {
  event.stopPropagation();
  open(!isReviewing());
});

document.addEventListener("keydown", (event) => {
  if (!isReviewing() || event.target.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape" && (seeking || chosen.size)) return cancel();
  const does = (chosen.size && !seeking && WITH_CHOSEN[event.key]) || DOES[event.key.toLowerCase()];
  if (!does) return;
  event.preventDefault();
  (BUTTONS[does] ?? answer)(does);
});

// A photo that is opened shows its groups as they are now, with the review beside it.
main.addEventListener("photoopen", () => {
  if (isReviewing()) state.section.querySelector(".groups").before(panel);
  cancel();
  isAskedOn = false;
  if (isReviewing() || desk.answers.length) showPhoto();
  tellStart();
});

addEventListener("resize", () => isReviewing() && ask());
addEventListener("beforeunload", (event) => {
  if (!saved.browser && !saved.file) event.preventDefault();
});

// What the page was made with and what this browser has kept; what cannot be read is left where it is.
function start() {
  const kept = keptInBrowser();
  desk.answers = [...given];
  let note = "";
  if (kept !== null) {
    try {
      desk.answers = joined(given, fromText(kept).answers);
      if (desk.answers.length)
        note = `Continued with ${counted(desk.answers.length, "answer")} that this browser has kept.`;
    } catch (error) {
      note = `What this browser has kept cannot be read: ${error.message}. It is left where it is.`;
      setAside(kept);
    }
  }
  saved.browser = kept !== null || keepInBrowser(toText(desk.answers));
  seen = keptInBrowser();
  tellKept();
  tellStart();
  tell(note);
  if (desk.answers.length) showPhoto();
}

start();
