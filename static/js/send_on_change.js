// A [data-pk-send-on-change] needs no button: it is sent as soon as one of its boxes is ticked.
let unsent = null; // what was ticked while an answer, which replaces the form, was on its way

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
