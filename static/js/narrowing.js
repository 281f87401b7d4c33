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
