// A chart is read day by day, by pointer or by arrow keys: its numbers as a tooltip, and spoken.
export const language = document.documentElement.lang;

const day = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });

// A label is a day, or an hour of the Client's clock: read as if it were UTC, and written as if it were.
export function momentOf(label) {
  return new Date(label.includes("T") ? `${label}Z` : label);
}

export function hourOf(label) {
  return label.split("T")[1];
}

// Of text, not of a binary fraction: 1.005 is 1.01, and no digit of a trillion is lost.
function written(text, { currency, places }) {
  if (text === null) return "—";
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  return format.format(text) + (currency && `\u00a0${currency}`);
}

// A sum that misses rows says so: it would pass for that of the whole day.
function withNote(figure, note) {
  return note ? `${figure} (${note})` : figure;
}

// Weeks and months in the words of the table.
function titleOf({ data: { labels, axis } }, index) {
  const label = labels[index];
  const isCoarse = axis.step === "week" || axis.step === "month";
  const hour = hourOf(label)?.replace(/(..):00/, "$1:00–$1:59");
  return [isCoarse ? axis.titles[index] : day.format(momentOf(label)), hour, axis.notes[index]].filter(Boolean).join(", ");
}

// The total first, the others by value.
function numbersOf({ data }, index) {
  const rank = ({ style, data: points }) => (style.key === "total" ? Infinity : points[index]);
  return data.datasets
    .slice()
    .sort((a, b) => rank(b) - rank(a))
    .map((dataset) => ({
      label: dataset.label,
      written: withNote(written(dataset.texts[index], dataset), dataset.notes?.[index]),
      key: dataset.style.key,
      column: dataset.column,
    }));
}

// How far a point, or a bar, is from where the pointer is.
function distance({ x, y, base, width }, pointer) {
  if (width === undefined) return Math.abs(pointer.y - y);
  const aside = Math.max(0, Math.abs(pointer.x - x) - width / 2);
  const beyond = Math.max(0, Math.min(y, base) - pointer.y, pointer.y - Math.max(y, base));
  return Math.hypot(aside, beyond);
}

function nearestColumn(chart, index, pointer) {
  const metas = chart.data.datasets.map((dataset, place) => {
    const element = chart.getDatasetMeta(place).data[index];
    return { column: dataset.column, away: element.skip ? Infinity : distance(element, pointer) };
  });
  return metas.reduce((near, next) => (next.away < near.away ? next : near)).column;
}

// Which of the figures of a day a press would open.
export function markNearest(chart, { x, y }) {
  const index = chart.getActiveElements()[0]?.index;
  if (index !== undefined) mark(chart, nearestColumn(chart, index, { x, y }));
}

function mark(chart, column) {
  for (const figure of chart.canvas.parentElement.querySelectorAll(".pk-tip b")) {
    figure.toggleAttribute("data-pk-nearest", figure.dataset.pkColumn === String(column));
  }
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
  const rows = numbersOf(chart, index).flatMap(({ label, written, key, column }) => {
    const figure = element("b", written);
    figure.dataset.pkColumn = column;
    return [swatch(key), element("span", label), figure];
  });
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

// The figure in the table below is the link to its transactions; a press with Ctrl is one there, too.
function openFigure(index, column, { ctrlKey, metaKey, shiftKey } = {}) {
  const link = document.querySelectorAll("#days tbody tr")[index]?.cells[column + 1]?.querySelector("a");
  link?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
}

// What is next to the pointer.
export function openPoint(chart, event) {
  const index = chart?.getElementsAtEventForMode(event, "index", { intersect: false }, true)[0]?.index;
  if (index === undefined) return;
  const pointer = { x: event.offsetX, y: event.offsetY };
  openFigure(index, nearestColumn(chart, index, pointer), event.button === 1 ? { ctrlKey: true } : event);
}

// A date ends with a full stop in some languages: "2026 г."
function nextSentence(said, next) {
  return `${said}${said.endsWith(".") ? "" : "."} ${next}`;
}

function seriesBy(key, numbers, chosen) {
  const place = numbers.findIndex(({ column }) => column === chosen);
  const places = { ArrowDown: Math.min(numbers.length - 1, place + 1), ArrowUp: Math.max(0, place - 1) };
  return numbers[places[key]];
}

export function readByKeys(box) {
  const spoken = box.querySelector("[data-pk-chart-spoken]");
  let chosen; // the column of a series; of the whole day its first
  const leave = ({ target }) => {
    spoken.textContent = "";
    chosen = undefined;
    const chart = globalThis.Chart?.getChart(target);
    if (chart) show(chart);
  };
  box.addEventListener("focusout", leave);
  box.addEventListener("keydown", (event) => {
    const chart = globalThis.Chart?.getChart(event.target);
    if (!chart || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") leave(event);
    const read = chart.getActiveElements()[0]?.index;
    if (event.key === "Enter" && read !== undefined) openFigure(read, chosen ?? numbersOf(chart, read)[0].column, event);
    const series = read !== undefined && seriesBy(event.key, numbersOf(chart, read), chosen);
    if (series) {
      event.preventDefault();
      chosen = series.column;
      mark(chart, chosen);
      spoken.textContent = `${series.label}: ${series.written}`;
    }
    const index = dayBy(event.key, chart);
    if (index === undefined) return;
    event.preventDefault();
    chosen = undefined;
    show(chart, index);
    const rows = numbersOf(chart, index).map(({ label, written }) => `${label}: ${written}`);
    spoken.textContent = [titleOf(chart, index), ...rows].reduce(nextSentence);
  });
}
