// The question: its two crops, where they stand in the photo, how far the review is, and that it is over.
let isAskedOn = false;

const currentUnit = () => unitOf(state.photo);
const question = () => regroup(currentUnit())?.question ?? null;

// Shows the next question, or that there is none.
function ask() {
  const { reason, start } = currentUnit();
  const found = regroup(currentUnit());
  const isOver = !found?.question || (found.numWorth === 0 && !isAskedOn);
  panel.querySelector(".question").hidden = isOver;
  panel.querySelector(".done").hidden = !isOver;
  showProgress(found);
  mark([]);
  if (isOver) return showEnd(found, reason);
  const items = found.question.items.map((item) => item + start);
  for (const [place, side] of panel.querySelectorAll(".side").entries()) showSide(side, items[place]);
  mark(items);
  tellQuestion(found.question);
  // For those who hear the page.
  const sides = [...panel.querySelectorAll(".side canvas")].map((canvas) => canvas.getAttribute("aria-label"));
  panel.querySelector(".next").textContent = `${panel.querySelector("h2").textContent} ${sides.join(". ")}.`;
}

// An answer in doubt is asked again, and says so.
function tellQuestion({ items, sides, isAgain }) {
  const isAboutThem = (answer) => ascending(askedPair(answer) ?? []).join() === items.join();
  const earlier = isAgain ? answersOf(currentUnit(), desk.answers).findLast(isAboutThem).says : null;
  const again = panel.querySelector(".again");
  panel.querySelector("h2").textContent = earlier
    ? `You said these ${earlier === "same" ? "are the same" : "differ"}; look again?`
    : "Are these two the same product?";
  again.hidden = !earlier;
  const sizes = sides.map(({ length }) => length).join(" and ");
  again.textContent = earlier
    ? `Your answer before was “${earlier}”. It looks doubtful, and groups of ${sizes} items depend on it.`
    : "";
}

// Opens the photo of the question where photos are asked about together.
function follow() {
  if (panel.querySelector(".question").hidden) return;
  const photos = question().items.map((item) => photoOf(item + currentUnit().start));
  if (!photos.includes(state.photo)) openPhoto(photos[0]);
}

function showSide(side, item) {
  const [photo, number, canvas] = [photoOf(item), desk.labels[item], side.querySelector("canvas")];
  const members = number < 0 ? [item] : membersOf(number, photo);
  const where = number < 0 ? "alone" : `${titleOf(number, members)}, ${counted(members.length, "item")}`;
  const elsewhere = photo === state.photo ? "" : ` · in ${told.photos[photo].file}`;
  side.querySelector("span").textContent = where + elsewhere;
  canvas.setAttribute("aria-label", `${side.querySelector("b").textContent}: ${where}${elsewhere}`);
  const height = side.clientHeight - side.querySelector("p").offsetHeight - 6;
  drawCrop(canvas, item, side.parentElement.clientWidth / 2 - 14, height, 0.06);
}

// Marks where the two stand in the photo; the rest of it steps back.
function mark(items) {
  const { section } = state;
  for (const old of section.querySelectorAll(".asked, .mark")) old.remove();
  section.classList.toggle("asking", items.length > 0);
  for (const [place, item] of items.entries()) {
    if (photoOf(item) !== state.photo) continue;
    const [x, y, right, bottom] = boxOf(item);
    const { width, height } = told.photos[state.photo];
    section
      .querySelector(".stage > svg")
      .append(svg("rect", { class: "asked", x, y, width: right - x, height: bottom - y }));
    const letter = document.createElement("span");
    Object.assign(letter, { className: "mark", textContent: "AB"[place], ariaHidden: "true" });
    letter.style.cssText = `--x:${(50 * (x + right)) / width}%;--y:${(100 * y) / height}%`;
    section.querySelector(".stage").append(letter);
  }
  cutVeil();
}

function showProgress(found) {
  const { start, end } = currentUnit();
  const answered = desk.answers.filter((one) => within(one, start, end).length).length;
  const left = found?.numWorth ?? 0;
  const track = panel.querySelector(".track");
  track.setAttribute("aria-valuenow", answered);
  track.setAttribute("aria-valuemax", answered + left);
  track.firstElementChild.style.width = `${(100 * answered) / Math.max(1, answered + left)}%`;
  panel.querySelector(".left").textContent = `${answered} answered · ${left} worth asking`;
}

function showEnd(found, reason) {
  const done = panel.querySelector(".done");
  const [onward, more] = ["onward", "more"].map((does) => done.querySelector(`[data-does="${does}"]`));
  done.querySelector("h2").textContent = reason ? "This photo cannot be reviewed" : "Nothing more is worth asking";
  done.querySelector("h2 + p").textContent =
    reason ?? "What is left would hardly change a group. Save the review, or correct groups below by hand.";
  done.querySelector(".tick").hidden = Boolean(reason);
  more.hidden = !found?.question;
  onward.hidden = nextPhoto() === null;
}

// The next photo with a question worth asking.
function nextPhoto() {
  const photos = told.photos.map((_, place) => (state.photo + place + 1) % told.photos.length);
  return photos.find((photo) => unitOf(photo) !== currentUnit() && regroup(unitOf(photo))?.numWorth) ?? null;
}
