import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.factories import make_payment_system, make_transaction, make_wallet, seeing
from tests.support.pages import numbers, words
from transactions.models import Transaction

pytestmark = pytest.mark.django_db
URL = "/payments/transactions/"


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


def test_address_matches_the_contract():
    assert reverse("transactions:list") == URL


def test_list_shows_all_directions_types_and_statuses(open_list, alice):
    make_transaction(alice, "real")
    make_transaction(alice, "fake", type="fake")
    make_transaction(alice, "forced", type="forced")
    make_transaction(alice, "payout", type="withdrawal")
    for status in ("not_activated", "declined", "pending", "processing", "failed", "cancelled"):
        make_transaction(alice, status, status=status)

    assert len(numbers(open_list())) == 10


def test_list_shows_only_the_clients_transactions(alice, charlie, open_list):
    make_transaction(alice, "HERS")
    make_transaction(charlie, "HIS")

    response = open_list()

    assertContains(response, "HERS")
    assertNotContains(response, "HIS")


def test_auditor_may_see_the_list(client, alice, bob):
    make_transaction(alice, "HERS")
    client.force_login(bob)

    assertContains(client.get(URL), "HERS")


def test_breadcrumbs_follow_the_menu(open_list):
    assert "Оплаты Транзакции Транзакции" in words(open_list())


def test_columns_follow_the_guides_order(open_list, alice):
    make_transaction(alice)

    table = open_list().context["table"]

    assert [str(column.header) for column in table.columns] == [
        "Тип кошелька",
        "Сумма транзакции",
        "Номер транзакции",
        "Контрагент",
        "Дата",
        "Лейбл / Номер заказа",
        "Страна",
        "Статус",
    ]


def test_row_shows_every_field(open_list, alice):
    bkash = make_payment_system("bkash", name="bKash", currency="BDT", country="BD")
    make_transaction(
        alice,
        "9BC4K2LQ1X",
        wallet=make_wallet(alice.client, "w2", payment_system=bkash.code),
        amount=Decimal("1250.5"),
        counterparty="রহিমা বেগম",
        label="user-12",
        order_number="order-7",
        logged_at=datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC),
    )

    row = words(open_list())

    for cell in ("bKash", "9BC4K2LQ1X", "রহিমা বেগম", "user-12", "order-7", "Бангладеш"):
        assert cell in row
    assert "1 250,50 BDT" in row
    assert "24.11.2026 14:02:51" in row  # in Kolkata


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "1 500 JPY"), ("KWD", "1 500,000 KWD")])
def test_amount_has_its_currencys_decimal_places(open_list, alice, currency, shown):
    make_transaction(alice, amount=1500, currency=currency)

    assert shown in words(open_list())


def test_outgoing_amount_is_marked(open_list, alice):
    make_transaction(alice, type="withdrawal", amount=70)

    assert "− Исходящие 70,00 INR" in words(open_list())


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("not_activated", "Не активирована"),
        ("activated", "Активирована"),
        ("declined", "Отказано"),
        ("pending", "В ожидании"),
        ("processing", "В обработке"),
        ("failed", "Сбой"),
        ("cancelled", "Отменена"),
    ],
)
def test_statuses_use_the_guides_words(open_list, alice, status, word):
    make_transaction(alice, status=status)

    assertContains(open_list(), f"pk-status-{status}")
    assertContains(open_list(), f">{word}<")


def test_payers_texts_are_escaped(open_list, alice):
    make_transaction(alice, counterparty="<script>alert(1)</script>")

    assertContains(open_list(), "&lt;script&gt;")
    assertNotContains(open_list(), "<script>alert")


def test_newest_rows_come_first_in_a_stable_order(open_list, alice):
    moment = datetime(2026, 11, 24, 8, tzinfo=UTC)
    for number in ("a", "b", "c"):
        make_transaction(alice, number, logged_at=moment)
    make_transaction(alice, "newest", logged_at=datetime(2026, 11, 24, 9, tzinfo=UTC))

    assert numbers(open_list()) == ["newest", "c", "b", "a"]


def test_page_has_25_rows_or_the_chosen_size(open_list, alice):
    for number in range(60):
        make_transaction(alice, f"n{number}")

    assert len(numbers(open_list())) == 25
    assert len(numbers(open_list(per_page=50))) == 50
    assert len(numbers(open_list(page=3))) == 10


def test_every_row_is_on_one_page(open_list, alice):
    for number in range(60):
        make_transaction(alice, f"n{number}", logged_at=datetime(2026, 11, 24, 8, tzinfo=UTC))

    found = [number for n in (1, 2, 3) for number in numbers(open_list(page=n))]

    assert len(found) == len(set(found)) == 60


