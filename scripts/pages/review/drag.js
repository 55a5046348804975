// Dragging an item, with all others that are chosen, to a group, to an item alone, or to a place in the photo.
let drag = null;
const FIRM = 5;

main.addEventListener("pointerdown", (event) => {
  const item = event.target.closest(".item");
  // A finger scrolls the list; it chooses items and the bar moves them.
  if (!isReviewing() || seeking || !item || event.button !== 0 || event.pointerType === "touch") return;
  drag = { item: Number(item.dataset.item), x: event.clientX, y: event.clientY, ghost: null };
});

addEventListener("pointermove", (event) => {
  if (!drag || (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FIRM)) return;
  drag.ghost ??= ghostOf(drag.item);
  drag.ghost.style.translate = `${event.clientX}px ${event.clientY}px`;
  markTarget(placeUnder(event)?.closest(".entry") ?? null);
});

addEventListener("pointerup", (event) => {
  const [dropped, place] = [drag?.ghost && drag, placeUnder(event)];
  endDrag();
  if (!dropped) return;
  // The click that follows would choose the item, or pin its group.
  addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
  setTimeout(() => dispatchEvent(new Event("click")));
  const items = chosen.has(dropped.item) ? [...chosen] : [dropped.item];
  cancel();
  if (place) move(items, targetOf(place));
});

addEventListener("pointercancel", endDrag);

const placeUnder = ({ clientX, clientY }) =>
  document.elementFromPoint(clientX, clientY)?.closest(".photo [data-group]");

function ghostOf(item) {
  const [canvas, ghost] = [elementOf(item).firstElementChild, document.createElement("canvas")];
  Object.assign(ghost, { width: canvas.width, height: canvas.height, className: "ghost" });
  ghost.style.cssText = `width: ${canvas.style.width}; height: ${canvas.style.height}`;
  ghost.getContext("2d").drawImage(canvas, 0, 0);
  document.body.append(ghost);
  return ghost;
}

function endDrag() {
  drag?.ghost?.remove();
  drag = null;
  markTarget(null);
}

function markTarget(element) {
  for (const marked of main.querySelectorAll(".target")) marked.classList.remove("target");
  element?.classList.add("target");
}
