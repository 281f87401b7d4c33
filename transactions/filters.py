from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import Filter

from accounts.http import ClientRequest
from paykassma_admin.formats import country_name, currency_choice, plain_amount
from paykassma_admin.lists.chips import Chip
from paykassma_admin.lists.choices import Choices, ClientChoices, cached_choices
from paykassma_admin.lists.fields import (
    EXACT_TEXT_HELP,
    AmountFilter,
    ChoiceFilter,
    IdentifierFilter,
    MinuteFilter,
    MultiChoiceFilter,
    SharedFieldMixin,
    WholeNumberFilter,
    query_values,
)
from paykassma_admin.lists.filters import ListFilterSet, query_filter
from paykassma_admin.lists.period_filters import FilterForm
from paykassma_admin.lists.tables import Sorting
from paykassma_admin.values import names
from paykassma_admin.values.identifiers import BadIdentifier
from paykassma_admin.values.money import USD
from transactions.models import Direction, TransactionQuerySet, Type
from transactions.query.fields import LAST_HOUR, NO_SUCH_HOUR, TRANSACTION_FIELDS
from transactions.query.sorting import BY_AMOUNT, SORTED_COLUMNS, Sort
from transactions.selection import AMOUNTS, HOURS, Selection
from transactions.statuses import Activity
from transactions.totals.queries import countries, currencies
from transactions.totals.result import Totals
from wallets.models import Wallet
from wallets.statuses import Status

COUNTERPARTY_CHARACTERS = 3

NEEDS_CURRENCY = _(
    "Choose one currency of arrival to sort by amount: amounts in different currencies have no"
    " common order."
)
TOO_MANY_TO_SORT = _(
    "More than %(most)s transactions are not sorted by amount. Choose fewer days, or narrow the"
    " search."
)


@cached_choices
def payment_system_choices(request: ClientRequest) -> Choices:
    return Wallet.objects.for_client(request.client).types()


@cached_choices
def wallets_by_system(request: ClientRequest) -> Choices:
    wallets = (
        Wallet.objects.for_client(request.client)
        .select_related("payment_system")
        .order_by(Lower("payment_system__name"), "number")
    )
    return [
        ((system.code, system.name), [(str(wallet.pk), str(wallet)) for wallet in own])
        for system, own in groupby(wallets, key=attrgetter("payment_system"))
    ]


def wallet_choices(request: ClientRequest, *, fresh: bool = False) -> ClientChoices:
    chosen = query_values(request.GET, "payment_system")
    by_system = wallets_by_system(request, fresh=fresh)
    offered = [
        (name, wallets) for (code, name), wallets in by_system if code in chosen or not chosen
    ]
    return ClientChoices(offered, f"{chosen} of {by_system.digest}")


@cached_choices
def country_choices(request: ClientRequest) -> Choices:
    codes = countries(request.client)
    return sorted(((code, country_name(code)) for code in codes), key=lambda choice: choice[1])


@cached_choices
def arrival_currency_choices(request: ClientRequest) -> Choices:
    return [(code, currency_choice(code)) for code in currencies(request.client)]


@cached_choices
def display_currency_choices(request: ClientRequest) -> Choices:
    wallets = Wallet.objects.for_client(request.client)
    own = set(wallets.order_by().values_list("currency", flat=True).distinct())
    own |= set(currencies(request.client))
    return [(code, currency_choice(code)) for code in [USD, *sorted(own - {USD})]]