def test_page_links_keep_the_filters(open_list, alice):
    for number in range(30):
        make_transaction(alice, f"n{number}")

    assertContains(open_list(direction="incoming"), "?direction=incoming&amp;page=2")


def test_list_shows_count_and_sums_by_direction(open_list, alice):
    make_transaction(alice, amount=Decimal("100.50"))
    make_transaction(alice, amount=Decimal("200"))
    make_transaction(alice, amount=Decimal("70"), type="withdrawal")
    make_transaction(alice, amount=Decimal("9"), currency="BDT")

    shown = words(open_list())

    assert "Найдено 4 транзакции" in shown
    assert "входящие 300,50 INR" in shown
    assert "исходящие 70,00 INR" in shown
    assert "входящие 9,00 BDT" in shown


def test_converted_sums_count_what_they_miss(open_list, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=500, usd_rate=None)

    assert "входящие 12,00 USD не пересчитано: 1" in words(open_list())


def test_sums_cover_all_pages(open_list, alice):
    for _ in range(30):
        make_transaction(alice, amount=10)

    assert "входящие 300,00 INR" in words(open_list())


def test_refresh_keeps_the_address_and_shows_the_time(open_list, alice):
    response = open_list(status="active", date_from="2026-11-20")

    assertContains(
        response, 'href="/payments/transactions/?status=active&amp;date_from=2026-11-20"'
    )
    assert re.search(r"обновлено 17:30:\d\d Обновить", words(response))  # noon UTC, in Kolkata


def test_reset_restores_the_defaults(open_list):
    response = open_list(status="active")

    assert re.search(
        rf'<a class="pk-reset"\s+href="{URL}"[^>]*>Сбросить</a>', response.content.decode()
    )


def test_empty_list_says_so(open_list):
    assertContains(open_list(), "За выбранные дни таких транзакций нет.")


def test_list_requires_sign_in(client):
    assert client.get(URL).headers["Location"] == f"/login/?next={URL}"


def test_query_count_does_not_grow_with_rows(
    open_list, alice, django_assert_max_num_queries, django_assert_num_queries
):
    make_transaction(alice)
    open_list()  # what can be chosen is kept
    with django_assert_max_num_queries(20) as one:
        open_list(per_page=100)
    for number in range(50):
        make_transaction(alice, f"n{number}")

    with django_assert_num_queries(len(one)):
        open_list(per_page=100)


def test_transaction_has_its_own_page(client, alice):
    transaction = make_transaction(alice, "T1", counterparty="राज कुमार", usd_rate="0.0123")
    client.force_login(alice)

    response = client.get(f"{URL}{transaction.pk}/")

    for fact in ("T1", "राज कुमार", "0,0123", "12,30", "alpha-1"):
        assertContains(response, fact)


def test_history_shows_who_changed_what(client, alice):
    transaction = make_transaction(alice, status="not_activated")
    with seeing(alice):
        Transaction.unscoped.filter(pk=transaction.pk).update(status="declined")
    client.force_login(alice)

    shown = words(client.get(f"{URL}{transaction.pk}/"))

    assert re.search(r"Статус: Не активирована → Отказано [\d.: ]+ · \+[^·]+ · alice", shown)


FILLED = {
    "label": "user-7",
    "order_number": "ORD-1",
    "counterparty": "Ravi",
    "activated_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
}


def test_history_shows_what_was_filled_in_later(client, alice):
    transaction = make_transaction(alice, activated_at=None)
    with seeing(alice):
        Transaction.unscoped.filter(pk=transaction.pk).update(**FILLED)
    client.force_login(alice)

    shown = words(client.get(f"{URL}{transaction.pk}/"))

    assert "Лейбл: — → user-7" in shown
    assert "Номер заказа: — → ORD-1" in shown
    assert "Контрагент: — → Ravi" in shown
    assert "Дата активации: — → 24.11.2026 17:30:00" in shown
    assert "ничего не менялось" not in shown


@pytest.mark.parametrize("label", ["star*", "*", r"back\*"])
def test_page_links_to_its_very_label(client, alice, label):
    make_transaction(alice, "other", label="star light")
    transaction = make_transaction(alice, "T1", label=label)
    client.force_login(alice)

    address = client.get(f"{URL}{transaction.pk}/").context["links"].label

    assert numbers(client.get(address)) == ["T1"]


def test_another_clients_transaction_is_a_404(client, alice, charlie):
    transaction = make_transaction(alice)
    client.force_login(charlie)

    assert client.get(f"{URL}{transaction.pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999999999999999999999999999"])
def test_unknown_id_is_a_404(client, alice, pk):
    client.force_login(alice)

    assert client.get(f"{URL}{pk}/").status_code == 404
