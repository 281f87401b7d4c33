"""Every figure of a dashboard as its reader meets it: what it says, and the list that it opens."""

import re
from dataclasses import dataclass
from html import unescape

from paykassma_admin.formats import DASH, figure, number
from tests.support.pages import errors

CELL = re.compile(r"<td>(.*?)</td>", re.DOTALL)
LINK = re.compile(r'<a [^>]*?href="(/payments/transactions/[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
WHY = "Почему"
CARDS = ("sum", "count", "withdrawals")


@dataclass(frozen=True)
class Figure:
    place: str
    says: str
    address: str
    is_count: bool
    currency: str = ""  # of arrival, where it is the sum of what arrived


def figures_of(page):
    """Return the figures of cards, table and legend; raise for one without a link."""
    html = page.content.decode()
    yield from figures_of_cards(html)
    if chart := page.context["chart"].series:
        counts = page.context["filter"].data["measure"] == "count"
        yield from figures_of_table(html, chart, counts)
        yield from figures_of_legend(html, counts)


def figures_of_cards(html):
    for card in CARDS:
        section = html.split(f'data-pk-card="{card}"')[1].split("</section>")[0]
        (address, says), *beside = links(section)
        yield Figure(card, says, address, is_count=card == "count")
        for address, says in list(beside):
            if says.startswith("было "):
                beside.remove((address, says))
                says = says.removeprefix("было ")
                yield Figure(f"{card} before", says, address, is_count=card == "count")
            elif says == "нет данных":
                beside.remove((address, says))
                yield Figure(f"{card} before", "0", address, is_count=True)
        for address, says in beside:
            if counted := re.search(r"\((\d[\d\s]*)\)$", says):
                yield Figure(f"{card}: {says}", counted[1], address, is_count=True)
                says = says[: counted.start()].split(": ")[1].strip()
                yield Figure(f"{card}: {says}", says, address, is_count=False)
            else:
                counted = re.search(r"\d[\d\s]*", says)[0].strip()
                yield Figure(f"{card}: {says}", counted, address, is_count=True)


def figures_of_table(html, chart, counts):
    table = html.split('id="days"')[1]
    cells = CELL.findall(table.split("</table>")[0])
    assert len(cells) % len(chart) == 0
    for place, cell in enumerate(cells):
        series = chart[place % len(chart)]
        [(address, says), *missing] = links(cell)
        name = f"{series.label}, line {place // len(chart)}"
        yield Figure(name, says, address, counts, "" if counts else series.panel)
        for address, says in missing:
            yield Figure(f"{name}: {says}", re.search(r"\d+", says)[0], address, is_count=True)


def figures_of_legend(html, counts):
    legend = html.split('class="pk-legend"')[1].split('class="pk-chart"')[0]
    for address, says in links(legend):
        name, says = says.split(": ")
        panel = re.search(r"arrival_currency=(\w+)", address)
        says = re.sub(r"\s(\(\w+\)|[A-Z]{3})$", "", says)
        yield Figure(name, says, address, counts, panel[1] if panel and not counts else "")


def links(html):
    return [
        (unescape(address), " ".join(unescape(re.sub("<[^>]*>", "", inner)).split()))
        for address, inner in LINK.findall(html)
        if not inner.startswith(WHY)  # that proves the figure beside it
    ]


def as_read(text):
    return re.sub(r"\s+", " ", unescape(text))


def list_figure(page, told):
    assert errors(page) == {}
    totals = page.context["filter"].totals
    if told.is_count:
        return as_read(number(totals.count))
    if told.currency:
        arrived = {t.currency: t.amount for t in totals.by_currency_and_direction()}
        assert set(arrived) <= {told.currency}
        return as_read(
            figure(sum(arrived.values()) if arrived else totals.total().amount * 0, told.currency)
        )
    total = totals.total()
    if total.known_amount is None:
        return DASH
    with_currency = told.says[-1:].isalpha()
    written = figure(total.amount, total.currency)
    return as_read(f"{written} {total.currency}" if with_currency else written)
