// htmx swaps #content on one page. An answer that is no such page (sign-in, an error) is opened whole.
// What a page asks for by itself fails quietly: it will ask again.
const isAutomatic = ({ requestConfig }) => "X-Paykassma-Automatic" in requestConfig.headers;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo, requestConfig } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  const answered = new URL(xhr.responseURL || asked, location.href);
  if (requestConfig.verb === "post" && answered.pathname === location.pathname && xhr.status < 400) return; // sent back
  if (xhr.status >= 400 && isAutomatic(event.detail)) return;
  if (xhr.status === 504) return write(event, asked);
  if (xhr.status >= 400 || answered.pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    location.assign(xhr.status >= 400 ? asked : answered);
  }
});

// What took too long is not asked a second time: the page that says so is here.
function write(event, address) {
  event.detail.shouldSwap = false;
  history.pushState(null, "", address);
  document.open();
  document.write(event.detail.xhr.responseText);
  document.close();
}

document.addEventListener("htmx:sendError", (event) => {
  if (isAutomatic(event.detail)) return;
  location.assign(event.detail.pathInfo.finalRequestPath ?? event.detail.pathInfo.requestPath);
});

// What a person does is not lost when the page around it is swapped.

let isAwaited = false; // an answer, which will replace the page

// A [data-pk-kept-open] stays open, and what is in it keeps the focus.
let open = [];
let focused = {};

document.addEventListener("htmx:beforeSwap", () => {
  open = [...document.querySelectorAll("[data-pk-kept-open]:is([open], :popover-open)")].map(({ id }) => id);
  const { id, selectionStart, selectionEnd } = document.activeElement;
  focused = { id, selectionStart, selectionEnd };
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of open) reopen(document.getElementById(id));
  const field = focused.id && document.activeElement === document.body && document.getElementById(focused.id);
  if (!field) return;
  field.focus({ preventScroll: true });
  if (typeof field.selectionStart === "number") field.setSelectionRange(focused.selectionStart, focused.selectionEnd);
});

function reopen(element) {
  if (element?.hasAttribute("popover")) element.showPopover();
  else element?.setAttribute("open", "");
}

// A [data-pk-send-on-change] needs no button: it is sent as soon as one of its boxes is ticked. What
// is ticked while an answer is on its way, which will replace the form, is sent after it.
let unsent = null;

document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-pk-send-on-change]");
  if (form && isAwaited) unsent = new FormData(form);
  else form?.requestSubmit();
});
document.addEventListener("htmx:afterSettle", () => {
  const form = unsent && document.querySelector("[data-pk-send-on-change]");
  if (!form) return;
  for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = unsent.getAll(box.name).includes(box.value);
  unsent = null;
  form.requestSubmit();
});

// What has a name of its own and is pressed while an answer is awaited, is pressed on the page that
// comes: it would else ask for a page without what was asked for before.
let pressed = null;

function pressedIn({ triggeringEvent: trigger }) {
  return trigger?.submitter ?? trigger?.target?.closest?.("a");
}

document.addEventListener("htmx:confirm", (event) => {
  const element = pressedIn(event.detail);
  if (!isAwaited || !element?.id) return;
  event.preventDefault();
  pressed = element.id;
});
document.addEventListener("htmx:beforeRequest", () => (isAwaited = true));
for (const end of ["htmx:afterSettle", "htmx:sendAbort", "htmx:timeout"]) {
  document.addEventListener(end, () => {
    isAwaited = false;
    const waiting = pressed && document.getElementById(pressed);
    pressed = null;
    waiting?.click();
  });
}

// The one that was pressed may be gone, as a chip is: then the focus is where the rest of them stands.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) document.getElementById("chips")?.focus({ preventScroll: true });
});
