// Draws each [data-pk-chart-url] out of its JSON with Chart.js: one canvas in each of its panels.
const PALETTE = ["#4269d0", "#c2410c", "#0f766e", "#a21caf", "#7a6a00", "#0369a1", "#be123c", "#4d7c0f"];
const TOTAL = "#1b1f24";
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const MARKS = ["circle", "rect", "triangle", "rectRot", "star", "crossRot", "cross", "dash"];

const language = document.documentElement.lang;

function written(value, currency) {
  if (!currency) return new Intl.NumberFormat(language).format(value);
  const { maximumFractionDigits: places } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const amount = new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  return `${amount.format(value)} ${currency}`;
}

function drawn(dataset, kind) {
  const place = dataset.colour ?? 0;
  const colour = dataset.colour === null ? TOTAL : PALETTE[place % PALETTE.length];
  const isUnfinished = (index) => index === dataset.unfinished;
  const dash = dataset.colour === null ? [] : DASHES[Math.floor(place / 2) % DASHES.length];
  return {
    ...dataset,
    borderColor: colour,
    backgroundColor: kind === "bar" ? dataset.data.map((_, i) => (isUnfinished(i) ? `${colour}66` : colour)) : colour,
    borderWidth: kind === "bar" ? 0 : dataset.colour === null ? 2.5 : 1.5,
    borderDash: dash,
    pointStyle: kind === "bar" ? "rect" : dataset.colour === null ? "circle" : MARKS[place % MARKS.length],
    pointRadius: dataset.data.length > 60 ? 0 : 3,
    // Today is not over: the way to its point is dashed.
    segment: { borderDash: (part) => (isUnfinished(part.p1DataIndex) ? [3, 4] : dash) },
  };
}

function options(unit, unfinished) {
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    scales: {
      x: { ticks: { maxRotation: 0, callback(_, i) { return dayOf(this.getLabelForValue(i)); } } },
      y: { beginAtZero: true, title: { display: Boolean(unit), text: unit }, ticks: { callback: (value) => new Intl.NumberFormat(language).format(value) } },
    },
    plugins: {
      legend: { position: "bottom", labels: { usePointStyle: true, boxHeight: 7 } },
      tooltip: {
        callbacks: {
          title: ([item]) => dayOf(item.label) + (item.dataIndex === unfinished ? " …" : ""),
          label: (item) => `${item.dataset.label}: ${written(item.parsed.y, item.dataset.currency)}`,
        },
      },
    },
  };
}

function dayOf(iso) {
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(iso));
}

function drawPanel(panel, kind, labels, datasets) {
  const canvas = panel.appendChild(document.createElement("canvas"));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", panel.dataset.pkName);
  new Chart(canvas, {
    type: kind,
    data: { labels, datasets: datasets.map((dataset) => drawn(dataset, kind)) },
    options: options(datasets[0].currency || datasets[0].panel, datasets[0].unfinished),
  });
}

async function draw(box) {
  const failure = box.querySelector("[data-pk-chart-failure]");
  failure.hidden = true;
  box.dataset.pkChartState = "drawing";
  try {
    erase(box);
    const answer = await fetch(box.dataset.pkChartUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { labels, datasets } = await answer.json();
    if (!box.isConnected) return; // another page was swapped in meanwhile
    for (const panel of box.querySelectorAll("[data-pk-panel]")) {
      const ofPanel = datasets.filter((dataset) => dataset.panel === panel.dataset.pkPanel);
      if (ofPanel.length) drawPanel(panel, box.dataset.pkChartKind, labels, ofPanel);
    }
    box.dataset.pkChartState = "drawn";
  } catch {
    failure.hidden = false;
    box.dataset.pkChartState = "failed";
  }
}

function erase(box) {
  for (const canvas of box.querySelectorAll("canvas")) {
    Chart.getChart(canvas)?.destroy();
    canvas.remove();
  }
}

function drawAll() {
  for (const box of document.querySelectorAll('[data-pk-chart-state="loading"]')) draw(box);
}

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-pk-chart-retry]")) draw(event.target.closest("[data-pk-chart-url]"));
});
document.addEventListener("change", (event) => {
  event.target.closest("[data-pk-send-on-change]")?.requestSubmit();
});
document.addEventListener("htmx:beforeSwap", () => {
  document.querySelectorAll("[data-pk-chart-url]").forEach(erase);
});
document.addEventListener("htmx:afterSwap", drawAll);
drawAll();
