// How Chart.js is told to draw: series, axes and marks, in the colours of the page's tokens.
import "../chart.js/dist/chart.umd.min.js"; // sets Chart
import { hourOf, language, markNearest, momentOf, showTip } from "./chart_reading.js";

const SERIES = ["total", "rest", 1, 2, 3, 4, 5, 6, 7, 8].map((name) => `series-${name}`);
const MARK = 4; // radius
const MARKS_ON_A_LINE = 31;
const LABEL_WIDTH = 64;

const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
const compact = new Intl.NumberFormat(language, { maximumFractionDigits: 6, notation: "compact" });
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

// The tokens as they are in the theme that is shown, or in `scheme`.
export function palette(box, scheme = "") {
  const probe = box.appendChild(document.createElement("span"));
  probe.style.colorScheme = scheme;
  const resolved = ["paper", "ink", "quiet", "line", ...SERIES].map((token) => {
    probe.style.color = `var(--pk-${token})`;
    return [token, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(resolved);
}

export function configuration(labels, datasets, { kind, colours, axis }) {
  const isAlone = datasets.length === 1;
  const isBar = ({ style }) => kind === "bar" && (isAlone || style.key !== "total");
  return {
    type: kind,
    data: { labels, axis, datasets: datasets.map((dataset) => ({ ...numeric(dataset), ...(isBar(dataset) ? bars : line)(dataset, colours, kind) })) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      layout: { padding: { top: 8 } },
      scales: { x: slots(kind, colours, datasets[0], axis), y: amounts(kind, colours, datasets[0]) },
      plugins: { legend: { display: false }, tooltip: { enabled: false, external: showTip } },
    },
    plugins: [pointer, eventLines(colours, axis.events), dayLine(colours), ...(kind === "bar" ? [marksInBars(colours)] : [])],
  };
}

// A place on the canvas needs no more digits than a number has; what is written is of the texts.
function numeric(dataset) {
  return { ...dataset, texts: dataset.data, data: dataset.data.map((text) => (text === null ? null : Number(text))) };
}

function line(dataset, colours, kind) {
  const { key, colour, dash, shape, rotation, hollow } = dataset.style;
  const ink = colours[`series-${colour}`];
  const hasMarks = dataset.data.length <= MARKS_ON_A_LINE;
  return {
    type: "line",
    borderColor: ink,
    borderWidth: key === "total" ? 2.5 : 1.5,
    borderDash: dash,
    // The way to a day that is not over is dotted.
    segment: { borderDash: (part) => (part.p1DataIndex >= dataset.firstUnfinished ? [2, 5] : undefined) },
    pointStyle: shape,
    pointRotation: rotation,
    pointRadius: ({ dataIndex }) => (hasMarks || isBetweenUnknown(dataset.data, dataIndex) ? MARK : 0),
    pointHoverRadius: MARK + 1.5,
    pointBorderColor: ink,
    pointBorderWidth: 1.5,
    pointBackgroundColor: hollow ? colours.paper : ink,
    stack: dataset.label, // it stands on nothing, also beside bars
    order: key === "total" && kind === "line" ? 1 : -1, // under other lines, where one of them is all; over bars
  };
}

// Between two days that are not known no line leads to it.
function isBetweenUnknown(points, index) {
  return [index - 1, index + 1].every((beside) => (points[beside] ?? null) === null);
}

function bars(dataset, colours) {
  const ink = colours[`series-${dataset.style.colour}`];
  const faint = Chart.helpers.color(ink).alpha(0.3).rgbString();
  const shade = ({ dataIndex }) => (dataIndex >= dataset.firstUnfinished ? faint : ink);
  return {
    backgroundColor: shade,
    hoverBackgroundColor: shade,
    borderColor: colours.paper,
    borderWidth: { top: 1 },
    barPercentage: 0.94,
    maxBarThickness: 56,
    type: "bar",
    stack: "systems",
  };
}

function slots(kind, colours, { firstUnfinished, data }, { step, unfinished }) {
  const isOne = data.length === 1;
  return {
    stacked: kind === "bar",
    offset: kind === "bar" || isOne, // a single point stands in the middle, not on the axis
    grid: { display: false },
    border: { color: colours.line },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      color: colours.quiet,
      callback(index) {
        const label = this.getLabelForValue(index);
        if (step === "month") return monthOf(label, index === 0, index === firstUnfinished ? unfinished : "");
        const written = day.format(momentOf(label));
        if (!hourOf(label)) return index === firstUnfinished ? [written, unfinished] : written;
        return [hourOf(label), index === firstUnfinished ? unfinished : written];
      },
    },
    // As many as there is room for, counted from the last day: today is always named.
    afterBuildTicks(scale) {
      const last = scale.ticks.length - 1;
      const every = Math.ceil(((last + 1) * LABEL_WIDTH) / scale.chart.width);
      scale.ticks = scale.ticks.filter((_, index) => (last - index) % every === 0);
    },
  };
}

// The year where it begins.
function monthOf(label, isFirst, note) {
  const at = momentOf(label);
  const year = isFirst || at.getUTCMonth() === 0 ? `${at.getUTCFullYear()}` : "";
  return [month.format(at), year, note].filter(Boolean);
}

function amounts(kind, colours, { places }) {
  return {
    stacked: kind === "bar",
    beginAtZero: true,
    border: { display: false },
    grid: { color: colours.line, drawTicks: false },
    ticks: {
      color: colours.quiet,
      padding: 8,
      maxTicksLimit: 6,
      precision: places ? undefined : 0,
      callback(value) {
        return (this.max < 1e6 ? plain : compact).format(value);
      },
    },
  };
}

const pointer = {
  id: "pointer",
  afterEvent(chart, { event }) {
    if (event.type === "mousemove") markNearest(chart, event);
  },
};

// The day that is being read, as a line.
const dayLine = (colours) => ({
  id: "dayLine",
  beforeDatasetsDraw({ ctx, chartArea, tooltip }) {
    if (!tooltip?.opacity) return;
    ctx.fillStyle = colours.quiet;
    ctx.fillRect(Math.round(tooltip.caretX), chartArea.top, 1, chartArea.height);
  },
});

// Where a payment system was switched on or off: the words stand in tooltip and table.
const eventLines = (colours, events) => ({
  id: "eventLines",
  beforeDatasetsDraw({ ctx, chartArea, scales }) {
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colours.ink;
    ctx.setLineDash([2, 3]);
    for (const place of events) {
      const x = Math.round(scales.x.getPixelForValue(place)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - 4, chartArea.top - 6);
      ctx.lineTo(x + 4, chartArea.top - 6);
      ctx.lineTo(x, chartArea.top);
      ctx.fill();
    }
    ctx.restore();
  },
});

// Each part of a bar has its mark, where there is room: without colour bars are told apart, too.
const marksInBars = (colours) => ({
  id: "marksInBars",
  afterDatasetsDraw(chart) {
    const { ctx, data } = chart;
    for (const [place, dataset] of data.datasets.entries()) {
      if (dataset.type !== "bar") continue;
      const { colour, shape, rotation, hollow } = dataset.style;
      const ink = colours[`series-${colour}`];
      for (const [index, { x, y, base, width }] of chart.getDatasetMeta(place).data.entries()) {
        if (base - y < MARK * 2 + 4 || width < MARK * 2 + 2) continue;
        ctx.strokeStyle = index >= dataset.firstUnfinished ? ink : colours.paper;
        ctx.fillStyle = hollow ? "transparent" : ctx.strokeStyle;
        const mark = { pointStyle: shape, rotation, radius: MARK, borderWidth: 1.5 };
        Chart.helpers.drawPoint(ctx, mark, x, (y + base) / 2);
      }
    }
  },
});
