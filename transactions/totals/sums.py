"""The sums of a list as HTML, written in one pass: by currency, and what they come to.

Registered as a template builtin in the settings.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.formats import amount_html, number
from paykassma_admin.values.money import places, round_to
from transactions.models import Direction
from transactions.totals.result import Total, Totals
from transactions.totals.shares import Flow, Share, flows

register = template.Library()


@register.filter
def flow_sums(totals: Totals, selection: Any) -> SafeString:
    return SafeString("".join(flow_html(each) for each in flows(selection, totals)))


def flow_html(flow: Flow) -> str:
    total = flow.total
    shares = " · ".join(map(share_html, flow.shares))
    note = "" if adds_up(flow) else f" · {escape(_('each sum is rounded separately'))}"
    parts = f'<span class="pk-shares">{shares}{note}</span>' if shares else ""
    return (
        f'<div class="pk-flow"><dt>{direction_word(total.direction)}</dt>'
        f'<dd class="pk-{total.direction}" data-pk-converted="{total.direction} {total.currency}">'
        f"{link(amount_html(total.known_amount, total.currency), flow.address)}"
        f"{unconverted_note(total)}{parts}</dd></div>"
    )


def adds_up(flow: Flow) -> bool:
    """Return whether the parts come to the sum as they are shown, rounded."""
    digits = places(flow.total.currency)
    whole, *parts = (
        round_to(each.known_amount or Decimal(0), digits)
        for each in (flow.total, *(share.total for share in flow.shares))
    )
    return not parts or sum(parts) == whole


def share_html(share: Share) -> str:
    total = share.total
    amount = link(amount_html(total.known_amount, total.currency), share.address)
    return f"{escape(str(share.words))} {amount}{unconverted_note(total)}"


def link(html: str, address: str) -> str:
    return f'<a href="{escape(address)}">{html}</a>' if address else html


@register.filter
def currency_sums(totals: Totals, selection: Any) -> SafeString:
    by_currency = groupby(totals.by_currency_and_direction(), key=attrgetter("currency"))
    lines = [line(currency, own, selection) for currency, own in by_currency]
    return SafeString("".join(lines))


def line(currency: str, totals: Iterable[Total], selection: Any) -> str:
    return f"<div><dt>{escape(currency)}</dt>{''.join(amounts(totals, selection))}</div>"


def amounts(totals: Iterable[Total], selection: Any) -> Iterator[str]:
    for total in totals:
        rows = selection.replace(direction=total.direction, arrival_currency=total.currency)
        yield (
            f'<dd class="pk-{total.direction}" data-pk-sum="{total.direction} {total.currency}">'
            f'<span class="visually-hidden">{direction_word(total.direction)}</span> '
            f"{link(amount_html(total.known_amount, total.currency), rows.address)}</dd>"
        )


def direction_word(direction: str) -> str:
    return escape(_("pay-ins") if direction == Direction.INCOMING else _("payouts"))


def unconverted_note(total: Total) -> str:
    if not total.unconverted:
        return ""
    note = escape(_("not converted: %(shown)s") % {"shown": number(total.unconverted)})
    return f' <span class="pk-help">{note}</span>'
