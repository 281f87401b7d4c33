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

// A wallet belongs to one wallet type: choosing the type asks for its wallets, and for nothing else.
document.addEventListener("change", async ({ target }) => {
  if (target.id !== "id_payment_system") return;
  const asked = target.value;
  const answer = await fetch(`?${new URLSearchParams({ payment_system: asked })}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const offered = page.getElementById("id_wallet");
  if (!offered || target.value !== asked) return;
  const wallets = document.getElementById("id_wallet");
  wallets.replaceChildren(...offered.children);
  wallets.value = ""; // any of them: an option that is moved takes being chosen along
});
