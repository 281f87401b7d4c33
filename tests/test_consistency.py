"""Card, point of the chart, list with its footer, and JSON: they cannot differ.

Each is held against the naive computation, over random rows, rates, zones and periods.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import fsum
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from paykassma_admin.money import places
from tests import naive
from tests.factories import make_payment_system, make_wallet, worker
from transactions.models import Transaction
from wallets.models import ExchangeRate, Wallet

pytestmark = pytest.mark.django_db

# Zones and days in them: most are days on which clocks change, which are no 24 hours long.
ZONES_AND_DAYS = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),  # has no midnight
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Havana", date(2026, 11, 1)),  # has two
    ("Asia/Kathmandu", date(2026, 11, 24)),
    ("Pacific/Kiritimati", date(2026, 11, 24)),
]
SYSTEMS = {"bkash": "BDT", "upi_l": "INR", "zaincash": "IQD"}
DISPLAY = ["USD", *SYSTEMS.values()]
CURRENCIES = [*DISPLAY, "JPY"]
COUNTRIES = ["BD", "IN"]
TOTAL_LABELS = {"transactions": "Все транзакции", "withdrawals": "Все выводы"}
CARDS = {
    "pay_ins": naive.is_pay_in,
    "fakes": naive.is_fake,
    "withdrawals_today": naive.is_withdrawal,
    "under_way_today": naive.is_under_way,
}

amounts = st.decimals(min_value="0.0001", max_value="1000000000", places=4)
rates_to_usd = st.decimals(min_value="0.0000000001", max_value="10", places=10)


@dataclass(frozen=True)
class Scene:
    zone: ZoneInfo
    now: datetime
    rows: list[naive.Row]
    rates: list[naive.Rate]
    first: date
    last: date
    currency: str
    country: str

    @property
    def address(self):
        return {
            "currency": self.currency,
            "country": self.country,
            "date_from": self.first,
            "date_to": self.last,
        }

    @property
    def today(self):
        return self.now.astimezone(self.zone).date()

    @property
    def days(self):
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]

    def rows_that(self, count, first=None, last=None):
        """Hers, of the country and the days: of the period, where none are given."""
        first, last = first or self.first, last or self.last
        return [
            row
            for row in self.rows
            if row.is_hers
            and count(row)
            and self.country in ("", row.country)
            and first <= naive.day_of(row, self.zone) <= last
        ]

    def found(self, rows, currency=None):
        return naive.found(
            rows, currency=currency or self.currency, rates=self.rates, zone=self.zone
        )


@st.composite
def moments(draw, zone, today):
    """Near the edges of days more often than not."""
    edges = st.sampled_from([time.min, time.max, time(0, 30), time(1), time(23)])
    day = today + timedelta(draw(st.sampled_from([-3, -2, -1, 0, 0, 0, 1])))
    local = datetime.combine(day, draw(edges | st.times()), zone)
    return local.replace(fold=draw(st.sampled_from([0, 1]))).astimezone(UTC)


@st.composite
def rows(draw, zone, today):
    """Most of them hers, and counted on the page."""
    type_ = draw(st.sampled_from(["real", "real", "forced", "fake", "withdrawal", "withdrawal"]))
    is_withdrawal = type_ == "withdrawal"
    currency = draw(st.sampled_from(CURRENCIES))
    rate = st.just(Decimal(1)) if currency == "USD" else rates_to_usd
    return naive.Row(
        is_hers=draw(st.sampled_from([True, True, True, True, False])),
        payment_system=draw(st.sampled_from(list(SYSTEMS))),
        direction=draw(st.sampled_from(["outgoing"] + ["incoming"] * 4 * (not is_withdrawal))),
        type=type_,
        status=draw(st.sampled_from(["activated"] * 4 + ["pending", "processing", "declined"])),
        amount=draw(amounts),
        currency=currency,
        country=draw(st.sampled_from(COUNTRIES)),
        usd_rate=draw(st.one_of(rate, rate, rate, st.none())),
        logged_at=draw(moments(zone, today)),
    )


@st.composite
def scenes(draw):
    zone, day = draw(st.sampled_from(ZONES_AND_DAYS))
    zone, now = ZoneInfo(zone), datetime.combine(day, time(12), UTC)
    today = now.astimezone(zone).date()
    row = rows(zone, today)
    seen = draw(st.lists(row, max_size=8) | st.lists(row, min_size=12, max_size=25))
    currency = draw(st.sampled_from(DISPLAY))
    last = today + timedelta(draw(st.sampled_from([0, 0, 0, 1, -1])))
    return Scene(
        zone=zone,
        now=now,
        rows=seen,
        rates=draw(st.lists(rates_near(today, currency), max_size=8)),
        first=last - timedelta(draw(st.integers(0, 4))),
        last=last,
        currency=currency,
        country=draw(st.sampled_from(["", *sorted({row.country for row in seen if row.is_hers})])),
    )


def rates_near(today, currency):
    """So few days that some have no rate, and some have several."""
    days = st.integers(-12, 1).map(lambda n: today + timedelta(n))
    of = st.sampled_from([currency, currency, "JPY"]).filter("USD".__ne__)
    return st.builds(naive.Rate, of, days, rates_to_usd)


tab_states = st.fixed_dictionaries(
    {
        "tab": st.sampled_from(["transactions", "withdrawals"]),
        "measure": st.sampled_from(["sum", "sum", "count"]),
        "detail": st.sampled_from(["on", "off"]),
        "total": st.sampled_from(["on", "on", "off"]),
    },
    optional={
        "systems": st.lists(st.sampled_from(list(SYSTEMS)), unique=True).map(lambda s: ["", *s])
    },
)

many_scenes = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def ask(client, alice, charlie):
    """Alice's browser. Both Clients have a wallet of each payment system."""
    for code, currency in SYSTEMS.items():
        make_payment_system(code, currency=currency)
        for user in (alice, charlie):
            make_wallet(user.client, payment_system=code, currency=currency)
    client.force_login(alice)
    return client.get


