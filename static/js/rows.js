// The rows of a list by keys: j and k walk, Enter opens, x selects, ? tells. What is selected can be copied and summed,
// as far as the list has numbers and amounts: the page says which.
const rows = () => [...document.querySelectorAll(".pk-cards-of-rows tbody tr")];
const selected = () => rows().filter((row) => row.hasAttribute("data-pk-selected"));
const place = (row) => row.querySelector("[data-pk-row-link]") ?? Object.assign(row, { tabIndex: -1 });
export const nameOf = (row) => row.querySelector("[data-pk-row-link]")?.pathname ?? row.textContent;
const bar = () => document.getElementById("selection");
const decimal = document.documentElement.lang === "ru" ? "," : ".";

function current() {
  return document.activeElement?.closest(".pk-cards-of-rows tbody tr");
}

function walk(by) {
  const all = rows();
  const at = all.indexOf(current());
  const row = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  if (!row) return;
  place(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function select() {
  const row = current();
  if (!row || !bar()) return;
  row.toggleAttribute("data-pk-selected");
  tell();
}

// Ten thousandths, so that sums are exact.
function units(written) {
  const [whole, part = ""] = written.replace("−", "-").replace(new RegExp(`[^\\d${decimal}-]`, "g"), "").split(decimal);
  return BigInt(whole + part.padEnd(4, "0"));
}

function sums() {
  const found = new Map();
  const places = {};
  for (const row of selected()) {
    const money = row.querySelector(".pk-money");
    if (!money) continue;
    const currency = money.querySelector(".pk-currency").textContent.trim();
    const sign = row.querySelector(".pk-outgoing") ? "− " : row.querySelector(".pk-incoming") ? "+ " : "";
    const written = money.textContent.replace(currency, "").trim();
    const key = `${sign}|${currency}`;
    found.set(key, (found.get(key) ?? 0n) + units(written));
    places[currency] = written.split(decimal)[1]?.length ?? 0; // as the server writes them
  }
  return [...found].map(([key, amount]) => {
    const [sign, currency] = key.split("|");
    const digits = amount.toString().padStart(5, "0");
    const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`;
    const options = { minimumFractionDigits: places[currency], maximumFractionDigits: places[currency] };
    return `${sign}${new Intl.NumberFormat(document.documentElement.lang, options).format(text)} ${currency}`;
  });
}

export function tell() {
  const count = selected().length;
  if (!bar()) return;
  bar().hidden = !count;
  bar().querySelector("[data-pk-selection]").textContent = [`${bar().dataset.pkWord} ${count}`, ...sums()].join(" · ");
}

async function copyNumbers(button) {
  const texts = selected().map((row) => (row.querySelector("[data-pk-row-link]") ?? row.querySelector("[data-pk-column=number]")).textContent.trim());
  await navigator.clipboard.writeText(texts.join("\n"));
  document.querySelector("[data-pk-copied-word]").textContent = button.dataset.pkDone;
}

const acts = { j: () => walk(1), k: () => walk(-1), x: select, "?": () => document.getElementById("keys")?.showModal() };

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || !acts[key]) return;
  if (target.closest("input, select, textarea, dialog, [contenteditable], :popover-open, #panel")) return;
  event.preventDefault();
  acts[key]();
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-pk-keys]")) acts["?"]();
  const copying = target.closest("[data-pk-copy-selected]");
  if (copying) copyNumbers(copying);
  if (!target.closest("[data-pk-unselect]")) return;
  for (const row of selected()) row.removeAttribute("data-pk-selected");
  tell();
});
