// A [data-pk-every] asks for the rows of its list again by itself: not in a hidden tab, nor while
// something else is being done, and so that scroll, focus and selection stay.
import { fields, isUnsent } from "./choices.js";
import { nameOf, tell } from "./rows.js";

const PARTS = [".pk-found", ".pk-table tbody", ".pk-refresh time"];
const news = () => document.querySelector("[data-pk-every]");
const rowsOf = (page) => [...page.querySelectorAll(".pk-table tbody tr")];
let timer;
let isDue = false;

function wait() {
  clearTimeout(timer);
  const seconds = Number(news()?.dataset.pkEvery);
  if (seconds) timer = setTimeout(refresh, seconds * 1000);
}

function isBusy() {
  const open = document.querySelector("dialog[open], #panel:not([hidden]), .htmx-request, main :popover-open");
  return open !== null || fields().some(isUnsent);
}

async function refresh() {
  isDue = document.hidden;
  if (isDue) return;
  if (!isBusy()) await ask(location.href);
  wait();
}

// Without an answer the rows stay as they are, with the time at which they were so.
async function ask(address) {
  const headers = { "X-Paykassma-Automatic": "yes" }; // it is no sign of anybody
  const answer = await fetch(address, { headers }).catch(() => null);
  if (!answer?.ok || location.href !== address || isBusy()) return;
  if (new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url);
  show(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function show(page) {
  const isAlike = PARTS.every((part) => !document.querySelector(part) === !page.querySelector(part));
  if (!isAlike) return document.getElementById("refresh").click();
  const before = new Map(rowsOf(document).map((row) => [nameOf(row), row]));
  const anchor = rowsOf(document).find((row) => row.getBoundingClientRect().bottom > 0);
  const top = anchor?.getBoundingClientRect().top;
  const focused = document.activeElement.closest(".pk-table tbody tr");
  const openDetails = document.querySelector("#currencies[open]") !== null;
  for (const part of PARTS) document.querySelector(part)?.replaceWith(page.querySelector(part));
  document.getElementById("currencies")?.toggleAttribute("open", openDetails);
  const fresh = rowsOf(document).filter((row) => !before.has(nameOf(row)));
  for (const row of rowsOf(document)) keep(row, before.get(nameOf(row)), focused);
  for (const row of fresh) row.setAttribute("data-pk-new", "");
  if (fresh.length) news().textContent = `${news().dataset.pkWord} ${fresh.length}`;
  const same = anchor && rowsOf(document).find((row) => nameOf(row) === nameOf(anchor));
  if (same && scrollY > 0) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
  tell();
}

function keep(row, earlier, focused) {
  if (!earlier) return;
  for (const mark of ["data-pk-selected", "data-pk-new"]) row.toggleAttribute(mark, earlier.hasAttribute(mark));
  if (earlier === focused) row.querySelector("[data-pk-row-link]")?.focus({ preventScroll: true });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && isDue) refresh();
});
document.addEventListener("htmx:afterSettle", wait);
wait();
