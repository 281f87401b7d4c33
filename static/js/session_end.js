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
  if (await isOver()) location.replace(withChoices(location.href));
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
