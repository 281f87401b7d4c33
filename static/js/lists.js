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
