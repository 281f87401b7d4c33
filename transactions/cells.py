"""A transaction's parts as HTML, in a list and on its own page. Everything is escaped here."""

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from paykassma_admin.copying import copy_button
from paykassma_admin.formats import DASH, amount_html, country_name
from paykassma_admin.tables import text
from transactions.models import Direction, Transaction, Type

SIGNS = {Direction.INCOMING: "+", Direction.OUTGOING: "−"}


def amount(transaction: Transaction) -> SafeString:
    """Its sign for the eye and its direction for the ear; the type, where it is not a real one."""
    direction = Direction(transaction.direction)
    tag = ""
    if transaction.type != Type.REAL:
        tag = f'<span class="pk-tag">{escape(transaction.get_type_display())}</span>'
    return mark_safe(  # noqa: S308  # escaped, or made of figures
        f'<span class="pk-{direction}"><span aria-hidden="true">{SIGNS[direction]}</span>'
        f'<span class="visually-hidden">{escape(direction.label)}</span> '
        f"{amount_html(transaction.amount, transaction.currency)}</span> {tag}"
    )


def status(transaction: Transaction) -> SafeString:
    code, word = escape(transaction.status), escape(transaction.get_status_display())
    return mark_safe(f'<span class="pk-status pk-status-{code}">{word}</span>')  # noqa: S308


def number(transaction: Transaction) -> str:
    address = reverse("transactions:detail", args=[transaction.pk])
    shown = escape(transaction.number)
    return f'<a href="{address}" data-pk-row-link>{shown}</a> {copy_button(transaction.number)}'


def label_and_order(transaction: Transaction) -> str:
    """Two lines, or one dash where there is neither."""
    label, order_number = escape(transaction.label), escape(transaction.order_number)
    if not (label or order_number):
        return DASH
    return (
        f'<span title="{label}">{label or DASH}</span>'
        f'<span class="pk-second" title="{order_number}">{order_number or DASH}</span>'
    )


def country(transaction: Transaction) -> str:
    return escape(country_name(transaction.country))


def payment_system(transaction: Transaction) -> str:
    return text(transaction.payment_system.name)
