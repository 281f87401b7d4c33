// "/" or Ctrl-K leads to the search box of any page. Its list is loaded when the box is first used.
const box = document.getElementById("search-box");

function isTyping({ target }) {
  return target.closest?.("input, select, textarea, [contenteditable]");
}

// By the place of the key, too: on a Russian keyboard neither letter is where its key says.
function opensBox(event) {
  if (event.altKey || event.isComposing) return false;
  const hasCommand = event.ctrlKey || event.metaKey;
  if (hasCommand) return !event.shiftKey && event.code === "KeyK";
  return !isTyping(event) && (event.key === "/" || (event.code === "Slash" && !event.shiftKey));
}

if (box) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !opensBox(event)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  box.addEventListener("focus", () => import("./search_options.js").then(({ openFor }) => openFor(box)), { once: true });
}