@contextmanager
def played(scene, alice, charlie):
    """The rows and the moment of the scene; afterwards nothing of them is left."""
    with time_machine.travel(scene.now, tick=False), transaction.atomic():
        with worker():
            Client.objects.filter(pk=alice.client.pk).update(time_zone=scene.zone.key)
            ExchangeRate.objects.bulk_create(
                ExchangeRate(
                    currency=rate.currency, day=rate.day, usd_rate=rate.usd_rate, source="test"
                )
                for rate in scene.rates
            )
            Transaction.objects.bulk_create(stored(scene.rows, alice, charlie))
        yield
        transaction.set_rollback(True)


def stored(rows, alice, charlie):
    wallets = {
        (w.client_id, w.payment_system.code): w
        for w in Wallet.objects.select_related("payment_system")
    }
    for index, row in enumerate(rows):
        owner = alice if row.is_hers else charlie
        wallet = wallets[owner.client.pk, row.payment_system]
        fields = vars(row) | {"payment_system": wallet.payment_system}
        del fields["is_hers"]
        if row.usd_rate is not None:
            in_usd = naive.amount_usd(row)
            fields |= {
                "amount_usd": Decimal(in_usd.numerator) / Decimal(in_usd.denominator),
                "usd_rate_source": "test",
                "usd_rate_at": row.logged_at,
            }
        yield Transaction(client=owner.client, wallet=wallet, number=str(index), **fields)


def is_same(amount, exact, currency):
    """To the last digit in USD; elsewhere days are divided, and division ends somewhere."""
    difference = abs(Fraction(amount) - exact)
    return difference == 0 if currency == "USD" else difference < Fraction(1, 10**20)


@many_scenes
@given(scene=scenes())
def test_a_card_and_the_list_behind_it_agree_with_a_plain_computation(ask, alice, charlie, scene):
    with played(scene, alice, charlie):
        summary = ask("/", scene.address).context["summary"]

        for name, count in CARDS.items():
            days = [scene.today, scene.today] if name.endswith("today") else []
            expected = scene.rows_that(count, *days)
            card = getattr(summary, name)
            found = scene.found(expected)
            assert (card.total.count, card.total.unconverted) == (found.count, found.unconverted)
            assert is_same(card.total.amount, found.amount, scene.currency)

            behind = ask(card.selection.address)
            totals = behind.context["filter"].totals
            assert totals.total() == card.total
            listed = [r.record.logged_at for r in behind.context["table"].page.object_list]
            assert listed == sorted((row.logged_at for row in expected), reverse=True)
            footer = {t.currency: (t.count, t.amount) for t in totals.by_currency_and_direction()}
            assert footer == arrived(expected)


