"""The sums of a list as HTML, by currency and direction, written in one pass.

Registered as a template builtin in the settings.
"""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from operator import attrgetter

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.formats import amount_html, number
from transactions.models import Direction
from transactions.totals.result import Total, Totals

register = template.Library()


@register.filter
def sums(totals: Totals) -> SafeString:
    by_direction = totals.by_direction()
    by_currency = groupby(totals.by_currency_and_direction(), key=attrgetter("currency"))
    lines = [line("sum", currency, own) for currency, own in by_currency]
    lines.append(line("converted", _("converted"), by_direction))
    return SafeString(heading(by_direction) + "".join(lines))


def heading(by_direction: list[Total]) -> str:
    words = (
        f'<dd class="pk-{t.direction}">{direction_word(t.direction)}</dd>' for t in by_direction
    )
    return f'<div aria-hidden="true"><dt></dt>{"".join(words)}</div>'


def line(kind: str, title: str, totals: Iterable[Total]) -> str:
    shown = "".join(amounts(kind, totals))
    return f'<div class="pk-sums-{kind}"><dt>{escape(title)}</dt>{shown}</div>'


def amounts(kind: str, totals: Iterable[Total]) -> Iterator[str]:
    for total in totals:
        yield (
            f'<dd class="pk-{total.direction}" data-pk-{kind}="{total.direction} {total.currency}">'
            f'<span class="visually-hidden">{direction_word(total.direction)}</span> '
            f"{amount_html(total.known_amount, total.currency)}{unconverted_note(total)}</dd>"
        )


def direction_word(direction: str) -> str:
    return escape(_("pay-ins") if direction == Direction.INCOMING else _("payouts"))


def unconverted_note(total: Total) -> str:
    if not total.unconverted:
        return ""
    note = escape(_("not converted: %(shown)s") % {"shown": number(total.unconverted)})
    return f' <span class="pk-help">{note}</span>'
