from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.factories import make_transaction
from tests.support.marks import slow
from tests.support.pages import numbers, words
from transactions.detail import steps, views

pytestmark = pytest.mark.django_db

LIST = "/payments/transactions/"
ORDERS = ["", "sort=date", "sort=amount&arrival_currency=INR", "sort=-amount&arrival_currency=INR"]


@pytest.fixture
def rows(alice):
    """Ten rows, some of one moment and of one amount."""
    now = timezone.now()
    return {
        f"N{n}": make_transaction(
            alice,
            f"N{n}",
            logged_at=now - timedelta(hours=n // 2),
            amount=100 + n // 3,
            status=["activated", "pending"][n % 2],
        )
        for n in range(10)
    }


@pytest.fixture
def walk(client, alice, rows):
    def walk(query, name):
        """Follow `previous` or `following` from row to row to the end."""
        listed = numbers(client.get(f"{LIST}?{query}"))
        at = listed[0] if name == "following" else listed[-1]
        address, met = f"{LIST}{rows[at].pk}/?{query}", []
        while address:
            page = client.get(address)
            met.append(page.context["transaction"].number)
            address = page.context.get(name)
        return listed, met

    client.force_login(alice)
    return walk


@pytest.mark.parametrize(
    "conditions", ["&amount_from=101&amount_to=102", *slow("", "&state=pending")]
)
def test_steps_walk_the_list_down(walk, subtests, conditions):
    for order in ORDERS:
        with subtests.test(order):
            listed, met = walk(f"{order}{conditions}", "following")
            assert met == listed


def test_steps_walk_the_list_up(walk, subtests):
    for order in ORDERS:
        with subtests.test(order):
            listed, met = walk(f"{order}&state=pending", "previous")
            assert met == listed[::-1]


def test_default_list_needs_no_parameters(client, alice, rows):
    client.force_login(alice)

    page = client.get(f"{LIST}{rows['N4'].pk}/")

    assert page.context["previous"] == f"{LIST}{rows['N5'].pk}/"
    assert page.context["following"] == f"{LIST}{rows['N7'].pk}/"


def test_row_outside_the_default_days_has_no_steps(client, alice, rows):
    old = make_transaction(alice, "OLD", logged_at=timezone.now() - timedelta(days=30))
    client.force_login(alice)

    page = client.get(f"{LIST}{old.pk}/")

    assert "В списке" not in words(page)
    assert "previous" not in page.context and "following" not in page.context


def test_invalid_parameters_give_no_steps(client, alice, rows):
    client.force_login(alice)

    page = client.get(f"{LIST}{rows['N4'].pk}/?date_from=nonsense")

    assert page.status_code == 200
    assert "following" not in page.context


def test_steps_lead_to_no_stranger(client, alice, charlie, rows, nets):
    make_transaction(charlie, "HIS", logged_at=timezone.now() - timedelta(minutes=1))
    client.force_login(alice)
    address, met = f"{LIST}{rows['N8'].pk}/?date_from=", []
    while address:
        page = client.get(address)
        met.append(page.context["transaction"].number)
        address = page.context.get("previous")

    assert len(met) == 10 and "HIS" not in met


def test_sparse_row_is_looked_for_so_far(client, alice, rows, monkeypatch):
    client.force_login(alice)
    make_transaction(alice, "FAR", logged_at=timezone.now() - timedelta(days=1), status="failed")
    first = make_transaction(alice, "FIRST", status="failed", logged_at=timezone.now())
    address = f"{LIST}{first.pk}/?state=failed"

    assert client.get(address).context["following"]
    monkeypatch.setattr(steps, "WALKED", 5)
    monkeypatch.setattr(views, "WALKED", 5)
    page = client.get(address)
    assert not page.context["following"]
    assert "другой в пределах 5 строк нет" in words(page)


def test_end_of_the_list_is_no_bound(client, alice, rows, monkeypatch):
    client.force_login(alice)
    make_transaction(alice, "OLD", logged_at=timezone.now() - timedelta(days=30))
    monkeypatch.setattr(steps, "WALKED", 9)

    page = client.get(f"{LIST}{rows['N8'].pk}/?type=real")

    assert page.context["previous"] and not page.context["following"]
    assert "в пределах" not in words(page)


def test_steps_read_the_index_of_moments(client, alice, rows):
    client.force_login(alice)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{LIST}{rows['N4'].pk}/?state=pending")
    steps = [q["sql"] for q in asked if q["sql"].endswith("LIMIT 1") and "COALESCE" in q["sql"]]

    assert len(steps) == 2
    for sql in steps:
        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
            cursor.execute(f"explain {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "transaction_recent_" in plan
