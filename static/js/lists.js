// A press on "copy" copies.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-pk-copy]");
  if (button) copy(button);
});

// The link of a row lies over all of it: it says the title of what it covers.
document.addEventListener("mousemove", ({ target, clientX, clientY }) => {
  if (!target.matches("[data-pk-row-link]")) return;
  const covered = document.elementsFromPoint(clientX, clientY).find((element) => element !== target && element.title);
  target.title = covered?.title ?? "";
});

// A row opens beside its list where there is room; what a browser does with links stays.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-pk-row-link]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || !matchMedia("(min-width: 1024px)").matches) return;
  event.preventDefault();
  const { open } = await import("./panel.js");
  open(link);
});

// What has not been used is not loaded. The keys of rows are: the first press would be lost.
function refreshBySelf() {
  if (Number(document.querySelector("[data-pk-every]")?.dataset.pkEvery)) import("./refresh.js");
}

document.addEventListener("htmx:afterSettle", refreshBySelf);
refreshBySelf();

// Previous and next by k and j, on a transaction's page and in the panel: there before the list's own.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
  const steps = document.querySelectorAll("[data-pk-step]");
  const step = [...steps].find((link) => link.getAttribute("aria-keyshortcuts") === event.key);
  if (steps.length && "jk".includes(event.key)) event.stopImmediatePropagation();
  step?.click();
}, { capture: true });

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.pkCopy);
  const spoken = document.querySelector("[data-pk-copied-word]");
  button.dataset.pkCopied = spoken.textContent = spoken.dataset.pkCopiedWord;
  setTimeout(() => {
    delete button.dataset.pkCopied;
    spoken.textContent = "";
  }, 1500);
}
