import { withChoices } from "./choices.js";

// A page is not left on the screen when its session has ended: sign-in takes its place, and says so.
const { pkIdleSeconds, pkAsk } = document.querySelector("[data-pk-idle-seconds]").dataset;
const IDLE = (Number(pkIdleSeconds) + 1) * 1000;
const AGAIN = 60_000; // another page of the same session has kept it alive

let timer;
let due;

function wait(milliseconds) {
  due = Date.now() + milliseconds;
  clearTimeout(timer);
  timer = setTimeout(look, milliseconds);
}

async function look() {
  wait(AGAIN);
  if (!(await isOver())) return;
  await keepTyped();
  location.replace(withChoices(location.href));
}

// Told to be automatic, so that it is kept for after sign-in, and never done.
async function keepTyped() {
  const form = [...document.querySelectorAll("[data-pk-kept]")].find(isChanged);
  if (!form) return;
  const body = new URLSearchParams(new FormData(form));
  const headers = { "X-Paykassma-Automatic": "yes" };
  await fetch(form.action, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
}

function isChanged(form) {
  return [...form.elements].some((field) =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT" ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue && field.matches("input:not([type=hidden])"),
  );
}

// Asked so that the question itself is no sign of anybody. Without an answer it counts as over.
async function isOver() {
  const headers = { "X-Paykassma-Automatic": "yes" };
  const asked = fetch(pkAsk, { method: "HEAD", headers, redirect: "manual", cache: "no-store" });
  const answer = await asked.catch(() => null);
  return !answer?.ok;
}

document.addEventListener("htmx:afterRequest", () => wait(IDLE));
// Another tab shows a page of the signed-out.
new BroadcastChannel("paykassma").addEventListener("message", look);
// Timers stand still while the computer sleeps.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() >= due) look();
});
wait(IDLE);
