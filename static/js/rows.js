// A row opens what the link in it opens; a press on "copy" copies. Links work without this.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pk-copy]");
  if (button) copy(button);
  else if (opensRow(event)) event.target.closest("tr").querySelector("[data-pk-row-link]").click();
});

function opensRow(event) {
  const row = event.target.closest("tbody tr:has([data-pk-row-link])");
  const isSelecting = String(getSelection()) !== "";
  return row && !isSelecting && !event.target.closest("a, button, input, label");
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.pkCopy);
  const spoken = document.querySelector("[data-pk-copied-word]");
  button.dataset.pkCopied = spoken.textContent = spoken.dataset.pkCopiedWord;
  setTimeout(() => {
    delete button.dataset.pkCopied;
    spoken.textContent = "";
  }, 1500);
}
