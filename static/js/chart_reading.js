// A chart is read day by day, by pointer or by arrow keys: its numbers as a tooltip, and spoken.
export const language = document.documentElement.lang;

const day = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });

// Of text, not of a binary fraction: 1.005 is 1.01, as everywhere else in this product.
function written(value, { currency, places }) {
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  return format.format(String(value)) + (currency && `\u00a0${currency}`);
}

function titleOf({ data }, index) {
  const title = day.format(new Date(data.labels[index]));
  return index === data.datasets[0].unfinished ? `${title}, ${data.until}` : title;
}

// The total first, the others by value.
function numbersOf({ data }, index) {
  const rank = ({ style, data: points }) => (style.key === "total" ? Infinity : points[index]);
  return data.datasets
    .slice()
    .sort((a, b) => rank(b) - rank(a))
    .map((dataset) => ({
      label: dataset.label,
      written: written(dataset.data[index], dataset),
      key: dataset.style.key,
    }));
}

function element(tag, text = "") {
  return Object.assign(document.createElement(tag), { textContent: text });
}

function swatch(key) {
  return document.querySelector(`[data-pk-swatch="${key}"]`)?.cloneNode(true) ?? element("span");
}

function newTip() {
  return Object.assign(element("div"), { className: "pk-tip", ariaHidden: "true" }); // it is spoken
}

// Chart.js calls this for each tooltip that it would draw.
export function showTip({ chart, tooltip }) {
  const box = chart.canvas.parentElement;
  const tip = box.querySelector(".pk-tip") ?? box.appendChild(newTip());
  tip.hidden = !tooltip.opacity;
  if (tip.hidden) return;
  const index = tooltip.dataPoints[0].dataIndex;
  const rows = numbersOf(chart, index).flatMap(({ label, written, key }) => [
    swatch(key),
    element("span", label),
    element("b", written),
  ]);
  tip.replaceChildren(element("p", titleOf(chart, index)), ...rows);
  const right = tooltip.caretX + 12;
  const left = Math.max(0, tooltip.caretX - 12 - tip.offsetWidth);
  tip.style.left = `${right + tip.offsetWidth > box.clientWidth ? left : right}px`;
}

function show(chart, ...indices) {
  const active = indices.flatMap((index) => chart.data.datasets.map((_, datasetIndex) => ({ datasetIndex, index })));
  chart.setActiveElements(active);
  chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
  chart.update();
}

function dayBy(key, chart) {
  const last = chart.data.labels.length - 1;
  const now = chart.getActiveElements()[0]?.index;
  const days = {
    ArrowLeft: Math.max(0, (now ?? last + 1) - 1),
    ArrowRight: Math.min(last, (now ?? -1) + 1),
    Home: 0,
    End: last,
  };
  return days[key];
}

// As the table below has it: the transactions of that day.
export function openDay(index) {
  document.querySelectorAll("#days tbody a")[index]?.click();
}

export function readByKeys(box) {
  const spoken = box.querySelector("[data-pk-chart-spoken]");
  const leave = ({ target }) => {
    spoken.textContent = "";
    const chart = globalThis.Chart?.getChart(target);
    if (chart) show(chart);
  };
  box.addEventListener("focusout", leave);
  box.addEventListener("keydown", (event) => {
    const chart = globalThis.Chart?.getChart(event.target);
    if (!chart || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") leave(event);
    if (event.key === "Enter") openDay(chart.getActiveElements()[0]?.index);
    const index = dayBy(event.key, chart);
    if (index === undefined) return;
    event.preventDefault();
    show(chart, index);
    const rows = numbersOf(chart, index).map(({ label, written }) => `${label}: ${written}`);
    spoken.textContent = [titleOf(chart, index), ...rows].join(". ");
  });
}
