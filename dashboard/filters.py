from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import Min
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import MultipleChoiceFilter

from accounts.http import ClientRequest
from paykassma_admin.charts.steps import MOST_DAYS_BY_HOUR, Step, automatic_step
from paykassma_admin.charts.styles import Style, series_style
from paykassma_admin.exports.csv import export_filename
from paykassma_admin.formats import country_name, days
from paykassma_admin.lists.choices import Choices, cached_choices
from paykassma_admin.lists.fields import ChoiceFilter, DayFilter, RequestChoicesMixin
from paykassma_admin.lists.period_filters import FilterForm, PeriodFilterSet
from paykassma_admin.periods import Period, today
from transactions.filters import country_choices, display_currency_choices
from transactions.models import Transaction
from transactions.selection import Selection
from wallets.models import Wallet

LONGEST_PERIOD = 366

ON, OFF = "on", "off"
SWITCH = [(ON, _("On")), (OFF, _("Off"))]
TABS = [("transactions", _("Transactions")), ("withdrawals", _("Withdrawals"))]
MEASURES = [
    ("sum", pgettext_lazy("measure", "Sum")),
    ("count", pgettext_lazy("measure", "Count")),
]
STEP_NAMES = {
    Step.HOUR: _("Hour"),
    Step.DAY: _("Day"),
    Step.WEEK: _("Week"),
    Step.MONTH: _("Month"),
}
STEPS = [(step.value, name) for step, name in STEP_NAMES.items()]
SHORTEST = {Step.WEEK: 8, Step.MONTH: 32}  # days, for more than one point
CHARTS = [("line", _("Line chart")), ("bar", _("Histogram"))]

DEFAULTS = {
    "currency": "USD",
    "tab": "transactions",
    "measure": "sum",
    "chart": "line",
    "detail": OFF,
    "total": ON,
}


REQUIRED: dict[str, Any] = {"empty_label": None, "required": True}


