import re
from datetime import date
from decimal import Decimal

import pytest

from tests.support.factories import (
    days_ago,
    make_payment_system,
    make_rate,
    make_transaction,
    make_wallet,
    worker,
)
from tests.support.pages import words
from transactions.imports.fill_rates import DUE_OF_RATE
from transactions.models import Transaction
from wallets.models import Balance, ExchangeRate, PaymentSystem, Wallet

pytestmark = pytest.mark.django_db


def test_a_rate_is_added(office):
    response = office.post(
        "/admin/wallets/exchangerate/add/",
        {"currency": "INR", "day": "2026-11-24", "usd_rate": "0.0119", "source": "bank"},
    )

    assert response.status_code == 302
    assert ExchangeRate.objects.get().usd_rate == Decimal("0.0119")


def test_a_rate_of_the_dollar_is_refused_in_words(office):
    page = words(office.post("/admin/wallets/exchangerate/add/", SEK | {"currency": "USD"}))

    assert "Доллар США всегда стоит единицу: курса у USD нет." in page
    assert not ExchangeRate.objects.exists()


SEK = {"currency": "SEK", "day": "2026-11-23", "usd_rate": "0.105", "source": "bank"}


def test_an_added_rate_is_that_of_transactions_without_one(office, alice, charlie):
    for number, owner in (("hers", alice), ("his", charlie)):
        make_transaction(owner, number, currency="SEK", usd_rate=None)
    make_transaction(alice, "given", currency="SEK", usd_rate="0.2")
    make_transaction(alice, "before", currency="SEK", usd_rate=None, logged_at=days_ago(2))
    make_transaction(alice, "dong", currency="VND", usd_rate=None)

    page = words(office.post("/admin/wallets/exchangerate/add/", SEK, follow=True))

    assert "Он стал курсом 2 транзакций, у которых его не было." in page
    assert page.index("Запись добавлена") < page.index("Он стал курсом")
    assert "не дольше часа" not in page
    with worker():
        rates = dict(Transaction.unscoped.values_list("number", "usd_rate"))
    rate, given = Decimal("0.105"), Decimal("0.2")
    assert rates == {"hers": rate, "his": rate, "given": given, "before": None, "dong": None}
    for owner, total in ((alice, "305,00 USD"), (charlie, "105,00 USD")):
        office.force_login(owner)
        assert total.replace(" ", "\xa0") in office.get("/?date_from=2026-11-24").content.decode()


def test_an_added_rate_says_what_is_left_to_fill(office, alice, monkeypatch):
    monkeypatch.setattr("transactions.imports.fill_rates.BATCH_ROWS", 2)
    for _ in range(3):
        make_transaction(alice, currency="SEK", usd_rate=None)

    page = words(office.post("/admin/wallets/exchangerate/add/", SEK, follow=True))

    assert "Он стал курсом 2 транзакций" in page
    assert "Его могут ждать и другие транзакции, не дольше часа." in page
    with worker():
        assert Transaction.unscoped.filter(usd_rate=None).count() == 1


