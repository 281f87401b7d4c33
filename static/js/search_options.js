// The list under the search box: recent searches, pages and completions. A combobox of WAI-ARIA's
// Authoring Practices: the focus stays in the box, arrows choose, Enter opens, Escape closes.
const DELAY = 120; // milliseconds without a key

const list = document.createElement("div");
const said = document.createElement("p");
const answers = new Map(); // what was typed → what it was offered
let box, awaited, timer;

export function openFor(element) {
  box = element;
  Object.assign(list, { id: "search-options", className: "pk-search-options", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.getAttribute("aria-label"));
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  box.after(list, said);
  const attributes = { role: "combobox", "aria-controls": list.id, "aria-autocomplete": "list", "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  box.addEventListener("focus", show);
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, DELAY);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", press);
  box.addEventListener("paste", paste);
  // Before the box loses its focus, which would close the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")));
  show();
}

// An input would join the lines of a column to one number.
function paste(event) {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\r\n\t]/.test(text)) return;
  event.preventDefault();
  box.setRangeText(text.trim().replace(/[\r\n\t]+/g, " "), box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

async function show() {
  const typed = box.value;
  const answer = answers.get(typed) ?? (await ask(typed));
  if (!answer || box.value !== typed || document.activeElement !== box) return;
  answers.set(typed, answer);
  list.replaceChildren(...answer.groups.map(group));
  options().forEach((option, number) => (option.id = `search-option-${number}`));
  list.hidden = !answer.groups.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  box.removeAttribute("aria-activedescendant");
  said.textContent = answer.said;
}

async function ask(typed) {
  awaited?.abort();
  awaited = new AbortController();
  const address = `${box.dataset.pkOffers}?${new URLSearchParams({ q: typed })}`;
  try {
    const answer = await fetch(address, { signal: awaited.signal, headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null; // the box works without a list
  }
}

function group({ title, options }, number) {
  const element = document.createElement("div");
  const heading = document.createElement("div");
  element.setAttribute("role", "group");
  element.setAttribute("aria-labelledby", (heading.id = `search-group-${number}`));
  Object.assign(heading, { className: "pk-search-heading", textContent: title });
  element.append(heading, ...options.map(option));
  return element;
}

function option({ label, hint, href, text }) {
  const element = document.createElement("div");
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", "false");
  element.textContent = label;
  if (href) element.dataset.pkHref = href;
  else element.dataset.pkText = text;
  if (hint) {
    const quiet = document.createElement("span");
    quiet.textContent = hint;
    element.append(quiet);
  }
  return element;
}

function press(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && active() && !list.hidden) {
    event.preventDefault();
    choose(active());
  } else if (event.key === "Escape") {
    // The first press closes the list; the next empties the box, and leaves it when it is empty.
    event.preventDefault();
    if (!list.hidden) return close();
    if (box.value) box.value = "";
    else box.blur();
  }
}

// Beyond either end nothing is chosen: Enter looks for what is typed.
function move(event, step) {
  event.preventDefault();
  if (list.hidden) return show();
  const all = options();
  const places = all.length + 1;
  const next = (all.indexOf(active()) + 1 + step + places) % places;
  select(all[next - 1]);
}

function select(chosen) {
  for (const option of options()) option.setAttribute("aria-selected", String(option === chosen));
  if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
  else box.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function choose(option) {
  if (option?.dataset.pkHref) return location.assign(option.dataset.pkHref);
  if (!option) return;
  box.value = option.dataset.pkText;
  show();
}

function close() {
  awaited?.abort();
  clearTimeout(timer);
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}
