from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import escape

from paykassma_admin.periods import Period
from tests.support.factories import days_ago, make_rate, make_transaction, worker
from tests.support.pages import numbers, words
from transactions.models import Transaction
from transactions.proof.seen import seen_address
from transactions.selection import Selection

pytestmark = pytest.mark.django_db

SAME, MOVED = "Равно числу, по которому вы пришли", "изменилось"


@pytest.fixture
def board(client, alice):
    client.force_login(alice)
    return lambda **state: client.get("/", state)


@pytest.fixture
def later():
    """Move the clock on: what is recorded then is new."""
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def comparison(client):
    return lambda address: client.get(address).context.get("comparison")


def card(board):
    return board().context["summary"].pay_ins


def test_number_that_led_to_a_list_is_the_same_there(client, board, alice, comparison):
    make_transaction(alice, amount=1000)
    address = card(board).address

    assert comparison(address).is_equal
    assert "1 транзакция, 12,00 USD" in words(client.get(address))
    assert SAME in words(client.get(address))


def test_list_tells_by_how_much_a_number_moved_and_marks_the_rows(
    client, board, alice, comparison, request
):
    make_transaction(alice, "old", amount=1000)
    address = card(board).address
    request.getfixturevalue("later")
    make_transaction(alice, "new", amount=500)

    page = client.get(address)

    assert MOVED in words(page)
    assert "+1 транзакция, +6,00 USD" in words(page)
    marked = {
        row.record.number: page.context["table"].moved.get(row.record.pk)
        for row in page.context["table"].page.object_list
    }
    assert {number: str(word) for number, word in marked.items()} == {
        "new": "Новая с тех пор",
        "old": "None",
    }


def test_row_that_changed_since_is_marked(client, board, alice, request):
    row = make_transaction(alice, "T1", status="pending", amount=1000)
    address = board().context["chart"].series[0].address
    request.getfixturevalue("later")
    with worker():
        Transaction.unscoped.filter(pk=row.pk).update(status="activated")

    assert "Изменилась с тех пор" in words(client.get(address))


def test_rows_that_moved_are_a_list_those_that_left_it_too(
    client, board, alice, comparison, request
):
    rows = [make_transaction(alice, each, amount=1000) for each in ("stays", "leaves")]
    make_transaction(alice, "as it was", amount=1000)
    address = card(board).address
    request.getfixturevalue("later")
    make_transaction(alice, "new", amount=500)
    with worker():
        Transaction.unscoped.filter(pk=rows[0].pk).update(label="user-7")
        Transaction.unscoped.filter(pk=rows[1].pk).update(type="fake")

    found = comparison(address)

    assert sorted(numbers(client.get(found.moved_address))) == ["new", "stays"]
    assert sorted(numbers(client.get(found.all_moved_address))) == ["leaves", "new", "stays"]
    assert f'href="{escape(found.moved_address)}"' in client.get(address).content.decode()


@pytest.mark.parametrize("state", [{"measure": "count"}, {"detail": "on"}, {"currency": "INR"}])
def test_every_sum_of_the_legend_is_the_same_in_its_list(board, alice, comparison, state):
    make_rate("INR", "0.0125")
    make_transaction(alice, amount=1000)
    make_transaction(alice, amount=7, usd_rate=None)

    series = board(**state).context["chart"].series

    assert series
    for each in series:
        assert comparison(each.address).is_equal


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("seen=1~", "seen=2~"),
        lambda address: address.replace("status=active", "status=inactive"),
        lambda address: address.replace("seen=", "seen=x"),
        lambda address: address.split("&seen=")[0] + "&seen=",
        lambda address: address + "&country=IN",
    ],
)
def test_number_that_was_not_signed_for_these_rows_tells_nothing(board, alice, comparison, change):
    make_transaction(alice)

    assert comparison(change(card(board).address)) is None


def test_order_of_the_rows_is_no_other_number(board, alice, comparison):
    make_transaction(alice)

    assert comparison(f"{card(board).address}&sort=date").is_equal


def test_number_of_one_client_tells_another_nothing(client, alice, charlie, comparison):
    everything = Selection(client=charlie.client, period=Period(None, None, charlie.client.zone))
    client.force_login(alice)

    assert comparison(seen_address(everything, 0)) is None


@pytest.fixture
def listed(client, alice):
    """Return the link of a list that remembers its number."""
    client.force_login(alice)
    return lambda **conditions: client.get("/payments/transactions/", conditions).context["link"]


def test_link_of_a_list_remembers_its_number(client, alice, comparison, listed):
    make_transaction(alice)
    link = listed()

    assert comparison(link).is_equal
    make_transaction(alice)
    assert "входящие +1 транзакция, +12,00 USD" in words(client.get(link))