class DashboardForm(FilterForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("date_from"), cleaned.get("date_to")
        if first and last and (last - first).days >= LONGEST_PERIOD:
            self.add_error("date_from", _("Choose a period of 366 days at most."))
        is_long = first and last and (last - first).days >= MOST_DAYS_BY_HOUR
        if cleaned.get("step") == Step.HOUR and is_long:
            self.add_error("step", _("Hours are shown for one or two days. Choose fewer days."))
        return cleaned


class SystemCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes that tell "none" from "not given": the form always sends an empty value, too."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]


class SystemsFilter(RequestChoicesMixin, MultipleChoiceFilter):
    pass


@cached_choices
def system_choices(request: ClientRequest) -> Choices:
    """Return payment systems in the order of their first wallets, so that styles stay."""
    wallets = Wallet.objects.for_client(request.client).order_by()
    systems = wallets.values_list("payment_system__code", "payment_system__name")
    by_first_wallet = systems.annotate(first=Min("pk")).order_by("first")
    return [(code, name) for code, name, _first in by_first_wallet]


class System(NamedTuple):
    code: str
    name: str
    style: Style


@dataclass(frozen=True)
class SwitchButton:
    id: str  # stays while the page around it is swapped, so that the focus stays too
    label: str | Promise
    pressed: bool | None  # None: some of what it switches is on, some off
    state: list[tuple[str, str]]  # of the address that it leads to


class DashboardFilterSet(PeriodFilterSet):
    currency = ChoiceFilter(label=_("Currency"), choices=display_currency_choices, **REQUIRED)
    country = ChoiceFilter(label=_("Country"), choices=country_choices)
    date_from = DayFilter(label=_("From"), required=True)
    date_to = DayFilter(label=_("To"), required=True)
    tab = ChoiceFilter(label=_("Tab"), choices=TABS, **REQUIRED)
    measure = ChoiceFilter(label=_("Measure"), choices=MEASURES, **REQUIRED)
    chart = ChoiceFilter(label=_("Kind of chart"), choices=CHARTS, **REQUIRED)
    detail = ChoiceFilter(label=_("Detail"), choices=SWITCH, **REQUIRED)
    total = ChoiceFilter(label=_("All transactions"), choices=SWITCH, **REQUIRED)
    step = ChoiceFilter(label=_("Step"), choices=STEPS)  # without it as many days as there are say
    systems = SystemsFilter(
        label=_("Payment systems (All)"), choices=system_choices, widget=SystemCheckboxes
    )

    form_fields = ("currency", "country", "date_from", "date_to")

    class Meta:
        model = Transaction
        fields: list[str] = []
        form = DashboardForm

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, default in DEFAULTS.items():
            self.data.setdefault(name, default)

    def address_with(self, **changes: str | None) -> str:
        """Let other days choose their step, where hours were chosen for these."""
        if changes.keys() & self.default_days and self.request.GET.get("step") == Step.HOUR:
            changes.setdefault("step", None)
        return super().address_with(**changes)

    @cached_property
    def selection(self) -> Selection:
        chosen = self.form.cleaned_data
        return Selection(
            client=self.request.client,
            period=self.period,
            country=chosen["country"],
            currency=chosen["currency"],
        )

    @cached_property
    def today_selection(self) -> Selection | None:
        """Transactions of today, even if the days are wrong; None if currency or country are."""
        chosen, now = self.form.cleaned_data, today(self.zone)
        if not {"country", "currency"} <= chosen.keys():
            return None
        return Selection(
            client=self.request.client,
            period=Period(now, now, self.zone),
            country=chosen["country"],
            currency=chosen["currency"],
        )

    @cached_property
    def payment_systems(self) -> list[System]:
        choices = cast(forms.MultipleChoiceField, self.form.fields["systems"]).choices
        return [
            System(str(code), str(name), series_style(place))
            for place, (code, name) in enumerate(cast(Choices, choices))
        ]

    @cached_property
    def chosen_systems(self) -> list[str]:
        if "systems" not in self.data:
            return [system.code for system in self.payment_systems]
        return [code for code in self.data.getlist("systems") if code]

    @property
    def tabs(self) -> list[SwitchButton]:
        return self._choices("tab", TABS)

    @property
    def measures(self) -> list[SwitchButton]:
        return self._choices("measure", MEASURES)

    @property
    def title(self) -> str:
        """Name what the chart draws, for a picture that leaves the page."""
        return f"{dict(TABS)[self.data['tab']]}: {self.measure_label}"

    @property
    def place(self) -> str:
        """Say which days of which Client, by which clock."""
        country = self.selection.country
        parts = [days(self.period), self.request.client.name, self.zone.key]
        return " · ".join([*parts, *([country_name(country)] if country else [])])

    @property
    def file_name(self) -> str:
        return export_filename("chart", self.request.client.slug, self.period)[: -len(".csv")]

    @property
    def measure_label(self) -> str:
        return str(dict(MEASURES)[self.data["measure"]])

    @property
    def charts(self) -> list[SwitchButton]:
        return self._choices("chart", CHARTS)

    @property
    def detail_switch(self) -> SwitchButton:
        return self._switch("detail")

    @property
    def number_of_days(self) -> int:
        return len(self.period.days())

    @property
    def chosen_step(self) -> Step:
        return Step(self.form.cleaned_data["step"] or automatic_step(self.number_of_days))

    @property
    def is_by_hour(self) -> bool:
        return self.chosen_step is Step.HOUR

    @property
    def steps(self) -> list[SwitchButton]:
        """Return the steps with more than one point; hours in no address: more days refuse them."""
        automatic = automatic_step(self.number_of_days)
        return [
            SwitchButton(
                f"step-{step}",
                name,
                step is self.chosen_step,
                self.replace_state("step", [] if step is automatic else [step.value]),
            )
            for step, name in STEP_NAMES.items()
            if step in (self.chosen_step, automatic) or self._offers(step)
        ]

    def _offers(self, step: Step) -> bool:
        return step is not Step.HOUR and self.number_of_days >= SHORTEST.get(step, 1)

    @property
    def total_switch(self) -> SwitchButton:
        return self._switch("total", self.total_label)

    @property
    def total_label(self) -> str:
        withdrawals = self.data["tab"] == "withdrawals"
        return str(_("All withdrawals") if withdrawals else _("All transactions"))

    @property
    def has_no_series(self) -> bool:
        return not self.is_on("total") and not self.chosen_systems

    @property
    def all_systems_state(self) -> list[tuple[str, str]]:
        return self.replace_state("systems", [])

    def shows_only(self, code: str) -> bool:
        return self.chosen_systems == [code] and not self.is_on("total")

    def address_of_only(self, code: str) -> str:
        """Return the address that leaves one system in the chart; if it is alone, all series."""
        if self.shows_only(code):
            return self.address_with(systems=None, total=None)
        return self.address_with(systems=code, total=OFF)

    def is_on(self, name: str) -> bool:
        return bool(self.data[name] == ON)

    def _choices(self, name: str, choices: Choices) -> list[SwitchButton]:
        return [
            SwitchButton(
                f"{name}-{value}",
                label,
                self.data[name] == value,
                self.replace_state(name, [value]),
            )
            for value, label in choices
        ]

    def _switch(self, name: str, label: str = "") -> SwitchButton:
        pressed = self.is_on(name)
        state = self.replace_state(name, [OFF if pressed else ON])
        return SwitchButton(name, label or self.filters[name].label, pressed, state)

    @property
    def all_systems(self) -> SwitchButton:
        """One switch for all payment systems; pressed while some are on, it turns on the rest."""
        chosen, all_ = len(set(self.chosen_systems)), len(self.payment_systems)
        pressed = None if 0 < chosen < all_ else chosen > 0
        state = self.replace_state("systems", [""] if pressed else [])
        return SwitchButton("all-systems", self.filters["systems"].label, pressed, state)

    def replace_state(self, name: str, values: list[str]) -> list[tuple[str, str]]:
        said = [(n, v) for n, all_ in self.request.GET.lists() if n != name for v in all_]
        return said + [(name, value) for value in values]
