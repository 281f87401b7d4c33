"""Kinds of texts by their look, before anything is looked up."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode

from paykassma_admin.lists.query.grammar import EQUAL, Comparison, Term, scan
from paykassma_admin.values.identifiers import is_prefix
from transactions.query.fields import TRANSACTION_FIELDS

SELECTIVE_DIGITS = 6  # of which the index of names has few rows
NUMBER_FIELD = "id"


def query_address(text: str) -> str:
    """Return the address of the list that a query asks for, which also says what is wrong in it."""
    return f"{reverse('transactions:list')}?{urlencode({'q': text})}"


def is_query(text: str) -> bool:
    """Return whether it has a field and its value; of "UTR: 6334" both are one number."""
    return any(
        TRANSACTION_FIELDS.find(term.field)[0] and has_value(term) for term in query_terms(text)
    )


def is_number_after_word(text: str) -> bool:
    """Return whether it is a query by a whole number, which the payer wrote so: "UTR:6334…"."""
    found = list(scan(text))
    if len(found) != 1 or not isinstance(found[0], Term) or found[0].is_negated:
        return False
    field, _is_opposite = TRANSACTION_FIELDS.find(found[0].field)
    [first, *others] = found[0].comparisons
    is_whole = first == Comparison(EQUAL, first.value) and not is_prefix(first.value)
    return bool(field and field.name == NUMBER_FIELD and is_whole and not others)


def looks_like_query(text: str) -> bool:
    """Return whether an unknown field may be meant; a label may have a colon, too."""
    return any(has_value(term) for term in query_terms(text)) and not any(map(str.isdigit, text))


def query_terms(text: str) -> Iterator[Term]:
    return (each for each in scan(text) if isinstance(each, Term))


def has_value(term: Term) -> bool:
    return any(each.value or each.end for each in term.comparisons)


def is_costly_text(text: str) -> bool:
    """Return whether it may be a part of many names."""
    has_few_rows = sum(sign.isdigit() for sign in text) >= SELECTIVE_DIGITS
    return bool(text.strip()) and not has_few_rows and not is_query(text)
