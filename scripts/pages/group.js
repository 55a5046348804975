"use strict";

// One group is shown at a time: the pinned one, else the one pointed at. All that is lit or dimmed follows from this.
const state = { photo: 0, section: null, pointed: null, pinned: null, note: null };
const across = document.body.dataset.across === "true";
const main = document.querySelector("main");
const switcher = document.querySelector("nav");
const narrow = matchMedia("(max-width: 59.99rem)");
const hint = matchMedia("(pointer: coarse)").matches
  ? "Tap a place or a group to see where it stands."
  : "Point at a place or a group. A click keeps it, Escape lets go.";

const groupOf = (target) => target.closest("[data-group]")?.dataset.group ?? null;

function show() {
  const { section, pinned } = state;
  const marked = [...section.querySelectorAll("[data-group]")];
  const wanted = pinned ?? state.pointed;
  // A pinned group may be missing from this photo; then nothing is dimmed.
  const group = marked.some((element) => element.dataset.group === wanted) ? wanted : null;
  for (const element of marked) element.classList.toggle("lit", element.dataset.group === group);
  for (const button of section.querySelectorAll(".group")) {
    button.setAttribute("aria-pressed", String(pinned !== null && groupOf(button) === pinned));
  }
  section.classList.toggle("dim", group !== null);
  cutVeil();
  section.querySelector(".note").textContent =
    state.note ?? section.querySelector(".entry.lit .group")?.getAttribute("aria-label") ?? hint;
  showInSwitcher(wanted);
}

// The veil over the photo is open where the shown group stands.
function cutVeil() {
  const shapes = state.section.querySelectorAll(".area.lit .halo, .box.alone.lit, .asked");
  state.section.querySelector(".cut").replaceChildren(...[...shapes].map((shape) => shape.cloneNode()));
  for (const copy of state.section.querySelectorAll(".cut *")) copy.removeAttribute("class");
}

function showInSwitcher(group) {
  if (!switcher || !across) return;
  const holds = (button) => button.dataset.groups.split(" ").includes(group);
  const buttons = [...switcher.children];
  switcher.classList.toggle("dim", buttons.some(holds));
  for (const button of buttons) button.classList.toggle("holds", holds(button));
}

// Draws a part of a photo, x1 y1 x2 y2 in its pixels, as large as fits.
function drawPart(canvas, picture, [x1, y1, x2, y2], width, height) {
  const scale = Math.min(width / (x2 - x1), height / (y2 - y1));
  const density = Math.min(2, devicePixelRatio);
  canvas.width = Math.max(1, Math.round((x2 - x1) * scale * density));
  canvas.height = Math.max(1, Math.round((y2 - y1) * scale * density));
  canvas.style.width = `${canvas.width / density}px`;
  canvas.style.height = `${canvas.height / density}px`;
  const paint = () => {
    // The picture may be smaller than the photo.
    const zoom = picture.naturalWidth / picture.getAttribute("width");
    const part = [x1, y1, x2 - x1, y2 - y1].map((value) => value * zoom);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, ...part, 0, 0, canvas.width, canvas.height);
  };
  if (picture.complete) paint();
  else picture.addEventListener("load", paint, { once: true });
}

// The crops of the list, cut from the photo.
const THUMBNAIL = 56;
function drawThumbnails(section) {
  const picture = section.querySelector(".picture");
  for (const canvas of section.querySelectorAll("canvas[data-box]")) {
    drawPart(canvas, picture, canvas.dataset.box.split(" ").map(Number), THUMBNAIL, THUMBNAIL);
    canvas.removeAttribute("data-box");
  }
}

function openPhoto(index) {
  const waiting = document.getElementById(`later-${index}`);
  if (waiting) waiting.replaceWith(waiting.content);
  state.photo = Number(index);
  state.section = document.getElementById(`photo-${index}`);
  drawThumbnails(state.section);
  for (const section of main.querySelectorAll(".photo")) section.hidden = section !== state.section;
  for (const button of switcher?.children ?? []) {
    button.setAttribute("aria-pressed", String(button.dataset.photo === String(index)));
    if (button.dataset.photo === String(index)) button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const first = state.section.querySelector(".area");
  first?.setAttribute("tabindex", "0");
  state.pointed = state.note = null;
  if (!across) state.pinned = null;
  show();
  main.dispatchEvent(new Event("photoopen"));
}

function reveal() {
  state.section.querySelector(".entry.lit")?.scrollIntoView({ block: "nearest" });
}

function point(target) {
  const group = groupOf(target);
  const note = target.dataset.note ?? null;
  if (group === state.pointed && note === state.note) return;
  [state.pointed, state.note] = [group, note];
  show();
  // On a narrow page this would move the page itself under the finger.
  if (group !== null && state.pinned === null && !narrow.matches && target.closest(".stage")) reveal();
}

function letGo() {
  [state.pointed, state.pinned, state.note] = [null, null, null];
  show();
}

main.addEventListener("pointerover", (event) => point(event.target));
main.addEventListener("pointerleave", () => {
  [state.pointed, state.note] = [null, null];
  show();
});
main.addEventListener("focusin", (event) => {
  if (event.target.matches(".area")) {
    // One area at a time takes part in the order of the tab key; arrows lead to the others.
    for (const area of state.section.querySelectorAll(".area")) area.setAttribute("tabindex", "-1");
    event.target.setAttribute("tabindex", "0");
  }
  if (event.target.matches(":focus-visible")) point(event.target);
});
main.addEventListener("focusout", () => {
  [state.pointed, state.note] = [null, null];
  show();
});

document.addEventListener("click", (event) => {
  const group = groupOf(event.target);
  const photo = event.target.closest("button[data-photo]");
  if (photo) {
    state.pinned = group ?? state.pinned;
    openPhoto(photo.dataset.photo);
    // The way taken from a group is now hidden; go on from the same group here.
    if (group !== null) state.section.querySelector(".entry.lit .group")?.focus();
    return;
  }
  state.pinned = group === state.pinned ? null : group;
  state.note = event.target.dataset?.note ?? null;
  show();
  if (state.pinned !== null && event.target.closest(".stage")) reveal();
});

const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

// The nearest of the others in the direction of an arrow; straight on counts more than sideways.
function neighbour(element, [dx, dy]) {
  const roam = element.closest("[data-roam]");
  if (!roam) return null;
  const centre = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  const [x, y] = centre(element.getBoundingClientRect());
  let [best, least] = [null, Infinity];
  for (const other of roam.querySelectorAll(roam.dataset.roam)) {
    const [u, v] = centre(other.getBoundingClientRect());
    const [ahead, aside] = [(u - x) * dx + (v - y) * dy, Math.abs((u - x) * dy) + Math.abs((v - y) * dx)];
    if (ahead > 2 && ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") letGo();
  const step = STEPS[event.key];
  const target = step && !event.altKey && !event.ctrlKey && !event.metaKey && neighbour(event.target, step);
  if (target) {
    event.preventDefault();
    target.focus();
  }
  // The browser does not treat a drawn area as a button.
  if ((event.key === "Enter" || event.key === " ") && event.target.matches(".area")) {
    event.preventDefault();
    event.target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  }
});

openPhoto(0);
// A link from another page shows its group.
state.pinned = location.hash.match(/^#group-(\d+)$/)?.[1] ?? null;
if (state.pinned !== null) {
  show();
  reveal();
}
