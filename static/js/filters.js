// In a [data-pk-apply] a choice applies as it is made: a drop-down's at once, a text when it is left.
// While an answer is awaited it waits for the page that comes, which it would else do without.
import { fields, isUnsent } from "./choices.js";

const IN_FORM = "[data-pk-apply] .pk-fields";
const CHOICE = `${IN_FORM} :is(select, [type=date])`;
const isAwaited = () => document.querySelector(".htmx-request") !== null;
let isByKeys = false; // arrows pass over choices, digits over days: they apply at Enter, or when left

function apply(field) {
  if (!isUnsent(field) || isAwaited()) return;
  if (field.validity.badInput) field.reportValidity(); // half a date is none: it would ask for all days
  else field.form.requestSubmit();
}

document.addEventListener("pointerdown", () => (isByKeys = false));
document.addEventListener("keydown", ({ target, key }) => {
  if (!target.matches(CHOICE)) return;
  isByKeys = key !== "Enter";
  if (key === "Enter") apply(target);
});
document.addEventListener("change", ({ target }) => {
  if (target.id === "id_payment_system") document.getElementById("id_wallet").value = ""; // it is of one type
  if (target.matches(CHOICE) && !isByKeys) apply(target);
});
document.addEventListener("focusout", ({ target }) => {
  isByKeys = false;
  if (target.matches(`${IN_FORM} *`)) apply(target);
});
document.addEventListener("htmx:afterSettle", () => {
  const field = fields().find((each) => isUnsent(each) && each !== document.activeElement && each.matches(`${IN_FORM} *`));
  if (field) apply(field);
});