def test_link_of_pay_ins_and_payouts_remembers_both_sums(client, alice, comparison, listed):
    make_transaction(alice, amount=1000)
    payout = make_transaction(alice, amount=500, type="withdrawal")
    link = listed()
    assert comparison(link).is_equal

    with worker():
        Transaction.unscoped.filter(pk=payout.pk).update(amount=1500, amount_usd=18)

    said = words(client.get(link))
    assert "входящие 1 транзакция, 12,00 USD; исходящие 1 транзакция, 6,00 USD" in said
    assert "С тех пор: исходящие 0 транзакций, +12,00 USD." in said


def test_payouts_that_join_pay_ins_are_not_added_to_their_sum(client, alice, listed):
    make_transaction(alice, amount=1000)
    link = listed()
    make_transaction(alice, amount=500, type="withdrawal")

    assert "С тех пор: исходящие +1 транзакция, +6,00 USD." in words(client.get(link))


def test_list_without_rows_is_the_same_without_rows(client, alice, listed):
    link = listed()

    assert "0 транзакций, 0,00 USD" in words(client.get(link))


@pytest.mark.parametrize(("language", "said"), [("ru", "−1 транзакция"), ("en", "−1 transaction,")])
def test_one_less_is_one(client, alice, listed, language, said):
    make_transaction(alice)
    gone = make_transaction(alice)
    link = listed()
    client.cookies["django_language"] = language
    with worker():
        Transaction.unscoped.filter(pk=gone.pk).update(logged_at=days_ago(50))

    assert said in words(client.get(link))


def test_sum_that_becomes_known_is_told(client, alice, listed):
    make_transaction(alice, amount=1000, currency="BDT", usd_rate="0.01")
    link = listed(currency="INR")
    make_rate("INR", "0.0125")

    said = words(client.get(link))
    assert "было входящие 1 транзакция, сумма не известна" in said
    assert "0 транзакций; сумма, тогда не известная, теперь 800,00 INR." in said


def test_rate_that_was_corrected_is_named_where_no_row_moved(client, alice, listed, request):
    make_transaction(alice, amount=1000, currency="BDT", usd_rate="0.01")
    make_rate("INR", "0.0125", days_ago(1).date())
    link = listed(currency="INR")
    request.getfixturevalue("later")
    make_rate("INR", "0.0130")

    said = words(client.get(link))
    assert "С тех пор записаны курсы INR на 24.11.2026. Почему это число?" in said
    assert "Только изменившиеся" not in said
    assert "нет строк, новых" not in said


def test_number_that_was_seen_stays_in_another_order_and_not_with_other_days(client, alice, listed):
    make_transaction(alice)
    filters = client.get(listed()).context["filter"]

    assert "seen=" in filters.address_with(sort="date")
    assert "seen=" not in filters.address_with(date_from="2026-11-01")


def test_page_without_a_moved_row_says_so(client, alice, listed):
    make_transaction(alice)
    gone = make_transaction(alice)
    link = listed()
    with worker():
        Transaction.unscoped.filter(pk=gone.pk).update(logged_at=days_ago(50))

    said = words(client.get(link))
    assert "отмечены" not in said
    assert "На этой странице нет строк, новых или изменившихся с тех пор." in said


def relative_link(client, **conditions):
    return client.get("/payments/transactions/", conditions).context["relative_link"]


def test_link_by_name_is_equal_on_its_day(client, alice, comparison):
    make_transaction(alice, logged_at=days_ago(1))
    client.force_login(alice)
    yesterday = {"date_from": "2026-11-23", "date_to": "2026-11-23"}

    link = relative_link(client, **yesterday)

    assert "days=yesterday" in link and "date_from" not in link
    assert comparison(link).is_equal


def test_link_by_name_opens_the_days_of_its_opening(client, alice, comparison):
    make_transaction(alice, "seen", amount=1000, logged_at=days_ago(1))
    make_transaction(alice, "today", amount=500)
    client.force_login(alice)
    link = relative_link(client, date_from="2026-11-23", date_to="2026-11-23")

    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        client.force_login(alice)
        page = client.get(link)

        assert numbers(page) == ["today"]
        assert "за другие дни, 23.11.2026: входящие 1 транзакция, 12,00 USD" in words(page)
        then = page.context["comparison"].address
        assert numbers(client.get(then)) == ["seen"]
        assert comparison(then).is_equal


@pytest.mark.parametrize("seen", ["1~12~USD~99999999999999999999~x", "~~~~~", "1~x~USD~1~x", "x"])
def test_unsigned_number_of_a_period_tells_nothing(client, alice, comparison, seen):
    client.force_login(alice)

    assert comparison(f"/payments/transactions/?days=yesterday&seen={seen}") is None


def test_days_without_a_name_have_no_link_by_name(client, alice):
    make_transaction(alice)
    client.force_login(alice)

    page = client.get("/payments/transactions/", {"date_from": "2026-11-20"})

    assert not page.context["relative_link"]
