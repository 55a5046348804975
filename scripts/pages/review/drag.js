// Dragging an item, with all others that are chosen, to a group, to an item alone, or to a place in the photo. A mouse
// takes it at once; a finger or a pen holds it for a moment first, as without that it scrolls.
let drag = null;
const FIRM = 6;
const HOLD = 350;
const EDGE = 56;

main.addEventListener("pointerdown", (event) => {
  const item = event.target.closest(".item");
  if (!isReviewing() || seeking || drag || !item || event.button !== 0) return;
  const { pointerId, pointerType, clientX, clientY } = event;
  drag = { item: Number(item.dataset.item), pointerId, start: event, at: { clientX, clientY }, ghost: null, hold: null };
  if (pointerType !== "mouse") drag.hold = setTimeout(lift, HOLD);
});

addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.pointerId) return;
  const isFirm = Math.hypot(event.clientX - drag.start.clientX, event.clientY - drag.start.clientY) >= FIRM;
  drag.at = event;
  if (!drag.ghost && !isFirm) return;
  if (!drag.ghost && drag.hold) return endDrag();
  lift();
  drag.isMoved ||= isFirm;
});

addEventListener("pointerup", (event) => {
  if (event.pointerId !== drag?.pointerId) return;
  const [dropped, place] = [drag.isMoved && drag, placeUnder(event)];
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
// What is held is dragged: it neither scrolls nor opens a menu.
main.addEventListener("touchmove", (event) => drag?.ghost && event.cancelable && event.preventDefault(), { passive: false });
main.addEventListener("contextmenu", (event) => drag && event.preventDefault());

const placeUnder = ({ clientX, clientY }) =>
  document.elementFromPoint(clientX, clientY)?.closest(".photo [data-group]");

function lift() {
  const { clientX, clientY } = drag.at;
  if (!drag.ghost) {
    drag.ghost = ghostOf(drag.item);
    // Or all that a finger moves over would count as the item that it touched first, and no group would be lit.
    const { target } = drag.start;
    if (target.hasPointerCapture(drag.pointerId)) target.releasePointerCapture(drag.pointerId);
    requestAnimationFrame(scrollOn);
  }
  drag.ghost.style.translate = `${clientX}px ${clientY}px`;
  markTarget(placeUnder(drag.at)?.closest(".entry") ?? null);
}

// Near the upper and lower edge the list scrolls on: what the item is dropped on may be out of sight.
function scrollOn() {
  if (!drag?.ghost) return;
  const [list, room] = [".groups", ".room"].map((part) => state.section.querySelector(part).getBoundingClientRect());
  const [top, bottom] = narrow.matches ? [room.bottom, innerHeight] : [list.top, list.bottom];
  const { clientX, clientY } = drag.at;
  const isInside = clientX >= list.left && clientY >= top;
  const step = !isInside ? 0 : clientY < top + EDGE ? -10 : clientY > bottom - EDGE ? 10 : 0;
  const scrolled = narrow.matches ? document.scrollingElement : state.section.querySelector(".groups");
  if (step) {
    scrolled.scrollBy({ top: step, behavior: "instant" });
    lift();
  }
  requestAnimationFrame(scrollOn);
}

function ghostOf(item) {
  const [canvas, ghost] = [elementOf(item).firstElementChild, document.createElement("canvas")];
  Object.assign(ghost, { width: canvas.width, height: canvas.height, className: "ghost" });
  ghost.style.cssText = `width: ${canvas.style.width}; height: ${canvas.style.height}`;
  ghost.getContext("2d").drawImage(canvas, 0, 0);
  document.body.append(ghost);
  return ghost;
}

function endDrag() {
  clearTimeout(drag?.hold);
  drag?.ghost?.remove();
  drag = null;
  markTarget(null);
}

function markTarget(element) {
  for (const marked of main.querySelectorAll(".target")) marked.classList.remove("target");
  element?.classList.add("target");
}
