// Draws each [data-pk-chart-url] out of its JSON with Chart.js, one canvas in each of its panels.
import { openPoint, readByKeys } from "./chart_reading.js";

let drawing; // brings Chart.js, as heavy as all the rest: fetched when the page is there to be read
const answers = new WeakMap(); // what a box was drawn of: to draw it in other colours

async function load(box) {
  const failure = box.querySelector("[data-pk-chart-failure]");
  failure.hidden = true;
  box.dataset.pkChartState = "drawing";
  try {
    const request = fetch(box.dataset.pkChartUrl, { headers: { Accept: "application/json" } });
    const [answer, look] = await Promise.all([request, import("./chart_look.js"), document.fonts.ready]);
    if (!answer.ok) throw new Error(`${answer.status}`);
    drawing = look;
    answers.set(box, await answer.json());
    if (!box.isConnected) return; // another page was swapped in meanwhile
    draw(box);
    box.dataset.pkChartState = "drawn";
    box.querySelector("[data-pk-chart-newer]").hidden = answers.get(box).fingerprint === box.dataset.pkChartFingerprint;
  } catch {
    failure.hidden = false;
    box.dataset.pkChartState = "failed";
  }
}

function draw(box, scheme) {
  const { labels, datasets: all, ...axis } = answers.get(box);
  const datasets = all.map((dataset, column) => ({ ...dataset, column })); // of the table
  const colours = drawing.palette(box, scheme);
  for (const panel of box.querySelectorAll("[data-pk-panel]")) {
    const ofPanel = datasets.filter((dataset) => dataset.panel === panel.dataset.pkPanel);
    const canvas = panel.querySelector("canvas");
    Chart.getChart(canvas)?.destroy();
    const look = { kind: box.dataset.pkChartKind, colours, axis };
    if (ofPanel.length) new Chart(canvas, drawing.configuration(labels, ofPanel, look));
  }
}

function redraw(scheme) {
  for (const box of document.querySelectorAll('[data-pk-chart-state="drawn"]')) draw(box, scheme);
}

function loadAll() {
  for (const box of document.querySelectorAll('[data-pk-chart-state="loading"]')) {
    readByKeys(box);
    load(box);
  }
}

async function retry(box) {
  await load(box);
  if (box.dataset.pkChartState === "drawn") box.querySelector("canvas").focus();
}

function press(event) {
  if (event.target.matches(".pk-panel canvas")) openPoint(globalThis.Chart?.getChart(event.target), event);
}

document.addEventListener("auxclick", (event) => {
  if (event.button === 1) press(event);
});
document.addEventListener("click", (event) => {
  press(event);
  const picture = event.target.closest("[data-pk-picture]");
  if (picture) import("./chart_picture.js").then(({ save }) => save(picture, drawing.palette(picture)));
  if (event.target.matches("[data-pk-chart-retry]")) retry(event.target.closest("[data-pk-chart-url]"));
});
document.addEventListener("htmx:beforeSwap", () => {
  for (const canvas of document.querySelectorAll("[data-pk-panel] canvas")) globalThis.Chart?.getChart(canvas)?.destroy();
});
document.addEventListener("htmx:afterSwap", loadAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());
addEventListener("beforeprint", () => redraw("light")); // paper is
addEventListener("afterprint", () => redraw());
loadAll();
