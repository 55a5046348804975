// What a person does to groups by hand. Each action is one or two answers, as docs/review.md says.
const chosen = new Set();

const answerThat = (says, items, others = [], name = "") => ({
  says,
  items: ascending(items),
  others: ascending(others),
  name,
});

// That items do not belong to the groups they are in; empty if they are all of their groups.
function leave(items) {
  const photo = photoOf(items[0]);
  return [...byNumber(items)].flatMap(([number, leaving]) => {
    const rest = number < 0 ? [] : membersOf(number, photo).filter((item) => !items.includes(item));
    return rest.length ? [answerThat("different", leaving, rest)] : [];
  });
}

function split(items) {
  const answers = leave(items);
  if (!answers.length) return tell("There is nothing to split off: no other item is in that group.");
  commit(answers, `${counted(items.length, "item")} split off.`);
}

// Where something is moved to: a group, or an item alone.
function move(items, { number, item }) {
  const photo = photoOf(items[0]);
  const members = number >= 0 ? membersOf(number, photo) : item === null ? [] : [item];
  const moved = items.filter((one) => !members.includes(one));
  if (!moved.length) return tell("It stands there already.");
  if (!members.length) return split(items);
  const said = number >= 0 ? `moved to ${titleOf(number, members)}` : "put together with the other";
  const answers = [...leave(moved), answerThat("same", [...moved, representative(members)])];
  commit(answers, `${counted(moved.length, "item")} ${said}.`);
}

function merge(number, target) {
  const photo = state.photo;
  if (target.number === number) return tell("Choose another group than the one to be merged.");
  const other = target.number >= 0 ? membersOf(target.number, photo) : target.item === null ? [] : [target.item];
  if (!other.length) return tell("Choose a group, or one of the items alone.");
  const answer = answerThat("same", [representative(membersOf(number, photo)), representative(other)]);
  commit([answer], `Group ${number} merged.`);
}

function confirmGroup(number) {
  commit([answerThat("same", membersOf(number, state.photo))], `Group ${number} is all one product.`);
}

function rename(items, text) {
  const [name, number] = [cleanName(text), desk.labels[items[0]]];
  const called = number < 0 ? counted(items.length, "item") : `Group ${number}`;
  if (!name) return tell("A name needs at least one letter; nothing was renamed.");
  if (items.every((item) => nameOf(item) === name)) return tell(`It is called ${name} already.`);
  const isNamesake = (item) => !items.includes(item) && nameKey(nameOf(item)) === nameKey(name);
  const { start, end } = currentUnit();
  const others = Array.from({ length: end - start }, (_, place) => start + place).filter(isNamesake);
  commit(
    [answerThat("name", items, [], name)],
    others.some((item) => number < 0 || desk.labels[item] !== number)
      ? `All that is called ${name} is one product now.`
      : `${called} is called ${name}.`,
  );
}

// Asks for a name in a field after some element; `end` is told when that is over.
function askName(before, items, end) {
  const field = document.createElement("input");
  Object.assign(field, {
    className: "naming",
    value: groupName(items),
    maxLength: 120,
    placeholder: "Name of the product",
  });
  field.setAttribute("aria-label", "Name of the product");
  before.after(field);
  let isOver = false;
  const close = (isSaved) => {
    // The field loses focus when it is removed.
    if (isOver) return;
    isOver = true;
    const text = field.value;
    field.remove();
    if (isSaved) rename(items, text);
    end();
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    // Or Enter would press the button that gets the focus.
    event.preventDefault();
    close(event.key === "Enter");
  });
  field.addEventListener("blur", () =>
    close(cleanName(field.value) !== groupName(items) && cleanName(field.value) !== ""),
  );
  field.select();
}

function nameGroup(entry) {
  const { group } = entry.dataset;
  const tool = () => document.querySelector(`#photo-${state.photo} .entry[data-group="${group}"] [data-does="name"]`);
  askName(entry.querySelector(".group"), membersOf(Number(group), state.photo), () => tool()?.focus());
}

const nameChosen = () => askName(bar.querySelector("p"), [...chosen], () => cancel());

// The bar for chosen items; while a place is looked for it says so, and the next group or item is taken.
let seeking = null;

function choose(item) {
  if (!chosen.delete(item)) chosen.add(item);
  elementOf(item).setAttribute("aria-pressed", String(chosen.has(item)));
  showChosen();
}

function seek(question, take) {
  seeking = take;
  bar.querySelector("p").textContent = question;
  tell(question);
  const isInside = bar.contains(document.activeElement);
  showChosen();
  if (isInside) bar.querySelector('[data-does="cancel"]').focus();
}

function showChosen() {
  bar.hidden = !seeking && !chosen.size;
  document.body.classList.toggle("seeking", seeking !== null);
  for (const button of bar.querySelectorAll('[data-does="split"], [data-does="move"], [data-does="name"]'))
    button.hidden = seeking !== null;
  if (!seeking) bar.querySelector("p").textContent = `${counted(chosen.size, "item")} chosen`;
}

function cancel() {
  seeking = null;
  for (const item of chosen) elementOf(item).setAttribute("aria-pressed", "false");
  chosen.clear();
  showChosen();
}

function takeTarget(element) {
  const [take, target] = [seeking, targetOf(element)];
  cancel();
  take(target);
}

// What lies under the pointer: a group's number, and the item alone if it is one.
function targetOf(element) {
  const number = Number(element.closest("[data-group]").dataset.group);
  const item = element.closest("[data-item]")?.dataset.item;
  return { number, item: number < 0 && item !== undefined ? Number(item) : null };
}

const TOOLS = {
  name: nameGroup,
  merge: (entry) => {
    const number = Number(entry.dataset.group);
    seek(`Which group is the same product as group ${number}?`, (target) => merge(number, target));
  },
  confirm: (entry) => confirmGroup(Number(entry.dataset.group)),
};

function startMoving() {
  const items = [...chosen];
  seek(`Where do the ${counted(items.length, "item")} belong? Choose a group or an item.`, (target) =>
    move(items, target),
  );
}

main.addEventListener("click", (event) => {
  if (!isReviewing()) return;
  const { target } = event;
  const [item, tool] = [target.closest(".item"), target.closest(".tools [data-does]")];
  if (seeking && target.closest("[data-group]")) takeTarget(target);
  else if (item) choose(Number(item.dataset.item));
  else if (tool) TOOLS[tool.dataset.does](tool.closest(".entry"));
  else return;
  // What is chosen here is not to be pinned as well.
  event.stopPropagation();
});
