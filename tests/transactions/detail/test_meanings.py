import re
from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import translation

from clients.models import Client
from paykassma_admin.periods import midnight
from tests.support.factories import days_ago, make_rate, make_transaction, worker
from tests.support.pages import words
from transactions.detail.counting import transaction_kind
from transactions.detail.meanings import meaning
from transactions.models import Direction, Transaction, Type
from transactions.statuses import FINAL, IN_PROGRESS
from wallets.statuses import Status

pytestmark = pytest.mark.django_db

EVERY_STATE = [
    {"direction": direction, "type_": type_, "status": status}
    for direction, type_, status in product(Direction, Type, Status)
    if not (type_ == Type.WITHDRAWAL and direction == Direction.INCOMING)
]
CYRILLIC = re.compile("[а-яё]")


def page_of(client, user, transaction):
    client.force_login(user)
    return client.get(f"/payments/transactions/{transaction.pk}/")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_state_has_its_sentences(language):
    with translation.override(language):
        for state in EVERY_STATE:
            for sentence in (meaning(**state).state, meaning(**state).advice):
                assert str(sentence).endswith(".")
                assert bool(CYRILLIC.search(str(sentence))) == (language == "ru")


def test_statuses_of_one_flow_mean_different_things():
    for direction, type_ in {(each["direction"], each["type_"]) for each in EVERY_STATE}:
        states = {meaning(direction=direction, type_=type_, status=s).state for s in Status}
        assert len(states) == len(Status)


def test_only_final_states_are_called_final():
    for state in EVERY_STATE:
        with translation.override("en"):
            if "final" in str(meaning(**state).state):
                assert state["status"] in FINAL


@pytest.mark.parametrize("status", IN_PROGRESS)
def test_nobody_is_sent_to_pay_again_in_progress(status):
    for type_ in (Type.REAL, Type.WITHDRAWAL):
        direction = Direction.OUTGOING if type_ == Type.WITHDRAWAL else Direction.INCOMING
        with translation.override("en"):
            advice = str(meaning(direction=direction, type_=type_, status=status).advice)
        assert advice.startswith("Wait")


def test_kind_of_every_state_is_the_databases():
    with connection.cursor() as cursor:
        for state in EVERY_STATE:
            values = state["direction"], state["type_"], state["status"]
            cursor.execute("select transaction_kind(%s, %s, %s)", values)
            row = Transaction(direction=values[0], type=values[1], status=values[2])
            assert transaction_kind(row) == cursor.fetchone()[0], state


def test_page_says_state_and_advice(client, alice):
    unclaimed = make_transaction(alice, status="not_activated")

    page = words(page_of(client, alice, unclaimed))

    assert "Деньги пришли, но за ними никто не обратился" in page
    assert "сверьте номер, сумму и время с его чеком" in page
    assert "В итоги дэшборда не входит." in page


def test_page_says_them_in_english(client, alice):
    client.cookies["django_language"] = "en"

    page = words(page_of(client, alice, make_transaction(alice, type="withdrawal")))

    assert "The payout was made: the money has left the wallet for the recipient." in page
    assert "Counted on the dashboard among withdrawals." in page


@pytest.mark.parametrize("status", IN_PROGRESS)
def test_withdrawal_in_progress_says_where_it_is_shown_and_will_count(client, alice, status):
    progress = {"type": "withdrawal", "status": status}
    today = make_transaction(alice, **progress)
    before = make_transaction(alice, logged_at=days_ago(1), **progress)
    client.cookies["django_language"] = "en"

    assert "shown beside today’s withdrawals, among those in progress" in words(
        page_of(client, alice, today)
    )
    said = words(page_of(client, alice, before))
    assert "Not on the dashboard: it shows only today’s in progress." in said
    assert "it counts on the tab “Withdrawals”, on 23 Nov 2026." in said
    assert client.get("/").context["summary"].in_progress_today.total.count == 1


def test_withdrawal_of_another_day_is_counted_on_its_tab(client, alice):
    client.cookies["django_language"] = "en"
    before = make_transaction(alice, type="withdrawal", logged_at=days_ago(1))

    said = words(page_of(client, alice, before))

    assert "on the tab “Withdrawals”, on 23 Nov 2026; the card there is of today alone." in said
    assert client.get("/").context["summary"].withdrawals_today.total.count == 0


def test_reader_sees_the_same_sentences(client, alice, bob):
    assert "Тестовая запись" in words(page_of(client, bob, make_transaction(alice, type="fake")))


def test_usd_stands_with_rate_moment_and_source(client, alice):
    page = words(page_of(client, alice, make_transaction(alice)))

    assert "= 12,00 USD по курсу 0,012 от 24.11.2026 16:30:00, источник: test" in page


@pytest.mark.parametrize(
    ("before", "day"),
    [
        ("Asia/Kolkata", 23),
        ("Pacific/Kiritimati", 23),
        ("Etc/GMT+12", 23),
        ("Pacific/Apia", 22),
    ],
)
@pytest.mark.parametrize("now", ["Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland"])
def test_rate_of_the_table_has_its_day_in_every_zone(client, alice, before, now, day):
    on = date(2026, 11, day)
    make_rate("INR", "0.012", on, source="bank")
    rated_at = midnight(on, ZoneInfo(before))
    shown = make_transaction(alice, usd_rate_source="bank", usd_rate_at=rated_at)
    move(alice.client, now)

    page = words(page_of(client, alice, shown))

    assert f"по курсу 0,012 от {day}.11.2026, источник: bank" in page


def test_rate_of_a_file_keeps_its_moment(client, alice):
    at = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # a midnight of Kolkata
    make_rate("INR", "0.012", date(2026, 11, 24), source="file")
    shown = make_transaction(alice, logged_at=at, usd_rate_source="file", usd_rate_at=at)

    assert "по курсу 0,012 от 24.11.2026 00:00:00, источник: file" in words(
        page_of(client, alice, shown)
    )


def move(client, time_zone):
    with worker():
        Client.objects.filter(pk=client.pk).update(time_zone=time_zone)


def test_missing_rate_is_said_with_what_it_costs(client, alice):
    page = words(page_of(client, alice, make_transaction(alice, usd_rate=None)))

    assert "Не пересчитано в USD: курс на её день не известен." in page
    assert "Курса к USD пока нет, поэтому в сумме её не хватает." in page


def test_links_open_lists_that_hold_the_row(client, alice):
    shared = {"label": "user*7", "order_number": "A-1", "counterparty": "Ram Kumar"}
    shown = make_transaction(alice, "SHOWN", **shared)
    make_transaction(alice, "OTHER", label="user*8", counterparty="Sita")
    links = page_of(client, alice, shown).context["links"]

    for name in ("label", "order_number", "counterparty"):
        rows = client.get(getattr(links, name)).context["table"].page.object_list
        assert [row.record.number for row in rows] == ["SHOWN"]
    rows = client.get(links.wallet).context["table"].page.object_list
    assert {row.record.number for row in rows} == {"SHOWN", "OTHER"}


def test_short_names_have_no_link(client, alice):
    assert (
        page_of(client, alice, make_transaction(alice, counterparty="Al"))
        .context["links"]
        .counterparty
        == ""
    )
