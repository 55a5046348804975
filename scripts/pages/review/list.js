// The list of a photo's groups with all their items, each of which can be chosen, moved and named with its group.
// Every item has one element, which wanders from group to group.
const elements = new Map();

function pictureOf(photo) {
  return document.querySelector(`#photo-${photo} .picture`);
}

// Draws an item, as large as fits.
function drawCrop(canvas, item, width, height, margin = 0) {
  const [x1, y1, x2, y2] = boxOf(item);
  const [wide, high] = [margin * (x2 - x1), margin * (y2 - y1)];
  const picture = pictureOf(photoOf(item)) ?? pictureInWaiting(photoOf(item));
  drawPart(canvas, picture, [x1 - wide, y1 - high, x2 + wide, y2 + high], width, height);
}

// The picture of a photo that has not been opened, decoded once.
const waiting = new Map();
function pictureInWaiting(photo) {
  if (!waiting.has(photo)) {
    const { content } = document.getElementById(`later-${photo}`);
    waiting.set(photo, document.importNode(content.querySelector(".picture")));
  }
  return waiting.get(photo);
}

function elementOf(item) {
  if (elements.has(item)) return elements.get(item);
  const button = document.createElement("button");
  const canvas = document.createElement("canvas");
  Object.assign(button, { type: "button", className: "item" });
  button.dataset.item = item;
  button.append(canvas);
  drawCrop(canvas, item, THUMBNAIL, THUMBNAIL);
  elements.set(item, button);
  return button;
}

// Lists the groups of a photo; focus stays with the item or group that has it.
function listGroups(photo) {
  const list = document.querySelector(`#photo-${photo} .groups`);
  const active = list.contains(document.activeElement) ? document.activeElement : null;
  const held = active?.closest(".entry")?.dataset.group;
  const answered = answeredItems();
  const shelf = sharesOf([photo]);
  const entries = [...byNumber(itemsOf(photo))].map(([number, items]) => entryOf(number, items, photo, answered));
  for (const entry of entries.filter((one) => !one.matches(".alone"))) {
    tellShelf(entry.querySelector(".shelf"), Number(entry.dataset.group), shelf);
  }
  if (across) tellStore(entries);
  list.replaceChildren(...entries);
  if (!active) return;
  const own = active.matches(".item") ? active : list.querySelector(`.entry[data-group="${held}"] .group`);
  (own ?? list.querySelector(".group"))?.focus();
}

// What the groups that stand in other photos too have of all of them.
function tellStore(entries) {
  const { shares, total } = sharesOf([...told.photos.keys()]);
  for (const entry of entries) {
    const own = shares.get(Number(entry.dataset.group));
    const sum = document.createElement("span");
    sum.textContent = `in all ${shelfWords(own.facings, own.wide)}, ${percent(own.length / total)}`;
    entry.querySelector(".elsewhere")?.append(sum);
  }
}

function entryOf(number, items, photo, answered) {
  const entry = document.getElementById("entry").content.firstElementChild.cloneNode(true);
  const alone = number < 0;
  const name = alone ? "" : groupName(items);
  entry.dataset.group = number;
  entry.classList.toggle("alone", alone);
  paint(entry, number, photo);
  entry.querySelector(".number").textContent = alone ? "alone" : number;
  if (!alone) entry.querySelector(".key").append(swatchOf(number, photo));
  entry.querySelector(".name").textContent = name;
  entry.querySelector(".extent").textContent = extentOfGroup(number, items);
  entry.querySelector(".tick").hidden = alone || !isConfirmed(items);
  const title = alone ? "Alone" : name ? `Group ${number}, ${name}` : `Group ${number}`;
  const confirmed = entry.querySelector(".tick").hidden ? "" : ", all answered";
  entry.querySelector(".group").setAttribute("aria-label", `${title}: ${extentOfGroup(number, items)}${confirmed}`);
  entry.querySelector(".thumbnails").setAttribute("aria-label", `Items of ${title.toLowerCase()}`);
  entry.querySelector(".thumbnails").append(...items.map((item, place) => itemIn(item, place, title, answered)));
  if (alone) for (const part of entry.querySelectorAll(".tools, .shelf")) part.remove();
  if (!alone && across) entry.append(...elsewhereOf(number, photo));
  return entry;
}

function extentOfGroup(number, items) {
  if (number < 0) return counted(items.length, "item");
  const photo = photoOf(items[0]);
  const { boxes } = told.photos[photo];
  const layout = { gaps: gapsOf(boxes), bridgesOthers: told.bridgesOthers };
  const places = placesOf(
    items.map((item) => item - starts[photo]),
    boxes,
    layout,
  );
  return `${counted(items.length, "item")} in ${counted(places.length, "place")}`;
}

function itemIn(item, place, title, answered) {
  const element = elementOf(item);
  const isChosen = chosen.has(item);
  element.tabIndex = place ? -1 : 0;
  element.setAttribute("aria-pressed", isChosen);
  element.classList.toggle("answered", answered.has(item));
  // In a group the name stands in its heading.
  const name = desk.labels[item] < 0 ? groupName([item]) : "";
  element.dataset.name = name;
  const parts = [
    `Item ${item - starts[photoOf(item)]} of ${title.toLowerCase()}`,
    name,
    answered.has(item) ? "answered" : "",
  ];
  element.setAttribute("aria-label", parts.filter(Boolean).join(", "));
  return element;
}

// What was said something of that still counts.
function answeredItems() {
  return new Set(
    desk.answers.filter(({ says }) => says !== "skip").flatMap(({ items, others }) => [...items, ...others]),
  );
}

function swatchOf(number, photo) {
  const swatch = svg("svg", { class: "swatch", viewBox: "0 0 30 26", "aria-hidden": "true" });
  swatch.append(paintLine(svg("path", { d: "M0 13H30" }), number, photo));
  return swatch;
}

// Links to the other photos that hold a group.
function elsewhereOf(group, photo) {
  const counts = new Map();
  for (const item of membersOf(group, photo)) counts.set(photoOf(item), (counts.get(photoOf(item)) ?? 0) + 1);
  counts.delete(photo);
  if (!counts.size) return [];
  const line = document.createElement("span");
  line.className = "elsewhere";
  line.append("also in");
  for (const [other, number] of counts) {
    const button = document.createElement("button");
    const count = document.createElement("span");
    button.type = "button";
    button.dataset.photo = other;
    count.textContent = number;
    button.append(`${told.photos[other].file} `, count);
    line.append(button);
  }
  return [line];
}
