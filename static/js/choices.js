// What is chosen in the filters goes along with whatever leads to another address of the page, so
// that no field shows a value that the rows below it do not have.

const FIELDS = ".pk-fields :is(input, select)[name]";
const applied = new WeakMap(); // field → its value in the address of the rows

export const fields = () => [...document.querySelectorAll(FIELDS)];

// As the server wrote it. Options are replaced later, and a browser fills in what it remembers.
function written(field) {
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
}

export const isUnsent = (field) => applied.has(field) && field.value !== applied.get(field);

function remember() {
  for (const field of fields()) applied.set(field, written(field));
}

// A [data-pk-sets] leads to other values of these by itself.
function unsent(element) {
  const own = element?.closest("[data-pk-sets]")?.dataset.pkSets.split(" ") ?? [];
  const changed = fields().filter(isUnsent);
  return changed.filter(({ name }) => !own.includes(name)).map(({ name, value }) => [name, value]);
}

// From their first page on: of other conditions there may be no such page.
function change(parameters, choices) {
  for (const [name, value] of choices) parameters.set(name, value);
  if (choices.length) parameters.delete("page");
}

export function withChoices(address, element) {
  const there = new URL(address, location.href);
  change(there.searchParams, unsent(element));
  return there.pathname + there.search;
}

// A field that sets nothing need not stand in the address. An empty day is all days, though, and what
// the form only carries along may say "none" so.
function leaveOutUnset(form, parameters) {
  for (const { name, value, type } of form.elements) {
    if (name && !value && !["date", "hidden"].includes(type)) parameters.delete(name);
  }
}

const leadsElsewhere = (path) => new URL(path, location.href).pathname !== location.pathname;

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target.matches("[data-pk-apply]")) leaveOutUnset(target, detail.formData);
  if (target.matches(".pk-filters, [data-pk-reset]") || leadsElsewhere(detail.path)) return;
  if (target.matches("form")) change(detail.formData, unsent(target));
  else detail.path = withChoices(detail.path, target);
});
document.addEventListener("submit", ({ target }) => {
  if (target.matches("main form:has([name=next])")) target.elements.next.value = withChoices(target.elements.next.value, target);
});

// What is typed while an answer is awaited, which will replace the form, stays in it, to be sent.
let late = null;

document.addEventListener("htmx:beforeRequest", () => (late = new Map()));
document.addEventListener("input", ({ target }) => {
  if (late && target.matches(FIELDS)) late.set(target.name, target.value);
});
document.addEventListener("htmx:afterSwap", () => {
  remember();
  for (const field of fields()) if (late?.has(field.name)) field.value = late.get(field.name);
});
for (const end of ["htmx:afterSettle", "htmx:sendAbort", "htmx:timeout"]) {
  document.addEventListener(end, () => (late = null));
}

// A page that is come back to, or reloaded, has the choices of its rows, and not those of its last moment.
addEventListener("pageshow", ({ persisted }) => {
  const type = performance.getEntriesByType("navigation")[0]?.type;
  if (!persisted && !["back_forward", "reload"].includes(type)) return;
  for (const form of document.querySelectorAll("main form[method=get]")) form.reset();
});
remember();