class CounterpartyField(forms.CharField):
    """Part of a name; fewer than three characters match too much, and use no index."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=190, **kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return names.clean(super().to_python(value) or "")
        except BadIdentifier as error:
            raise forms.ValidationError(error.sentence) from None

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and len(names.key(text)) < COUNTERPARTY_CHARACTERS:
            raise forms.ValidationError(_("Enter at least three characters."))
        return text


class CounterpartyFilter(SharedFieldMixin, Filter):
    field_class = CounterpartyField


class TransactionForm(FilterForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_range(HOURS, _("The hour “From” is later than the hour “To”. Swap them."))
        self.check_range(AMOUNTS, _("The amount “From” is larger than the amount “To”. Swap them."))
        if cleaned.get("sort") in BY_AMOUNT and not cleaned.get("arrival_currency"):
            self.add_error("sort", NEEDS_CURRENCY)
        return cleaned

    def check_range(self, names: tuple[str, str], sentence: str | Promise) -> None:
        first, last = (self.cleaned_data.get(name) for name in names)
        if first is not None and last is not None and first > last:
            self.add_error(names[0], str(sentence))


class HourFilter(WholeNumberFilter):
    def __init__(self, **kwargs: Any) -> None:
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), NO_SUCH_HOUR)
        super().__init__(min_value=0, max_value=LAST_HOUR, error_messages=errors, **kwargs)


class TransactionFilterSet(ListFilterSet):
    payment_system = MultiChoiceFilter(label=_("Wallet type"), choices=payment_system_choices)
    wallet = ChoiceFilter(label=_("Wallet"), choices=wallet_choices)
    label = IdentifierFilter(label=_("Label"), help_text=EXACT_TEXT_HELP)
    order_number = IdentifierFilter(label=_("Order number"), help_text=EXACT_TEXT_HELP)
    transaction_id = IdentifierFilter(
        "number", label=_("Transaction ID"), help_text=EXACT_TEXT_HELP
    )
    counterparty = CounterpartyFilter(
        label=_("Counterparty"),
        help_text=_("Any part of the name or number, at least three characters, in any case."),
    )
    direction = ChoiceFilter(label=_("Direction"), choices=Direction.choices)
    type = MultiChoiceFilter(
        label=_("Transaction type"),
        choices=Type.choices,
        help_text=_(
            "Real: a movement of money. Fake: a test record with no money behind it."
            " Forced: credited by hand. Withdrawal: a payout."
        ),
    )
    status = ChoiceFilter(
        label=_("Status"),
        choices=Activity.choices,
        help_text=_(
            "Active: activated, so the money has moved: the payer was credited, or the payout was"
            " made. Inactive: all other statuses, that is not activated, declined, pending,"
            " processing, failed and cancelled."
        ),
    )
    country = ChoiceFilter(label=_("Country"), choices=country_choices)
    # Beyond the guide: conditions that a number of the dashboard leads here with.
    state = MultiChoiceFilter(label=_("Exact status"), choices=Status.choices)
    converted = ChoiceFilter(
        label=_("Conversion"),
        choices=[
            ("yes", pgettext_lazy("conversion", "converted")),
            ("no", pgettext_lazy("conversion", "not converted")),
        ],
    )
    arrival_currency = ChoiceFilter(
        label=_("Currency of arrival"), choices=arrival_currency_choices
    )
    hour_from = HourFilter(label=_("Hour, from"))
    hour_to = HourFilter(label=_("Hour, to"))
    amount_from = AmountFilter(label=_("Amount, from"))
    amount_to = AmountFilter(label=_("Amount, to"))
    sort = ChoiceFilter(label=_("Order"), choices=Sort.choices, empty_label=_("Newest first"))
    until = MinuteFilter(label=_("Before"))
    currency = ChoiceFilter(label=_("Currency of the sum"), choices=display_currency_choices)

    form_fields = (
        "payment_system",
        "wallet",
        "label",
        "order_number",
        "transaction_id",
        "counterparty",
        "direction",
        "type",
        "status",
        "country",
        *ListFilterSet.form_fields,
        "state",
        "arrival_currency",
        *AMOUNTS,
        *HOURS,
        "sort",
    )
    q = query_filter(TRANSACTION_FIELDS)
    query_fields = TRANSACTION_FIELDS
    not_conditions = ListFilterSet.not_conditions | {"sort"}
    unlogged = frozenset({"counterparty"})
    logged_by_name = frozenset({"wallet"})

    class Meta:
        form = TransactionForm

    @cached_property
    def selection(self) -> Selection:
        values = self.form.cleaned_data
        return Selection.from_form(values, client=self.request.client, period=self.period)

    chips_together = ListFilterSet.chips_together | {*AMOUNTS, *HOURS}

    def field_chips(self) -> Iterator[Chip]:
        yield from super().field_chips()
        found = [
            self.range_chip("amount", _("Amount"), AMOUNTS, range_of_amounts),
            self.range_chip("hours", _("Hours"), HOURS, range_of_hours),
        ]
        yield from filter(None, found)

    def range_chip(
        self,
        name: str,
        label: str | Promise,
        fields: tuple[str, str],
        words: Callable[[Any, Any], str],
    ) -> Chip | None:
        first, last = (self.form.cleaned_data[each] for each in fields)
        if first is None and last is None:
            return None
        without = self.address_with(**dict.fromkeys(fields))
        return Chip(name, str(label), words(first, last), without, fields)

    @property
    def sortings(self) -> dict[str, Sorting]:
        """Return where the heads of columns lead: amounts are sorted in one currency alone."""
        if not self.form.cleaned_data["arrival_currency"]:
            return {"logged_at": self.sorting("logged_at")}
        return {name: self.sorting(name) for name in SORTED_COLUMNS}

    def sorting(self, column: str) -> Sorting:
        up, down = SORTED_COLUMNS[column]
        now = self.form.cleaned_data["sort"]
        direction = {up: "ascending", down: "descending"}.get(now, "")
        after = up if now == down else down
        return Sorting(self.address_with(sort=after or None), direction)

    def compute_totals(self) -> Totals:
        return self.selection.period_totals()

    def filter_queryset(self, queryset: TransactionQuerySet) -> TransactionQuerySet:
        return self.selection.sorted_rows()


def range_of_hours(first: int | None, last: int | None) -> str:
    return f"{first or 0:02}:00–{LAST_HOUR if last is None else last:02}:59"


def range_of_amounts(least: Decimal | None, most: Decimal | None) -> str:
    first, last = (None if each is None else plain_amount(each) for each in (least, most))
    if first is None or last is None:
        words = _("up to %(amount)s") if first is None else _("from %(amount)s")
        return str(words % {"amount": first or last})
    return first if first == last else f"{first}–{last}"
