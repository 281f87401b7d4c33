"""The fields of a query for transactions. Their other names are in the catalog, by language."""

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
    Flag,
    FlagField,
    ParameterField,
    Parameters,
    TextField,
    ValueField,
)
from paykassma_admin.lists.query.grammar import EQUAL, Comparison
from paykassma_admin.lists.query.mistakes import BadValue, unknown_value
from paykassma_admin.lists.query.query import QueryFields
from paykassma_admin.lists.query.ranges import AmountField, DayField, WholeNumberField
from transactions.conditions import activity_status, counterparty_part
from transactions.models import Direction, Type
from transactions.query.changes import NAME as CHANGED
from transactions.query.changes import ChangeField
from transactions.statuses import IN_PROGRESS, Activity
from wallets.models import Wallet
from wallets.statuses import Status

LAST_HOUR = 23
NO_SUCH_HOUR = _("Hours are numbered from 0 to 23.")
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


SORT_BY_DATE = pgettext_lazy("query", "date logged")
SORT_BY_AMOUNT = pgettext_lazy("query", "amount sum")
SYSTEM = ChoiceField(
    name="system",
    names=pgettext_lazy("query field", "type-of-wallet payment-system rail"),
    label=_("Wallet type"),
    parameter="payment_system",
    column="payment_system__code",
    is_multiple=True,
    has_totals=True,
)
TYPE = ChoiceField(
    name="type",
    names=pgettext_lazy("query field", "transaction-type kind"),
    label=_("Transaction type"),
    parameter="type",
    column="type",
    is_multiple=True,
    has_totals=True,
)
UNCLAIMED = Q(
    direction=Direction.INCOMING,
    type__in=(Type.REAL, Type.FORCED),
    status=Status.NOT_ACTIVATED,
)
# The kind "other" of transaction_kind().
OTHER = ~Q(direction=Direction.INCOMING, status=Status.ACTIVATED) & ~Q(
    type=Type.WITHDRAWAL, status__in=(Status.ACTIVATED, *IN_PROGRESS)
)
IS = FlagField(
    name="is",
    names=pgettext_lazy("query field", "has-type"),
    label=_("Condition"),
    has_totals=True,
    flags=(
        Flag(
            "unclaimed",
            pgettext_lazy("query", "unclaimed"),
            _("money that nobody claimed"),
            UNCLAIMED,
        ),
        Flag(
            "other",
            pgettext_lazy("query", "other"),
            _("all but activated pay-ins, and withdrawals that are activated or in progress"),
            OTHER,
        ),
        *(
            Flag(type_, words, type_.label, Q(type=type_), same=("type", type_))
            for type_, words in {
                Type.FAKE: pgettext_lazy("query", "fake"),
                Type.FORCED: pgettext_lazy("query", "forced"),
                Type.REAL: pgettext_lazy("query", "real"),
                Type.WITHDRAWAL: pgettext_lazy("query", "withdrawal"),
            }.items()
        ),
    ),
)
HAS = FlagField(
    name="has",
    names=pgettext_lazy("query field", "with"),
    label=pgettext_lazy("query", "Has"),
    opposite="no",
    opposites=pgettext_lazy("query field", "without"),
    opposite_label=pgettext_lazy("query", "No"),
    flags=(
        Flag("label", pgettext_lazy("query", "label"), _("Label"), ~Q(label="")),
        Flag("order", pgettext_lazy("query", "order"), _("Order number"), ~Q(order_number="")),
        Flag("name", pgettext_lazy("query", "name"), _("Counterparty"), ~Q(counterparty="")),
        Flag("rate", pgettext_lazy("query", "rate"), _("rate to USD"), Q(usd_rate__isnull=False)),
    ),
)
TRANSACTION_FIELDS = QueryFields(
    SYSTEM,
    WalletField(
        name="wallet",
        names=pgettext_lazy("query field", "account"),
        label=_("Wallet"),
        parameter="wallet",
    ),
    TextField(
        name="label",
        names=pgettext_lazy("query field", "label user"),
        label=_("Label"),
        parameter="label",
        column="label",
    ),
    TextField(
        name="order",
        names=pgettext_lazy("query field", "order-number"),
        label=_("Order number"),
        parameter="order_number",
        column="order_number",
    ),
    TextField(
        name="id",
        names=pgettext_lazy("query field", "number utr transaction"),
        label=_("Transaction ID"),
        parameter="transaction_id",
        column="number",
    ),
    TextField(
        name="name",
        names=pgettext_lazy("query field", "counterparty payer phone"),
        label=_("Counterparty"),
        parameter="counterparty",
        match=counterparty_part,
        is_prose=True,
    ),
    ChoiceField(
        name="direction",
        names=pgettext_lazy("query field", "way"),
        label=_("Direction"),
        parameter="direction",
        column="direction",
        has_totals=True,
        negations=(("incoming", "outgoing"), ("outgoing", "incoming")),
    ),
    TYPE,
    StatusField(
        name="status",
        names=pgettext_lazy("query field", "state"),
        label=_("Status"),
        parameter="state",
        activity="status",
        column="status",
        is_multiple=True,
        has_totals=True,
        negations=(("active", "inactive"), ("inactive", "active")),
    ),
    IS,
    HAS,
    AmountField(
        name="amount",
        names=pgettext_lazy("query field", "sum"),
        label=_("Amount"),
        column="amount",
        bounds=("amount_from", "amount_to"),
    ),
    ChoiceField(
        name="currency",
        names=pgettext_lazy("query field", "arrival-currency"),
        label=_("Currency of arrival"),
        parameter="arrival_currency",
        column="currency",
        has_totals=True,
    ),
    AmountField(
        name="usd",
        names=pgettext_lazy("query field", "amount-usd"),
        label=_("amount in USD"),
        column="amount_usd",
    ),
    ChoiceField(
        name="country",
        names=pgettext_lazy("query field", "land"),
        label=_("Country"),
        parameter="country",
        column="country",
        has_totals=True,
    ),
    DayField(
        name="logged",
        names=pgettext_lazy("query field", "date day"),
        label=_("Date"),
        column="logged_at",
        bounds=("date_from", "date_to"),
        until="until",
    ),
    ChangeField(
        name=CHANGED,
        names=pgettext_lazy("query field", "recorded"),
        label=_("Recorded or changed"),
        column="recorded_at",
    ),
    WholeNumberField(
        name="hour",
        names=pgettext_lazy("query field", "hours"),
        label=_("Hours"),
        column="hour",
        bounds=("hour_from", "hour_to"),
        last=LAST_HOUR,
        sentence=NO_SUCH_HOUR,
    ),
    ParameterField(
        name="converted",
        names=pgettext_lazy("query field", "conversion"),
        label=_("Conversion"),
        parameter="converted",
        negations=(("yes", "no"), ("no", "yes")),
        more_names=(("yes", pgettext_lazy("query", "yes")), ("no", pgettext_lazy("query", "no"))),
    ),
    ParameterField(
        name="in",
        names=pgettext_lazy("query field", "sums-in"),
        label=_("Currency of the sum"),
        parameter="currency",
    ),
    SortField(
        name="sort",
        names=pgettext_lazy("query field", "order-by"),
        label=_("Order"),
        parameter="sort",
    ),
    example=pgettext_lazy("query", "status:pending amount:>5000 -type:fake no:label"),
)
