"""Numbers that were pasted together: a column of a spreadsheet, or a list with commas."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from accumulations.models import Accumulation
from accumulations.query import ACCUMULATION_FIELDS
from accumulations.tables import AccumulationTable
from clients.models import Client
from paykassma_admin.addresses import page_path, query_string
from paykassma_admin.lists.fields import MAX_TEXT_LENGTH
from paykassma_admin.lists.query.grammar import quote
from paykassma_admin.lists.query.query import MAX_LENGTH, PARAMETER, QueryFields
from paykassma_admin.lists.tables import PagedTable
from paykassma_admin.values import identifiers
from paykassma_admin.values.identifiers import BadIdentifier
from search.amounts import HOUR
from transactions.models import Transaction
from transactions.query.fields import TRANSACTION_FIELDS
from transactions.rows import TransactionRow, transaction_rows
from transactions.tables import TransactionTable
from wallets.models import PaymentSystem

MAX_NUMBERS = 100
MAX_ROWS = 500  # of all of them: a label may have any number
SEPARATORS = re.compile(r"[\s,;]+")
CERTAIN_SEPARATORS = re.compile(r"[\n\r\t,;]")
# What a list has two of at least; beside them it may have shorter parts, "UTR" or "1".
NUMBER_LIKE = re.compile(r".{4,}|(?=.*\d)(?=.*[^\W\d]).{2,}")
MOST_CHARACTERS = 190
NUMBER = re.compile(r"(?=.*\d).{4,190}")
# Columns, each with its field of the query language.
FIELDS = {"number": "id", "order_number": "order", "label": "label"}


@dataclass(frozen=True)
class NumberList:
    """The list of all rows that were found by one field."""

    title: str | Promise
    count: int  # of numbers
    address: str | None  # None: the query would be too long


@dataclass(frozen=True)
class FoundNumbers:
    count: int  # of numbers that were looked up
    missing: list[str]
    transactions: PagedTable
    transaction_lists: list[NumberList]
    accumulations: PagedTable
    accumulation_lists: list[NumberList]
    has_more: bool  # rows than are shown

    @property
    def found_count(self) -> int:
        return self.count - len(self.missing)


def pasted_numbers(text: str) -> list[str]:
    """Return the numbers of a text that has several and nothing else, in order, each once."""
    text = text.strip()
    parts = [part for part in SEPARATORS.split(text) if part]
    like_numbers = [part for part in parts if NUMBER_LIKE.fullmatch(part)]
    is_list = len(like_numbers) > 1 and max(map(len, parts)) <= MOST_CHARACTERS
    is_list = is_list and not HOUR.fullmatch(text) and may_be_numbers(text)
    return list(dict.fromkeys(parts)) if is_list else []


def may_be_numbers(text: str) -> bool:
    """Return whether it is short, or no prose: numbers of some systems have no digit."""
    has_signs = CERTAIN_SEPARATORS.search(text) or any(map(str.isdigit, text))
    return bool(has_signs) or len(text) <= MAX_TEXT_LENGTH


def fewest_found(text: str) -> int:
    """Return how many of its numbers have to be there for it to be a list, before all else.

    It may be a name, or one number or telephone that is written with spaces or after a word.
    """
    if not CERTAIN_SEPARATORS.search(text.strip()):
        return 2
    return 0 if all(map(NUMBER.fullmatch, pasted_numbers(text))) else 1


def looks_like_list(text: str) -> bool:
    """Return whether numbers are meant also where none of them is there."""
    found = [bool(NUMBER.fullmatch(each)) for each in pasted_numbers(text)]
    return all(found) or (any(found) and bool(CERTAIN_SEPARATORS.search(text.strip())))


def find_numbers(client: Client, typed: Sequence[str]) -> FoundNumbers:
    """Look up each as a transaction number, then as an order number, then as a label."""
    missing, lists = dict(clean_numbers(typed)), list[NumberList]()
    rows: dict[int, TransactionRow] = {}
    for field, name in FIELDS.items():  # what has been found is not looked for by the next
        search = NumberSearch(Transaction.objects.for_client(client), field)
        rows |= {row.pk: row for row in transaction_rows(search.rows(missing))}
        wanted, missing = missing, search.missing(missing, list(rows.values()))
        lists += number_lists(
            "transactions:list", TRANSACTION_FIELDS, name, found_texts(wanted, missing)
        )
    gathered = NumberSearch(Accumulation.objects.for_client(client), "number")
    accumulations = list(gathered.rows(missing))
    wanted, missing = missing, gathered.missing(missing, accumulations)
    return FoundNumbers(
        len(typed),
        list(missing),
        TransactionTable(newest_first(rows.values())[:MAX_ROWS]),
        lists,
        AccumulationTable(accumulations[:MAX_ROWS]),
        number_lists("accumulations:list", ACCUMULATION_FIELDS, "id", found_texts(wanted, missing)),
        max(len(rows), len(accumulations)) > MAX_ROWS,
    )


def found_texts(wanted: dict[str, str], missing: dict[str, str]) -> list[str]:
    return [text for typed, text in wanted.items() if typed not in missing]


def number_lists(
    list_name: str, fields: QueryFields, name: str, texts: list[str]
) -> list[NumberList]:
    """Return the list of these texts in a field, joined by commas; none of no text."""
    values = ",".join(quote(identifiers.escape(text)) for text in texts)
    query = f"{name}:{values}"
    said = query_string([(PARAMETER, query), ("date_from", ""), ("date_to", "")])
    address = f"{page_path(list_name)}?{said}" if len(query) <= MAX_LENGTH else None
    return [NumberList(fields.by_name[name].label, len(texts), address)] if texts else []


def newest_first(rows: Iterable[TransactionRow]) -> list[TransactionRow]:
    return sorted(rows, key=lambda row: (row.logged_at, row.pk), reverse=True)


def clean_numbers(typed: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each with the text to look for; what cannot be stored is not found as it is."""
    for number in typed:
        try:
            yield number, identifiers.clean(number, is_number=True)
        except BadIdentifier:
            yield number, number


@dataclass(frozen=True)
class NumberSearch:
    own: Any  # query set of a Client
    field: str

    def rows(self, texts: dict[str, str]) -> Any:
        """Return at most a row more than is shown, in no order: of a label there may be any."""
        return self.own.filter(self.condition(texts.values()))[: MAX_ROWS + 1]

    def condition(self, texts: Iterable[str]) -> Q:
        exactly = Q(**{f"{self.field}__in": list(texts)})
        if self.own.model is not Transaction or self.field != "number":
            return exactly
        capitals = [identifiers.uppercase(text) for text in texts]
        systems = PaymentSystem.objects.filter(number_ignores_case=True).values("pk")
        return exactly | Q(number__in=capitals, payment_system__in=systems)

    def missing(self, texts: dict[str, str], found: Sequence[Any]) -> dict[str, str]:
        present = {getattr(row, self.field) for row in found}
        return {typed: text for typed, text in texts.items() if not self.has(text, present, found)}

    def has(self, text: str, present: set[str], found: Sequence[Any]) -> bool:
        if {text, identifiers.uppercase(text)} & present:
            return True
        is_cut = len(found) > MAX_ROWS
        return is_cut and bool(self.own.filter(self.condition([text])).exists())