def test_a_rate_is_added_where_time_to_fill_is_up(office, alice, monkeypatch):
    monkeypatch.setattr("transactions.imports.fill_rates.LONGEST", "1ms")
    monkeypatch.setattr(
        "transactions.imports.fill_rates.DUE_OF_RATE",
        DUE_OF_RATE.replace("limit", "where pg_sleep(1) is not null limit"),
    )
    make_transaction(alice, currency="SEK", usd_rate=None)

    page = words(office.post("/admin/wallets/exchangerate/add/", SEK, follow=True))

    assert ExchangeRate.objects.count() == 1
    assert "Его могут ждать и другие транзакции, не дольше часа." in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("currency", "QQQ"),
        ("currency", "inr"),
        ("currency", "RUR"),
        ("currency", "XAU"),
        ("usd_rate", "0"),
        ("usd_rate", "-1"),
        ("usd_rate", "NaN"),
        ("usd_rate", "1e999999"),
        ("day", "yesterday"),
        ("day", "2026-11-26"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_at_the_field(office, field, wrong):
    rate = {"currency": "INR", "day": "2026-11-24", "usd_rate": "0.0119", "source": "bank"}

    response = office.post("/admin/wallets/exchangerate/add/", rate | {field: wrong})

    assert field in response.context["adminform"].form.errors
    assert not ExchangeRate.objects.exists()


def test_a_rate_that_jumps_is_added_only_where_it_is_said_to_be_right(office):
    make_rate("THB", "0.0285", date(2026, 11, 23))
    rate = {"currency": "THB", "day": "2026-11-24", "usd_rate": "35.08", "source": "bank"}

    response = office.post("/admin/wallets/exchangerate/add/", rate)

    assert "0.0285" in response.context["adminform"].form.errors["usd_rate"][0]
    assert ExchangeRate.objects.count() == 1
    office.post("/admin/wallets/exchangerate/add/", rate | {"accepts_jump": "on"})
    added = ExchangeRate.objects.get(day=date(2026, 11, 24))
    page = office.get(f"/admin/wallets/exchangerate/{added.pk}/change/").content.decode()
    assert "35,08" in page and "Курс верен" not in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("currency", "QQQ"), ("currency", "HRK"), ("currency", "XTS"), ("code", "")),
        *(("country", "ZZ"), ("country", "India"), ("country", "AN")),
    ],
)
def test_a_payment_system_that_cannot_be_is_refused_at_the_field(office, field, wrong):
    system = {"code": "nagad", "name": "Nagad", "currency": "BDT", "country": "BD"}
    no_statuses = {"statuses-TOTAL_FORMS": "0", "statuses-INITIAL_FORMS": "0"}

    response = office.post(
        "/admin/wallets/paymentsystem/add/", system | no_statuses | {field: wrong}
    )

    assert list(response.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize(
    ("field", "taken"),
    [("name", "phonepe"), ("name", "PHONE_PE"), ("code", "PhonePe"), ("code", "Phone_Pe")],
)
def test_name_or_code_of_another_payment_system_is_refused(office, field, taken):
    make_payment_system("phone_pe", name="PhonePe")
    system = {"code": "nagad", "name": "Nagad", "currency": "BDT", "country": "BD"}
    no_statuses = {"statuses-TOTAL_FORMS": "0", "statuses-INITIAL_FORMS": "0"}

    response = office.post(
        "/admin/wallets/paymentsystem/add/", system | no_statuses | {field: taken}
    )

    assert response.context["adminform"].form.errors == {
        field: ["Это название или код другой платёжной системы: phone_pe."]
    }


def test_payment_system_of_an_import_may_be_changed_where_its_name_is_anothers(office):
    imported = make_payment_system("PhonePe", name="PhonePe")
    make_payment_system("phone_pe", name="PhonePe")
    system = {"name": "PhonePe", "currency": "INR", "country": "IN"}
    no_statuses = {"statuses-TOTAL_FORMS": "0", "statuses-INITIAL_FORMS": "0"}

    response = office.post(
        f"/admin/wallets/paymentsystem/{imported.pk}/change/", system | no_statuses
    )

    assert response.status_code == 302


def test_a_payment_system_gets_its_statuses(office):
    response = office.post(
        "/admin/wallets/paymentsystem/add/",
        {
            "code": "nagad",
            "name": "Nagad",
            "currency": "BDT",
            "country": "BD",
            "is_active": "on",
            "statuses-TOTAL_FORMS": "1",
            "statuses-INITIAL_FORMS": "0",
            "statuses-0-status": "activated",
        },
    )

    assert response.status_code == 302
    assert PaymentSystem.objects.get(code="nagad").statuses.get().status == "activated"


@pytest.mark.parametrize(("language", "status"), [("ru", "Активирована"), ("en", "Activated")])
def test_status_of_a_payment_system_is_named_with_it_in_either_language(office, language, status):
    system = make_payment_system("nagad", name="Nagad", statuses=[])
    form = {"name": "Nagad", "currency": "INR", "country": "IN", "is_active": "on"}
    row = {
        "statuses-TOTAL_FORMS": "1",
        "statuses-INITIAL_FORMS": "0",
        "statuses-0-status": "activated",
    }
    office.post(f"/admin/wallets/paymentsystem/{system.pk}/change/", form | row)

    office.cookies["django_language"] = language
    log = words(office.get("/admin/audit/auditevent/"))

    history = words(office.get(f"/admin/wallets/paymentsystem/{system.pk}/history/"))

    assert f"Nagad · {status}" in log
    assert re.search(f"[«“]{status}[»”]", history)


def test_a_wallet_is_added_and_switched_off(office, alice):
    wallet = make_wallet(alice.client)

    response = office.post(
        f"/admin/wallets/wallet/{wallet.pk}/change/",
        {"number": wallet.number, "name": "", "currency": "INR", "country": "IN"},
    )

    assert response.status_code == 302
    with worker():
        assert not Wallet.unscoped.get(pk=wallet.pk).is_active


def test_a_wallet_of_a_currency_that_has_been_withdrawn_is_still_switched_off(office, alice):
    wallet = make_wallet(alice.client, "old", currency="HRK", country="HR")

    response = office.post(
        f"/admin/wallets/wallet/{wallet.pk}/change/",
        {"number": "old", "name": "", "currency": "HRK", "country": "HR"},
    )

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("amount", "1.234"), ("currency", "QQQ"), ("currency", "inr"), ("currency", "RUR")),
        *(("as_of", "2026-11-26"), ("as_of", "2062-11-24")),  # from 18:30 UTC on it is the 26th
    ],
)
def test_a_balance_that_cannot_be_is_refused_at_the_field(office, alice, field, wrong):
    system = make_wallet(alice.client).payment_system
    balance = {
        "client": alice.client.pk,
        "payment_system": system.pk,
        "currency": "INR",
        "amount": "1",
        "as_of": "2026-11-24",
    } | {field: wrong}
    moment = {"as_of_0": balance.pop("as_of"), "as_of_1": "12:00"}

    response = office.post("/admin/wallets/balance/add/", balance | moment)

    assert field in response.context["adminform"].form.errors
    with worker():
        assert not Balance.unscoped.exists()
