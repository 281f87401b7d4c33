import re
from decimal import Decimal

CANVAS = ".pk-panel canvas"
KIND = f"Chart.getChart(document.querySelector('{CANVAS}')).config.type"
PANELS = f"""
    () => [...document.querySelectorAll('{CANVAS}')].map(canvas => {{
        const {{ labels, datasets }} = Chart.getChart(canvas).data;
        return [labels, Object.fromEntries(datasets.map(set => [set.label, set.data])),
                datasets[0].currency];
    }})
"""
# Of each series of the first panel: its label, colour, dash and mark, and today's.
SERIES = f"""
    () => {{
        const chart = Chart.getChart(document.querySelector('{CANVAS}'));
        return chart.data.datasets.map((set, place) => {{
            const points = chart.getDatasetMeta(place).data;
            const first = points[0].options, last = points.at(-1).options;
            return {{
                label: set.label, key: set.style.key, kind: set.type, stack: set.stack,
                colour: set.borderColor, dash: (set.borderDash ?? []).join(' '),
                mark: [first.pointStyle, first.rotation, first.backgroundColor].join(' '),
                bar: first.backgroundColor, barToday: last.backgroundColor,
                wayToToday: set.segment?.borderDash({{ p1DataIndex: set.firstUnfinished }}),
            }};
        }});
    }}
"""
# Of each piece in the legend: key → the name beside it, its colour and dash.
LEGEND = """
    () => Object.fromEntries([...document.querySelectorAll('.pk-legend [data-pk-swatch]')].map(
        swatch => [swatch.dataset.pkSwatch, {
            name: swatch.parentElement.innerText.trim(),
            colour: getComputedStyle(swatch).color,
            dash: swatch.querySelector('[stroke-dasharray]')?.getAttribute('stroke-dasharray'),
        }]))
"""
TICKS = f"""
    axis => Chart.getChart(document.querySelector('{CANVAS}')).scales[axis].ticks
        .map(tick => [tick.value, [tick.label].flat().join(' ')])
"""


def wait_until_drawn(page):
    page.locator('[data-pk-chart-state="drawn"]').wait_for()


def panels(page):
    """Return what Chart.js has drawn in each panel: days, label → points, and the currency."""
    wait_until_drawn(page)
    return page.evaluate(PANELS)


def drawn(page):
    [(days, series, _currency)] = panels(page)
    return days, series


def series(page):
    wait_until_drawn(page)
    return page.evaluate(SERIES)


def legend(page):
    return page.evaluate(LEGEND)


def ticks(page, axis):
    wait_until_drawn(page)
    return page.evaluate(TICKS, axis)


def table(page):
    """Rows of the table by day, as text: a day, and a figure for each series; headings first."""
    rows = page.locator(".pk-days tr").all()
    return [[plain(cell) for cell in row.locator("th, td").all_text_contents()] for row in rows]


def tip(page):
    """The tooltip: its title, and label → number."""
    shown = page.locator(".pk-tip:visible")
    numbers = zip(shown.locator("span").all(), shown.locator("b").all(), strict=True)
    return shown.locator("p").inner_text(), {
        label.inner_text(): plain(number.inner_text()) for label, number in numbers
    }


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


def figure(page, card):
    return number(page.locator(f'[data-pk-card="{card}"] .pk-figure').inner_text())


def number(text):
    return Decimal(re.sub(r"[^\d,]", "", text).replace(",", "."))
