"""The parts of a transaction as HTML, for a list and its own page. All texts are escaped here.

What depends only on the language and a code is cached.
"""

from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.formats import DASH, amount_html, country_name
from paykassma_admin.lists.tables import LONG, titled_text
from paykassma_admin.templatetags.copy_button import copy_button
from transactions.models import Direction, Transaction, Type
from transactions.rows import TransactionRow
from wallets.statuses import Status

SIGNS: dict[str, str] = {Direction.INCOMING: "+", Direction.OUTGOING: "−"}


def amount_after_type(transaction: Transaction | TransactionRow, language: str) -> SafeString:
    """Return the amount of a list: its last digits stand under those of the others."""
    tag = type_tag(transaction.type, language)
    return SafeString(f"{tag} {signed_amount(transaction, language)}")


def amount(transaction: Transaction | TransactionRow, language: str) -> SafeString:
    tag = type_tag(transaction.type, language)
    return SafeString(f"{signed_amount(transaction, language)} {tag}")


def signed_amount(transaction: Transaction | TransactionRow, language: str) -> str:
    shown = amount_html(transaction.amount, transaction.currency, language)
    return f"{sign(transaction.direction, language)}\N{NO-BREAK SPACE}{shown}</span>"


@cache
def sign(direction: str, _language: str) -> str:
    """Return the sign, with the opening tag of the element that it colours."""
    word = escape(str(Direction(direction).label))
    return (
        f'<span class="pk-{direction}"><span aria-hidden="true">{SIGNS[direction]}</span>'
        f'<span class="visually-hidden">{word}</span>'
    )


@cache
def type_tag(type_: str, _language: str) -> str:
    word = escape(str(Type(type_).label))
    return "" if type_ == Type.REAL else f'<span class="pk-tag">{word}</span>'


def status(transaction: Transaction | TransactionRow, language: str) -> SafeString:
    return status_mark(transaction.status, language)


@cache
def status_mark(status: str, _language: str) -> SafeString:
    word = escape(str(Status(status).label))
    return SafeString(f'<span class="pk-status pk-status-{status}">{word}</span>')


def number(transaction: Transaction, language: str, query: str = "") -> str:
    """Return a link to the transaction; `query`, as HTML, ends its address."""
    address = f"{detail_prefix()}{transaction.pk}/{query}"
    shown, copy = escape(transaction.number), copy_button(transaction.number, language)
    title = f' title="{shown}"' if len(shown) > LONG else ""
    link = f'<a href="{address}" data-pk-row-link>{shown}</a>'
    return f'<div class="pk-number"{title}>{link}{copy}</div>'


def moved_tag(word: str | Promise) -> str:
    return f'<span class="pk-tag pk-moved">{escape(str(word))}</span>' if word else ""


@cache
def detail_prefix() -> str:
    """The address of a transaction without its key; `reverse` takes as long as all else here."""
    return reverse("transactions:detail", args=[0]).removesuffix("0/")


def label_and_order(transaction: Transaction, language: str) -> str:
    label, order_number = escape(transaction.label), escape(transaction.order_number)
    if not (label or order_number):
        return DASH
    label_title, order_title = card_labels(language)
    return (
        f'<span title="{label}" data-label="{label_title}">{label or DASH}</span>'
        f'<span class="pk-second" title="{order_number}" data-label="{order_title}">'
        f"{order_number or DASH}</span>"
    )


@cache
def card_labels(_language: str) -> tuple[str, str]:
    return escape(_("Label")), escape(_("Order number"))


def payment_system(transaction: Any, language: str) -> str:
    name = titled_text(transaction.payment_system_name)
    return f'{name}<span class="pk-second">{country(transaction, language)}</span>'


def country(transaction: Transaction, language: str) -> str:
    return titled_text(country_name(transaction.country, language))
