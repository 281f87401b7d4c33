"""Everything that a text may be: an identifier, a name or telephone number, an amount."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accumulations.filters import list_address
from accumulations.models import Accumulation
from clients.models import Client
from paykassma_admin.lists.fields import IdentifierField
from paykassma_admin.periods import Period
from paykassma_admin.values.identifiers import is_prefix, spellings
from search.amounts import (
    amount_group,
    is_only_amount,
    may_mean_amount,
    no_amount,
    recent_amount,
)
from search.groups import Group, accumulation_group, transaction_group
from search.spellings import StoredTexts
from transactions.filters import CounterpartyField
from transactions.selection import Selection

# Parameters of Selection, each with its column.
IDENTIFIERS = {
    "transaction_id": ("number", _("Transaction number")),
    "order_number": ("order_number", _("Order number")),
    "label": ("label", _("Label")),
}
ACCUMULATION_IDENTIFIERS = {
    "number": _("Accumulation ID"),
    "label": _("Accumulations of the label"),
}


@dataclass(frozen=True)
class Found:
    groups: list[Group]
    reason: str = ""  # why there is no such identifier or name
    denials: list[str] = field(default_factory=list)  # sentences: what there is not, what may be
    names: str = ""  # address of the names that were not looked for

    @property
    def only_row(self) -> Group | None:
        """Return the group of the only row, if it was found by a whole identifier."""
        rows = {group.row for group in self.groups}
        return self.groups[0] if len(rows) == 1 and None not in rows else None


def look_up(client: Client, text: str) -> Found:
    """Look for identifiers and amounts, and then, unless one row is all of it, for a name."""
    ever = Selection(client=client, period=Period(None, None, client.zone))
    amount = recent_amount(ever, text)
    exact = Found([*identifier_groups(ever, text), *amount_group(amount)])
    if exact.only_row:
        return exact
    groups = [*exact.groups, *name_group(ever, text)]
    return Found(groups) if groups else nothing_found(ever, text, amount)


def nothing_found(ever: Selection, text: str, amount: Selection | None) -> Found:
    """Deny what was looked for, and nothing else."""
    name = valid(CounterpartyField(), text) if is_only_amount(text) else ""
    names = ever.replace(counterparty=name).address if name else ""
    return Found([], reason_why(text), [*denials(text, amount)], names)


def denials(text: str, amount: Selection | None) -> Iterator[str]:
    if is_prefix(text):
        yield gettext("No number of a transaction, order or accumulation begins so, and no label.")
        return
    yield gettext(
        "No transaction, order or accumulation has this number, and there is no such label."
    )
    if amount:
        yield no_amount(amount)
    elif may_mean_amount(text):
        yield gettext("It was not looked for as an amount. Write one as 4750.50 or 500 INR.")
    if is_only_amount(text):
        yield gettext("This amount was not looked for in names and telephone numbers.")
    elif valid(CounterpartyField(), text):
        yield gettext("No counterparty has this in the name or telephone number.")
    else:
        yield gettext("Names were not looked for: that takes at least three characters.")


def identifier_groups(ever: Selection, text: str) -> Iterator[Group]:
    identifier = valid(IdentifierField(), text)
    if identifier:
        yield from transaction_groups(ever, spellings(identifier))
        yield from accumulation_groups(ever.client, spellings(identifier))


def transaction_groups(ever: Selection, spelled: list[str]) -> Iterator[Group]:
    columns = [column for column, _title in IDENTIFIERS.values()]
    stored = StoredTexts.among(ever.rows(), columns, spelled)
    for name, (column, title) in IDENTIFIERS.items():
        for spelling in stored.possible(column, spelled):
            own = ever.replace(**{name: spelling})
            if group := transaction_group(title, own, is_whole=not is_prefix(spelling)):
                yield group
                break


def accumulation_groups(client: Client, spelled: list[str]) -> Iterator[Group]:
    own = Accumulation.objects.for_client(client)
    stored = StoredTexts.among(own, [*ACCUMULATION_IDENTIFIERS], spelled)
    for name, title in ACCUMULATION_IDENTIFIERS.items():
        for spelling in stored.possible(name, spelled):
            address, is_whole = list_address(**{name: spelling}), not is_prefix(spelling)
            rows = own.matching(**{name: spelling})
            if group := accumulation_group(title, rows, address, client.zone, is_whole=is_whole):
                yield group
                break


def name_group(ever: Selection, text: str) -> Iterator[Group]:
    is_name = not is_prefix(text) and not is_only_amount(text)
    name = valid(CounterpartyField(), text) if is_name else ""
    group = transaction_group(_("Counterparty"), ever.replace(counterparty=name)) if name else None
    yield from [group] if group else []


def valid(field: forms.Field, text: str) -> str:
    try:
        return str(field.clean(text))
    except ValidationError:
        return ""


def reason_why(text: str) -> str:
    """Return why there can be no such identifier; a name alone has other rules."""
    is_name = not any(map(str.isdigit, text)) and valid(CounterpartyField(), text)
    try:
        IdentifierField().clean(text)
    except ValidationError as error:
        return "" if is_name and not is_prefix(text) else " ".join(error.messages)
    return ""
