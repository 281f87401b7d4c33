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

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.pkCopy);
  const spoken = document.querySelector("[data-pk-copied-word]");
  button.dataset.pkCopied = spoken.textContent = spoken.dataset.pkCopiedWord;
  setTimeout(() => {
    delete button.dataset.pkCopied;
    spoken.textContent = "";
  }, 1500);
}
