// What a person does is not lost when the page around it is swapped.

// A [data-pk-kept-open] that he has opened stays open.
let open = [];

document.addEventListener("htmx:beforeSwap", () => {
  open = [...document.querySelectorAll("[data-pk-kept-open][open]")].map((details) => details.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
});

// A [data-pk-send-on-change] needs no button: it is sent as soon as one of its boxes is ticked. What
// is ticked while an answer is on its way, which will replace the form, is sent after it.
let unsent = null;

document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-pk-send-on-change]");
  if (form?.matches(".htmx-request")) unsent = new FormData(form);
  else form?.requestSubmit();
});
document.addEventListener("htmx:afterSettle", () => {
  const form = unsent && document.querySelector("[data-pk-send-on-change]");
  if (!form) return;
  for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = unsent.getAll(box.name).includes(box.value);
  unsent = null;
  form.requestSubmit();
});
