"""A query as a Selection, and a Selection as a query: what other modules use."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin.lists.query.choices import ChoiceWords
from paykassma_admin.lists.query.mistakes import Mistake
from paykassma_admin.lists.query.query import PARAMETER
from transactions.filters import TransactionFilterSet
from transactions.models import Transaction
from transactions.query.fields import TRANSACTION_FIELDS
from transactions.selection import Selection


@dataclass(frozen=True)
class ClientQuery:
    """The part of a request that filters look at."""

    client: Client
    GET: QueryDict
    path: str = ""


@dataclass(frozen=True)
class FieldWords:
    """A field to complete, with its names in each language, and its values with their labels."""

    name: str
    names: tuple[str, ...]
    label: str
    values: tuple[tuple[str, str], ...]


def parse_query(text: str, client: Client) -> Selection | list[Mistake]:
    """Return what a text selects of a Client; the list's own days where it names none."""
    data = QueryDict(mutable=True)
    data[PARAMETER] = text
    request: Any = ClientQuery(client, data)
    rows = Transaction.objects.for_client(client)
    filters = TransactionFilterSet(data, queryset=rows, request=request)
    if filters.mistakes:
        return filters.mistakes
    errors = [Mistake(str(each), 0) for found in filters.form.errors.values() for each in found]
    return errors or filters.selection


def print_query(selection: Selection) -> str:
    """Return the canonical text of a selection: `parse_query` makes it of it again."""
    return TRANSACTION_FIELDS.print(QueryDict(selection.query()), choice_words(selection.client))


def selection_in_words(selection: Selection) -> str:
    """Return a sentence: "Transactions: Wallet type bKash, Amount > 5,000"."""
    choices = choice_words(selection.client)
    terms = TRANSACTION_FIELDS.terms(print_query(selection))
    words = [" ".join(TRANSACTION_FIELDS.term_words(term, choices)) for term in terms]
    return _("Transactions: %(conditions)s") % {"conditions": ", ".join(words)}


def fields_to_complete(client: Client) -> list[FieldWords]:
    choices = choice_words(client)
    return [
        FieldWords(
            field.name,
            (*field.all_names, *field.opposite_names),
            str(field.label),
            tuple(field.values(choices)),
        )
        for field in TRANSACTION_FIELDS
    ]


def choice_words(client: Client) -> ChoiceWords:
    return ChoiceWords(TransactionFilterSet.base_filters, ClientQuery(client, QueryDict()))
