// htmx swaps #content on one page. An answer that is no such page (sign-in, an error) is opened whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  const answered = new URL(xhr.responseURL || asked, location.href);
  if (xhr.status >= 400 || answered.pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    location.assign(xhr.status >= 400 ? asked : answered);
  }
});

document.addEventListener("htmx:sendError", (event) => {
  location.assign(event.detail.pathInfo.finalRequestPath ?? event.detail.pathInfo.requestPath);
});
