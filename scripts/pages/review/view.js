// Draws a photo and its list anew from the labels of its items; the marks and classes are those that Python writes.
const SVG = "http://www.w3.org/2000/svg";
const drawn = new Map();

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// The look that the page was made with, in this photo or another; a new group gets one that the photo has not yet.
function lookOf(number, photo) {
  const own = told.looks[photo];
  if (number in own) return own[number];
  const isNew = (look) =>
    !Object.values(own).some(({ colour, dashes }) => colour === look.colour && dashes === look.dashes);
  const made = told.looks.find((looks) => number in looks)?.[number];
  own[number] = made && isNew(made) ? made : (told.palette.find(isNew) ?? told.palette[number % told.palette.length]);
  return own[number];
}

function paint(element, number, photo) {
  element.style.setProperty("--colour", lookOf(number, photo).colour);
  element.style.setProperty("--on-colour", lookOf(number, photo).text_colour);
}

function paintLine(line, number, photo) {
  const { dashes } = lookOf(number, photo);
  if (dashes) line.setAttribute("stroke-dasharray", dashes);
  return line;
}

function byNumber(items) {
  const groups = new Map();
  for (const item of items) {
    const number = desk.labels[item];
    groups.set(number, [...(groups.get(number) ?? []), item]);
  }
  // Those alone come last.
  return new Map([...groups].sort(([one], [two]) => (one < 0) - (two < 0) || one - two));
}

function median(values) {
  const sorted = values.sort((one, two) => one - two);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function gapsOf(boxes) {
  return [0, 1].map((axis) => told.gaps[axis] * median(boxes.map((box) => box[axis + 2] - box[axis])));
}

// Draws a photo unless it already shows these labels.
function draw(photo) {
  const labels = itemsOf(photo)
    .map((item) => desk.labels[item])
    .join();
  if ((drawn.get(photo) ?? labelsAtStart(photo).join()) === labels) return;
  drawn.set(photo, labels);
  const section = document.getElementById(`photo-${photo}`);
  const { boxes } = told.photos[photo];
  const layout = { gaps: gapsOf(boxes), bridgesOthers: told.bridgesOthers };
  const groups = byNumber(itemsOf(photo));
  const places = [...groups].flatMap(([number, items]) =>
    number < 0
      ? []
      : placesOf(
          items.map((item) => item - starts[photo]),
          boxes,
          layout,
        ).map((place) => ({ number, ...place })),
  );
  drawAreas(section, photo, places);
  drawBoxes(section, photo, boxes);
  drawBadges(section, photo, places, boxes);
  section.querySelector(".facts").textContent = extentOf(boxes.length, groups, places.length);
  tellSwitch(photo, groups);
}

function extentOf(numItems, groups, numPlaces) {
  const numAlone = groups.get(-1)?.length ?? 0;
  const numGroups = groups.size - (numAlone ? 1 : 0);
  const words = `${counted(numItems, "item")}, ${counted(numGroups, "group")} in ${counted(numPlaces, "place")}`;
  return numAlone ? `${words}, ${numAlone} alone` : words;
}

function drawAreas(section, photo, places) {
  const canvas = section.querySelector(".stage > svg");
  for (const old of canvas.querySelectorAll(".area")) old.remove();
  const inset = Math.max(told.photos[photo].width, told.photos[photo].height) / 700;
  const size = (place) => place.shapes.reduce((sum, box) => sum + (box[2] - box[0]) * (box[3] - box[1]), 0);
  for (const place of places.sort((one, two) => size(two) - size(one))) {
    const d = outlineOf(place.shapes, inset);
    const area = svg("g", { class: "area", "data-group": place.number, tabindex: -1, role: "button" });
    area.append(svg("path", { class: "halo", d }), paintLine(svg("path", { class: "fill", d }), place.number, photo));
    area.setAttribute("aria-label", `Group ${place.number}, ${counted(place.members.length, "item")}`);
    paint(area, place.number, photo);
    canvas.append(area);
  }
}

function drawBoxes(section, photo, boxes) {
  const canvas = section.querySelector(".stage > svg");
  for (const old of canvas.querySelectorAll(".box")) old.remove();
  const area = ([x1, y1, x2, y2]) => (x2 - x1) * (y2 - y1);
  const order = [...boxes.keys()].sort((one, two) => area(boxes[two]) - area(boxes[one]));
  for (const place of order) {
    const [x, y, right, bottom] = boxes[place];
    const item = starts[photo] + place;
    const number = desk.labels[item];
    const note = `${told.ids[photo][place]}: ${number < 0 ? "alone" : titleOf(number, [item])}`;
    const shape = {
      x,
      y,
      width: right - x,
      height: bottom - y,
      "data-group": number,
      "data-note": note,
      "data-item": item,
    };
    canvas.append(svg("rect", { class: number < 0 ? "box alone" : "box", ...shape }));
  }
}

function drawBadges(section, photo, places, boxes) {
  const stage = section.querySelector(".stage");
  for (const old of stage.querySelectorAll(".badge")) old.remove();
  const { width, height } = told.photos[photo];
  const points = badgePlaces(places, boxes, told.photos[photo]);
  for (const [place, { number }] of places.entries()) {
    const badge = document.createElement("span");
    const [x, y] = points[place];
    Object.assign(badge, { className: "badge", textContent: number, ariaHidden: "true" });
    badge.dataset.group = number;
    badge.style.cssText = `--x:${(100 * x) / width}%;--y:${(100 * y) / height}%;--scale:1`;
    paint(badge, number, photo);
    stage.append(badge);
  }
}

function tellSwitch(photo, groups) {
  const button = switcher?.querySelector(`[data-photo="${photo}"]`);
  if (!button) return;
  const numbers = [...groups.keys()].filter((number) => number >= 0);
  button.dataset.groups = numbers.join(" ");
  const [name, old] = button.querySelector("span").childNodes;
  old?.remove();
  name.after(`${counted(itemsOf(photo).length, "item")}, ${counted(numbers.length, "group")}`);
}

const titleOf = (number, items) => {
  const name = groupName(items);
  return name ? `${name} (group ${number})` : `group ${number}`;
};
