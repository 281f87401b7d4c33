from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.factories import make_transaction, make_wallet
from tests.support.pages import numbers, words

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def at():
    return timezone.now() - timedelta(days=40)  # 17:30 of its day in Kolkata


@pytest.fixture
def near(client, alice):
    def near(transaction):
        """Return the numbers of each group by its likeness."""
        client.force_login(alice)
        groups = client.get(f"/payments/transactions/{transaction.pk}/").context["neighbours"]
        return {group.likeness: [each.row.number for each in group.shown] for group in groups}

    return near


def test_amounts_within_one_percent_are_near(alice, at, near):
    shown = make_transaction(alice, "SHOWN", amount=1000, logged_at=at)
    for amount in ("989.99", 990, 1010, "1010.01"):
        make_transaction(alice, f"{amount}", amount=Decimal(amount), logged_at=at)

    assert near(shown) == {"amount": ["1010", "990"]}


def test_amounts_within_two_hours_are_near(alice, at, near):
    shown = make_transaction(alice, "SHOWN", logged_at=at)
    second = timedelta(seconds=1)
    for name, apart in (("late", 2 * HOUR + second), ("later", 2 * HOUR), ("earlier", -2 * HOUR)):
        make_transaction(alice, name, logged_at=at + apart)

    assert near(shown) == {"amount": ["later", "earlier"]}


def test_amounts_of_other_currencies_are_not_near(alice, at, near):
    bkash = make_wallet(alice.client, "b-1", payment_system="bkash", currency="BDT")
    make_transaction(alice, "TAKA", wallet=bkash, logged_at=at)

    assert near(make_transaction(alice, "SHOWN", logged_at=at)) == {}


def test_spellings_of_one_counterparty_are_near(alice, at, near):
    shown = make_transaction(alice, "SHOWN", counterparty="Ram Kumar", logged_at=at, amount=7)
    make_transaction(alice, "SAME", counterparty="RAM KUMAR", logged_at=at)
    make_transaction(alice, "OTHER", counterparty="Ram Kumaraswamy", logged_at=at)

    assert near(shown) == {"counterparty": ["SAME"]}


def test_counterparty_is_near_for_thirty_whole_days(alice, at, near):
    texts = {"counterparty": "Ram Kumar", "amount": 7}
    shown = make_transaction(alice, "SHOWN", logged_at=at, **texts)
    make_transaction(alice, "FIRST", logged_at=at - 30 * DAY - 17 * HOUR, **texts)
    make_transaction(alice, "BEFORE", logged_at=at - 30 * DAY - 18 * HOUR, **texts)
    make_transaction(alice, "LAST", logged_at=at + 30 * DAY + 6 * HOUR, **texts)
    make_transaction(alice, "AFTER", logged_at=at + 30 * DAY + 7 * HOUR, **texts)

    assert near(shown) == {"counterparty": ["LAST", "FIRST"]}


def test_label_of_the_clients_day_is_near(alice, at, near):
    shown = make_transaction(alice, "SHOWN", label="user-7", logged_at=at, amount=7)
    make_transaction(alice, "MORNING", label="user-7", logged_at=at - 17 * HOUR)
    make_transaction(alice, "DAY BEFORE", label="user-7", logged_at=at - 18 * HOUR)

    assert near(shown) == {"label": ["MORNING"]}


def test_empty_label_and_counterparty_are_like_nothing(alice, at, near):
    make_transaction(alice, "OTHER", logged_at=at, amount=7)

    assert near(make_transaction(alice, "SHOWN", logged_at=at)) == {}


def test_group_is_cut_and_says_so(client, alice, at):
    shown = make_transaction(alice, "SHOWN", label="user-7", logged_at=at, amount=7)
    for n in range(11):
        make_transaction(alice, f"N{n}", label="user-7", logged_at=at)
    client.force_login(alice)

    page = client.get(f"/payments/transactions/{shown.pk}/")

    [group] = page.context["neighbours"]
    assert (len(group.shown), group.has_more) == (10, True)
    assert "Есть и другие." in words(page)
    assert len(numbers(client.get(group.selection.address))) == 12  # the shown one, too


def test_links_open_the_conditions_they_name(client, alice, at):
    texts = {"label": "user*7", "counterparty": "Ram Kumar", "logged_at": at}
    shown = make_transaction(alice, "SHOWN", amount=7, **texts)
    make_transaction(alice, "NEAR", **texts)
    make_transaction(alice, "FAR", **texts | {"logged_at": at - 31 * DAY})
    client.force_login(alice)
    page = client.get(f"/payments/transactions/{shown.pk}/")

    by_name, by_label = (group.selection for group in page.context["neighbours"])

    assert numbers(client.get(by_name.address)) == numbers(client.get(by_label.address))
    assert "Все с «Ram Kumar» в контрагенте, 15.09.2026 – 14.11.2026" in words(page)
    assert "Все с лейблом «user*7», 15.10.2026" in words(page)


def test_link_of_amounts_opens_the_days_it_touches(client, alice, at):
    shown = make_transaction(alice, "SHOWN", amount="1000.03", logged_at=at + 6 * HOUR)
    for amount in ("990.02", "990.03", "1010.03", "1010.04"):
        make_transaction(alice, amount, amount=Decimal(amount), logged_at=at + 5 * HOUR)
    client.force_login(alice)
    page = client.get(f"/payments/transactions/{shown.pk}/")

    [group] = page.context["neighbours"]

    assert [each.row.number for each in group.shown] == ["1010.03", "990.03"]
    listed = numbers(client.get(group.selection.address))
    assert listed == ["SHOWN", "1010.03", "990.03"]
    assert "Все от 990,0297 до 1 010,0303 INR, 15.10.2026 – 16.10.2026" in words(page)


def test_time_apart_is_said(client, alice, at):
    shown = make_transaction(alice, "SHOWN", logged_at=at)
    make_transaction(alice, "SAME", logged_at=at)
    make_transaction(alice, "LATER", logged_at=at + timedelta(minutes=65))
    client.force_login(alice)

    page = words(client.get(f"/payments/transactions/{shown.pk}/"))

    assert "на 1 ч 5 мин позже" in page
    assert "в ту же секунду" in page


def test_strangers_rows_are_not_near(alice, charlie, at, near, nets):
    texts = {"label": "user-7", "counterparty": "Ram Kumar", "logged_at": at}
    make_transaction(charlie, "HIS", **texts)

    assert near(make_transaction(alice, "SHOWN", **texts)) == {}


def test_each_group_is_read_from_an_index(client, alice, at):
    texts = {"label": "user-7", "counterparty": "Ram Kumar", "logged_at": at}
    shown = make_transaction(alice, "SHOWN", **texts)
    client.force_login(alice)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/payments/transactions/{shown.pk}/")

    conditions = ('"amount" >=', '"counterparty_key" =', '"label" =')
    found = [
        q["sql"]
        for q in asked
        if any(f'"transactions_transaction".{c}' in q["sql"] for c in conditions)
    ]
    plans = [explain(sql) for sql in found]

    assert len(plans) == 3
    for plan in plans:  # of a table so small, statistics alone choose which
        assert "transaction_" in plan and "Seq Scan" not in plan


def explain(sql):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
