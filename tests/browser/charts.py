"""What a person reads of the dashboard in the browser, as numbers."""

import re
from decimal import Decimal

KIND = "Chart.getChart(document.querySelector('.pk-panel canvas')).config.type"
PANELS = """
    () => [...document.querySelectorAll('.pk-panel canvas')].map(canvas => {
        const { labels, datasets } = Chart.getChart(canvas).data;
        return [labels, Object.fromEntries(datasets.map(set => [set.label, set.data])),
                datasets[0].currency];
    })
"""


def panels(page):
    """What Chart.js has drawn: days, label → points, and the currency, of each panel."""
    page.locator('[data-pk-chart-state="drawn"]').wait_for()
    return page.evaluate(PANELS)


def drawn(page):
    """Days, and label → points, of the only panel."""
    [(days, series, _currency)] = panels(page)
    return days, series


def figure(page, card):
    """The number on a card."""
    return number(page.locator(f'[data-pk-card="{card}"] .pk-figure').inner_text())


def number(text):
    return Decimal(re.sub(r"[^\d,]", "", text).replace(",", "."))
