"""Kinds of fields that transactions alone have: two halves of a status, wallets, orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from paykassma_admin.lists.fields import KnownNumberField
from paykassma_admin.lists.query.choices import ChoiceWords, in_each_language, normalize
from paykassma_admin.lists.query.fields import (
    ChoiceField,
    Comparisons,
    ParameterField,
    Parameters,
    ValueField,
)
from paykassma_admin.lists.query.grammar import EQUAL, Comparison
from paykassma_admin.lists.query.mistakes import BadValue, unknown_value
from transactions.conditions import activity_status
from transactions.statuses import Activity
from wallets.models import Wallet
from wallets.statuses import Status

SORT_BY_DATE = pgettext_lazy("query", "date logged")
SORT_BY_AMOUNT = pgettext_lazy("query", "amount sum")
STATUSES_BY_ACTIVITY: dict[str, list[str]] = {
    Activity.ACTIVE: [Status.ACTIVATED],
    Activity.INACTIVE: [status for status in Status if status != Status.ACTIVATED],
}


@dataclass(frozen=True, kw_only=True)
class StatusField(ChoiceField):
    """An exact status, or a half of all: two parameters say them."""

    activity: str  # the parameter of the half

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        return choices.find(self.activity, value) or super().read_value(value, choices)

    def value_names(self, choices: ChoiceWords) -> dict[str, str]:
        return super().value_names(choices) | choices.words(self.activity)

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        values = [each.value for each in comparisons]
        if len(values) == 1 and values[0] in STATUSES_BY_ACTIVITY:
            return {self.activity: values}
        exact = [one for each in values for one in STATUSES_BY_ACTIVITY.get(each, [each])]
        return {self.parameter: [*dict.fromkeys(map(str, exact))]}

    def comparisons(self, data: QueryDict, choices: ChoiceWords) -> Iterator[Comparisons]:
        if half := data.get(self.activity):
            yield (Comparison(EQUAL, half),)
        yield from super().comparisons(data, choices)

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        if comparison.value in STATUSES_BY_ACTIVITY:
            return activity_status(rows, comparison.value)
        return super().where(rows, comparison, zone)

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        return [*choices.codes(self.activity), *super().values(choices)]


@dataclass(frozen=True, kw_only=True)
class WalletField(ValueField):
    """A wallet by its number, which wallets of several types may have, or by type and number."""

    def read_all(self, comparison: Comparison, choices: ChoiceWords) -> list[Comparison]:
        wanted = super().read(comparison, choices).value
        known = self._keys(choices)
        found = [key for key in known if wanted in (key, key.partition("/")[2])]
        if not found:
            numbers = [key.partition("/")[2] for key in known]
            raise BadValue(unknown_value(self.shown_name, wanted, [*numbers, *known], numbers))
        return [Comparison(EQUAL, key) for key in found]

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        return str(KnownNumberField(required=False).clean(value))

    def _keys(self, choices: ChoiceWords) -> dict[str, int]:
        wallets = Wallet.objects.for_client(choices.request.client)
        rows = wallets.order_by("pk").values_list("payment_system__code", "number", "pk")
        return {f"{code}/{number}": key for code, number, key in rows}

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        keys = self._keys(choices)
        own = [str(keys[each.value]) for each in comparisons]
        return {self.parameter: own} if len(own) == 1 else None

    def comparisons(self, data: QueryDict, choices: ChoiceWords) -> Iterator[Comparisons]:
        if data.get(self.parameter):
            names = {str(key): name for name, key in self._keys(choices).items()}
            yield (Comparison(EQUAL, names[str(data[self.parameter])]),)

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        code, _slash, number = comparison.value.partition("/")
        return Q(payment_system__code=code, wallet__number=number)

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        return [(name, name.partition("/")[2]) for name in self._keys(choices)]


@dataclass(frozen=True, kw_only=True)
class SortField(ParameterField):
    """An order, of which "-date" is the list's own and needs no parameter."""

    own = "-date"

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        if found := self.value_names(choices).get(normalize(value.replace("−", "-"))):
            return found
        known = ["date", "-date", "amount", "-amount"]
        raise BadValue(unknown_value(self.shown_name, value, known, known))

    def value_names(self, choices: ChoiceWords) -> dict[str, str]:
        words = {"date": SORT_BY_DATE, "amount": SORT_BY_AMOUNT}
        return {
            f"{sign}{word}": f"{sign}{name}"
            for name, others in words.items()
            for word in (name, *in_each_language(others))
            for sign in ("", "-")
        }

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        if [each.value for each in comparisons] == [self.own]:
            return {}
        return super().parameters(comparisons, choices)

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        return [(self.own, str(_("Newest first"))), *super().values(choices)]