def arrived(rows):
    """Count and sum of each currency, unconverted. Rows of a card go all in one direction."""
    counts, sums = Counter(), Counter()
    for row in rows:
        counts[row.currency] += 1
        sums[row.currency] += row.amount
    return {currency: (counts[currency], sums[currency]) for currency in counts}


@many_scenes
@given(scene=scenes(), state=tab_states)
def test_the_chart_and_its_json_agree_with_a_plain_computation(ask, alice, charlie, scene, state):
    with played(scene, alice, charlie):
        chart = ask("/", scene.address | state).context["chart"]
        answer = ask("/chart.json", scene.address | state).json()

    expected = {
        key: points_of(scene, rows, key[1] or scene.currency, state["measure"])
        for key, rows in series_of(scene, state).items()
    }
    assert answer["labels"] == [day.isoformat() for day in scene.days]
    assert {(s.label, s.panel) for s in chart.series} == set(expected)
    for series in chart.series:
        exact = expected[series.label, series.panel]
        assert len(series.points) == len(exact) == len(scene.days)
        currency = series.currency or "USD"
        assert all(is_same(*pair, currency) for pair in zip(series.points, exact, strict=True))
    assert [(d["label"], d["panel"]) for d in answer["datasets"]] == [
        (s.label, s.panel) for s in chart.series
    ]
    for dataset, series in zip(answer["datasets"], chart.series, strict=True):
        assert dataset["data"] == [float(point) for point in series.points]
        assert (dataset["unfinished"] is None) == (scene.today not in scene.days)


def counted_by(tab):
    return naive.is_pay_in if tab == "transactions" else naive.is_withdrawal


def series_of(scene, state):
    """(Label, panel) of each series that is to be drawn → its rows."""
    counted = scene.rows_that(counted_by(state["tab"]))
    detail = state["detail"] == "on"
    expected = {}
    for panel in {row.currency for row in counted} if detail else [""]:
        of_panel = [row for row in counted if panel in ("", row.currency)]
        if state["total"] == "on":
            expected[TOTAL_LABELS[state["tab"]], panel] = of_panel
        for code in state.get("systems", SYSTEMS):
            of_system = [row for row in of_panel if row.payment_system == code]
            if code and (of_system or not detail):
                expected[code, panel] = of_system
    return expected


def points_of(scene, rows, currency, measure):
    by_day = [[row for row in rows if naive.day_of(row, scene.zone) == day] for day in scene.days]
    found = [scene.found(of_day, currency) for of_day in by_day]
    return [Fraction(each.count) if measure == "count" else each.amount for each in found]


@many_scenes
@given(scene=scenes())
def test_points_and_payment_systems_add_up_to_the_card(ask, alice, charlie, scene):
    with played(scene, alice, charlie):
        page = ask("/", scene.address).context
        answer = ask("/chart.json", scene.address).json()

    card = page["summary"].pay_ins.total.amount
    total, *systems = page["chart"].series
    assert is_same(card, sum(map(Fraction, total.points)), scene.currency)
    for point, *parts in zip(total.points, *(s.points for s in systems), strict=True):
        assert is_same(point, sum(map(Fraction, parts)), scene.currency)
    # Read out of the drawn chart they are binary fractions: right to the currency's places,
    # as long as the amount has no more than their fifteen digits.
    drawn = fsum(answer["datasets"][0]["data"])
    tolerance = Fraction(1, 2 * 10 ** places(scene.currency)) + Fraction(card) / 10**14
    assert abs(Fraction(drawn) - Fraction(card)) < tolerance


@many_scenes
@given(scene=scenes())
def test_today_s_point_of_the_withdrawals_is_their_card(ask, alice, charlie, scene):
    with played(scene, alice, charlie):
        ends_today = scene.address | {"date_from": scene.today, "date_to": scene.today}
        page = ask("/", ends_today | {"tab": "withdrawals"}).context

    card = page["summary"].withdrawals_today.total.amount
    assert page["chart"].series[0].points == (card,)
