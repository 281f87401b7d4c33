"""A transaction's parts as HTML, in a list and on its own page. Everything is escaped here.

What only the language and a code decide is written once.
"""

from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.formats import DASH, amount_html, country_name
from paykassma_admin.lists.tables import LONG, whole
from paykassma_admin.templatetags.copy_button import copy_button
from transactions.models import Direction, Transaction, Type
from wallets.statuses import Status

SIGNS: dict[str, str] = {Direction.INCOMING: "+", Direction.OUTGOING: "−"}


def amount(transaction: Transaction, language: str) -> SafeString:
    """Its sign for the eye and its direction for the ear; the type, where it is not a real one."""
    shown = amount_html(transaction.amount, transaction.currency, language)
    return SafeString(
        f"{sign(transaction.direction, language)}\N{NO-BREAK SPACE}{shown}</span>"
        f" {tag(transaction.type, language)}"
    )


@cache
def sign(direction: str, _language: str) -> str:
    """And the opening of the element that is coloured by it."""
    word = escape(str(Direction(direction).label))
    return (
        f'<span class="pk-{direction}"><span aria-hidden="true">{SIGNS[direction]}</span>'
        f'<span class="visually-hidden">{word}</span>'
    )


@cache
def tag(type_: str, _language: str) -> str:
    word = escape(str(Type(type_).label))
    return "" if type_ == Type.REAL else f'<span class="pk-tag">{word}</span>'


def status(transaction: Transaction, language: str) -> SafeString:
    return mark(transaction.status, language)


@cache
def mark(status: str, _language: str) -> SafeString:
    word = escape(str(Status(status).label))
    return SafeString(f'<span class="pk-status pk-status-{status}">{word}</span>')


def number(transaction: Transaction, language: str, query: str = "") -> str:
    """It opens the transaction; `query`, as HTML, ends the address."""
    address = f"{addresses()}{transaction.pk}/{query}"
    shown, copy = escape(transaction.number), copy_button(transaction.number, language)
    title = f' title="{shown}"' if len(shown) > LONG else ""
    link = f'<a href="{address}" data-pk-row-link{title}>{shown}</a>'
    return f'<div class="pk-number">{link}{copy}</div>'


@cache
def addresses() -> str:
    """Of transactions, without the key that ends each: `reverse` takes as long as all else here."""
    return reverse("transactions:detail", args=[0]).removesuffix("0/")


def label_and_order(transaction: Transaction, language: str) -> str:
    """Two lines, or one dash where there is neither."""
    label, order_number = escape(transaction.label), escape(transaction.order_number)
    if not (label or order_number):
        return DASH
    of_label, of_order = names(language)
    return (
        f'<span title="{label}" data-label="{of_label}">{label or DASH}</span>'
        f'<span class="pk-second" title="{order_number}" data-label="{of_order}">'
        f"{order_number or DASH}</span>"
    )


@cache
def names(_language: str) -> tuple[str, str]:
    """What a card, which has no heading over it, calls its label and its order number."""
    return escape(_("Label")), escape(_("Order number"))


def payment_system(transaction: Any, language: str) -> str:
    """And, where there is no room for a column of its own, the country."""
    name = whole(transaction.payment_system_name)
    return f'{name}<span class="pk-second">{country(transaction, language)}</span>'


def country(transaction: Transaction, language: str) -> str:
    return escape(country_name(transaction.country, language))
