"""Completion of a query: fields by their names in both languages, and values of a field."""

import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

from clients.models import Client
from paykassma_admin.lists.query.grammar import quote
from paykassma_admin.values.names import key
from transactions.query.face import choice_words
from transactions.query.fields import TRANSACTION_FIELDS

MAX_OPTIONS = 10
# The term that is being typed: its field, the values before the last, and the last.
LAST_TERM = re.compile(r"(?:^|(?<=\s))(-?)(?:([^\W\d_][\w-]*):((?:[^\s,]*,)*))?([^\s,]*)$")


class Option(TypedDict):
    label: str
    hint: NotRequired[str]
    href: NotRequired[str]  # where it leads, or
    text: NotRequired[str]  # what the box says then


def completions(client: Client, typed: str) -> list[Option]:
    """Return the fields or values that may end what is typed."""
    found = LAST_TERM.search(typed)
    if not found or not typed.strip():
        return []
    before, minus = typed[: found.start()], found[1]
    if found[2] is None:
        return list(field_options(f"{before}{minus}", found[4]))[:MAX_OPTIONS]
    head = f"{before}{minus}{found[2]}:{found[3]}"
    return list(value_options(client, head, found[2], found[4]))[:MAX_OPTIONS]


def field_options(before: str, typed: str) -> Iterator[Option]:
    wanted = key(typed)
    for field in TRANSACTION_FIELDS if wanted else ():
        if any(key(name).startswith(wanted) for name in field.all_names):
            name = field.shown_name
            yield Option(label=f"{name}:", hint=str(field.label), text=f"{before}{name}:")


def value_options(client: Client, head: str, name: str, typed: str) -> Iterator[Option]:
    field, _is_opposite = TRANSACTION_FIELDS.find(name.lower())
    wanted = key(typed)
    choices = choice_words(client)
    names = field.value_names(choices) if field else {}
    begun = {code for name, code in names.items() if key(name).startswith(wanted)}
    for code, label in field.values(choices) if field else ():
        is_part = code in begun or key(code).startswith(wanted) or wanted in key(label)
        if code and code != typed and is_part:
            yield Option(label=code, hint=label, text=f"{head}{quote(code)}")
