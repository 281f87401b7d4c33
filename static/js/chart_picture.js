// Saves what is drawn as a PNG that says by itself what it shows: of whom, of when, and which line is which.
const EDGE = 24;
const LINE = 22;
const SAMPLE = 26;
const FONT = getComputedStyle(document.body).fontFamily;

export async function save(button, colours) {
  const panels = [...document.querySelectorAll(".pk-panel")];
  const canvas = draw(panels, button.dataset, colours);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await new Promise((done) => canvas.toBlob(done, "image/png")));
  link.download = `${button.dataset.pkFile}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function draw(panels, { pkTitle, pkPlace }, colours) {
  const charts = panels.map((panel) => Chart.getChart(panel.querySelector("canvas"))).filter(Boolean);
  const width = Math.max(...charts.map((chart) => chart.width)) + 2 * EDGE;
  const legend = rowsOf(charts, width);
  const heights = charts.map((chart) => chart.height + LINE);
  const height = 2 * EDGE + LINE * (2.5 + legend.length) + heights.reduce((sum, each) => sum + each, 0);
  const scale = devicePixelRatio || 1;
  const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
  const ctx = canvas.getContext("2d");
  ctx.scale(scale, scale);
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, width, height);
  write(ctx, pkTitle, EDGE, EDGE + 14, colours.ink, "600 16px");
  write(ctx, pkPlace, EDGE, EDGE + 14 + LINE, colours.quiet, "13px");
  let top = EDGE + LINE * 2.5;
  for (const row of legend) {
    for (const entry of row) drawEntry(ctx, entry, top, colours);
    top += LINE;
  }
  for (const [place, chart] of charts.entries()) {
    const caption = chart.canvas.closest("figure").querySelector("figcaption").textContent;
    write(ctx, caption, EDGE, top + 14, colours.quiet, "500 13px");
    ctx.drawImage(chart.canvas, EDGE, top + LINE, chart.width, chart.height);
    top += heights[place];
  }
  return canvas;
}

// One entry for each series, in as many rows as they need.
function rowsOf(charts, width) {
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.font = `13px ${FONT}`;
  const series = new Map(charts.flatMap((chart) => chart.data.datasets).map((set) => [set.style.key, set]));
  const rows = [[]];
  let left = EDGE;
  for (const { label, style } of series.values()) {
    const taken = SAMPLE + 8 + ctx.measureText(label).width + 20;
    if (left + taken > width - EDGE && rows.at(-1).length) {
      rows.push([]);
      left = EDGE;
    }
    rows.at(-1).push({ label, style, left });
    left += taken;
  }
  return rows;
}

function drawEntry(ctx, { label, style, left }, top, colours) {
  const ink = colours[`series-${style.colour}`];
  const middle = top + 9;
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.fillStyle = style.hollow ? colours.paper : ink;
  ctx.lineWidth = 1.5;
  ctx.setLineDash(style.dash);
  ctx.beginPath();
  ctx.moveTo(left, middle);
  ctx.lineTo(left + SAMPLE, middle);
  ctx.stroke();
  ctx.setLineDash([]);
  const mark = { pointStyle: style.shape, rotation: style.rotation, radius: 4, borderWidth: 1.5 };
  Chart.helpers.drawPoint(ctx, mark, left + SAMPLE / 2, middle);
  ctx.restore();
  write(ctx, label, left + SAMPLE + 8, top + 14, colours.ink, "13px");
}

function write(ctx, text, x, y, colour, font) {
  ctx.font = `${font} ${FONT}`;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
