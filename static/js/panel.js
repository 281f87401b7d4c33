// A transaction beside its list: its page, in a panel. The address is the transaction's own, so it
// can be shared, and Back closes the panel.
const DETAIL = /\/payments\/transactions\/\d+\/$/;

const panel = document.createElement("section");
panel.className = "pk-aside";
panel.id = "panel";
panel.tabIndex = -1;
panel.hidden = true;
panel.setAttribute("role", "dialog");
document.body.append(panel);

let list = null; // address and title of the list behind it
let opener = null; // the link that has the focus again at the end
let asked = null; // the last address: an answer to an earlier one comes too late

export function open(link) {
  if (panel.hidden) list = { address: location.href, title: document.title };
  opener = link;
  show(link.href);
}

async function show(address, options) {
  asked = address;
  const answer = await fetch(address, options).catch(() => null);
  if (asked !== address) return;
  const shown = answer && new URL(answer.url);
  if (!answer?.ok || !shown.pathname.startsWith("/payments/transactions/")) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await addStyles(page);
  fill(page);
  if (DETAIL.test(shown.pathname)) remember(shown.pathname + shown.search);
  mark();
}

// A page has styles that its list lacks.
function addStyles(page) {
  const isNew = ({ href }) => ![...document.styleSheets].some((each) => each.href === href);
  const links = [...page.querySelectorAll("link[rel=stylesheet]")].filter(isNew);
  return Promise.all(links.map((link) => new Promise((done) => {
    link.onload = link.onerror = done;
    document.head.append(link);
  })));
}

function fill(page) {
  panel.replaceChildren(...page.getElementById("content").children);
  const back = panel.querySelector("[data-pk-back]");
  back.replaceWith(closeButton(back.dataset.pkClose));
  const heading = panel.querySelector("h1");
  const title = document.createElement("h2");
  title.id = "panel-title";
  title.append(...heading.childNodes);
  heading.replaceWith(title);
  panel.setAttribute("aria-labelledby", title.id);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.title = page.title;
  (panel.querySelector("[aria-invalid=true]") ?? panel).focus({ preventScroll: true });
}

function closeButton(word) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-icon";
  button.textContent = "✕";
  button.setAttribute("aria-label", word);
  button.title = word;
  button.addEventListener("click", close);
  return button;
}

function remember(address) {
  const state = { pkPanel: true };
  if (history.state?.pkPanel) history.replaceState(state, "", address);
  else history.pushState(state, "", address);
}

// The row that is shown, in the list.
function mark() {
  for (const link of document.querySelectorAll("[data-pk-row-link]")) {
    const isShown = !panel.hidden && link.pathname === location.pathname;
    link.closest("tr").classList.toggle("pk-opened", isShown);
    if (!isShown) continue;
    opener = link;
    link.closest("tr").scrollIntoView({ block: "nearest" });
  }
}

function close() {
  if (history.state?.pkPanel) history.back();
  else hide();
}

function hide() {
  panel.hidden = true;
  panel.replaceChildren();
  asked = null;
  document.title = list.title;
  mark();
  const link = opener?.isConnected ? opener : document.querySelector(`[data-pk-row-link][href="${opener?.getAttribute("href")}"]`);
  (link ?? document.getElementById("content")).focus({ preventScroll: true });
}

// Before htmx, which would load the list anew.
addEventListener("popstate", (event) => {
  if (event.state?.pkPanel) show(location.href);
  else if (panel.hidden || location.href !== list.address) return;
  else hide();
  event.stopImmediatePropagation();
}, { capture: true });

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || panel.hidden || event.defaultPrevented) return;
  close();
});

panel.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || !isPlain(event) || link.origin !== location.origin || !DETAIL.test(link.pathname)) return;
  event.preventDefault();
  show(link.href);
});

panel.addEventListener("submit", (event) => {
  event.preventDefault();
  const { action, method } = event.target;
  show(action, { method, body: new FormData(event.target) });
});

// The list behind it has been swapped: the same list anew stays behind it, another one takes its place.
document.addEventListener("htmx:afterSettle", mark);
document.addEventListener("htmx:pushedIntoHistory", ({ detail }) => {
  if (panel.hidden) return;
  if (new URL(detail.path, location).href === list.address) history.replaceState({ pkPanel: true }, "", asked);
  else hide();
});

function isPlain({ button, ctrlKey, metaKey, shiftKey, altKey }) {
  return button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey;
}
