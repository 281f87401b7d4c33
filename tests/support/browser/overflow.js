// Every text of the page that leaves a box around it, is cut without a word, or cannot be reached; on paper every control.
(isPaper) => {
  const faults = [];
  const style = (element) => getComputedStyle(element);
  const name = (element) =>
    element.tagName.toLowerCase() +
    (element.id ? `#${element.id}` : "") +
    [...element.classList].map((each) => `.${each}`).join("") +
    (element.dataset.pkColumn ? `[${element.dataset.pkColumn}]` : "");
  const isUnseen = (element) =>
    !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ||
    element.closest(".visually-hidden, .pk-skip, option, select, script, style, canvas, svg") ||
    style(element).clipPath !== "none" ||
    style(element).textIndent.startsWith("-999") || // an icon in the place of a word
    element.getBoundingClientRect().width <= 1;
  const isReached = (box) => box.tabIndex >= 0 || box.querySelector("a, button, input, select, [tabindex]");
  const isTold = (element) => element.closest("[title]") !== null;
  const complain = (what, element, text) => faults.push(`${what}: ${name(element)} “${text.slice(0, 40)}”`);

  function judge(text, range) {
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      for (let box = text.parentElement; box && box !== document.documentElement; box = box.parentElement) {
        const look = style(box);
        if (look.display === "contents" || look.display === "inline") continue;
        const edge = box.getBoundingClientRect();
        const isOut = rect.left < edge.left - 1 || rect.right > edge.right + 1;
        if (["auto", "scroll"].includes(look.overflowX)) {
          if (isOut && isPaper) complain("lost on paper", box, text.data.trim());
          else if (isOut && !isReached(box)) complain("no key scrolls", box, text.data.trim());
          break;
        }
        if (["hidden", "clip"].includes(look.overflowX)) {
          if (!isOut) continue;
          const hasDots = look.textOverflow === "ellipsis" || look.webkitLineClamp !== "none";
          const isShort = hasDots && isTold(text.parentElement);
          if (!isShort || isPaper) complain("cut", box, text.data.trim());
          break;
        }
        if (isOut) return complain("leaves", box, text.data.trim());
        if (look.position === "absolute" || look.position === "fixed") break;
      }
      if (faults.length > 20) return;
    }
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() && faults.length < 20) {
    const text = texts.currentNode;
    if (!text.data.trim() || isUnseen(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    judge(text, range);
  }
  if (isPaper) {
    // A choice that is pressed says what is drawn; the names of the API's paths and schemas are buttons.
    const buttons = "button:not([aria-pressed='true'], #swagger-ui *), .btn, nav, .pk-access td:not([data-label])";
    for (const each of document.querySelectorAll(`${buttons}, input, select, textarea`)) {
      if (!isUnseen(each)) complain("a control on paper", each, each.innerText.trim());
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) faults.push(`the page scrolls sideways: ${page.scrollWidth} of ${innerWidth}`);
  return [...new Set(faults)];
}
