"""Files from the field (tests/field_cases) through the command, and what pages and API then say."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.actions import create_api_key
from audit.record import Actor
from tests.support.factories import (
    make_balance,
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from tests.support.pages import csv_rows, words
from transactions.models import Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

CASES = Path(__file__).parents[2] / "field_cases"
LIST = "/payments/transactions/"


@pytest.fixture(autouse=True)
def last_of_november():
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def run(alice):
    """Run a command on a field case: the line of counts, and what it says of each row."""
    make_wallet(alice.client, "g-wallet-1")

    def run(command, case, *options):
        out, err = io.StringIO(), io.StringIO()
        [file] = CASES.glob(f"{case}-*.csv")
        options = list(options) if command == "import_rates" else ["--client=alpha", *options]
        with suppress(CommandError):
            call_command(command, str(file), *options, stdout=out, stderr=err, no_color=True)
        [counted] = [line for line in out.getvalue().splitlines() if line.startswith("read")]
        return counted, err.getvalue()

    return run


@pytest.fixture
def visitor(client, alice):
    client.force_login(alice)
    return client


def numbers(owner):
    with seeing(owner):
        return sorted(Transaction.unscoped.values_list("number", flat=True))


def balance_by_api(visitor, owner):
    answer = answer_of_api(visitor, owner, "upi_l").json()
    return answer["balance"], answer["as_of"]


def answer_of_api(visitor, owner, wallet_type):
    with worker():
        key = create_api_key(owner.client, name=f"shop for {wallet_type}", by=Actor("test"))
    return visitor.post(
        "/api/v1/wallets/balance",
        json.dumps({"wallet_type": wallet_type}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


@pytest.mark.parametrize("is_future_one_stored", [False, True])
def test_a_balance_of_the_future_is_never_the_answer(run, alice, visitor, is_future_one_stored):
    if is_future_one_stored:
        make_balance(alice, amount=Decimal(9999999), as_of=datetime(2062, 11, 30, tzinfo=UTC))

    first, told = run("import_balances", "09")
    then, _told = run("import_balances", "09b")
    page = visitor.get("/wallets/balance/?wallet_type=upi_l").content.decode()

    assert "new 1" in first and "refused 1" in first
    assert "строка 2: as_of: «2062-11-30 10:00:00» — позже завтрашнего дня" in told
    assert "new 1" in then and "refused 1" in then
    assert balance_by_api(visitor, alice) == (151234, "2026-11-30T15:00:00+05:30")
    assert "151\N{NO-BREAK SPACE}234,00" in page and "30.11.2026 15:00" in page
    assert "2062" not in page


def test_transactions_of_the_future_are_refused(run, alice):
    counted, told = run("import_transactions", "23")

    assert "new 0" in counted and "refused 2" in counted
    assert told.count("logged_at") == 2
    assert numbers(alice) == []


def test_a_transaction_is_not_activated_before_it_is_logged(run, alice):
    counted, told = run("import_transactions", "23b")

    assert "new 0" in counted and "refused 1" in counted
    assert "activated_at: раньше, чем logged_at" in told


def test_currencies_that_are_no_more_are_refused(run, alice):
    counted, told = run("import_transactions", "10")

    assert "read 12, new 0" in counted and "refused 12" in counted
    assert "«RUR» исключена из ISO 4217 (2004-01). Пишите «RUB»" in told
    assert "«XAU» в ISO 4217 — не деньги" in told
    assert numbers(alice) == []


def test_a_rate_that_jumps_is_refused_and_converts_nothing(run, alice, visitor):
    counted, told = run("import_rates", "21")
    run("import_transactions", "21b")

    assert "new 1" in counted and "refused 1" in counted
    assert "строка 3: usd_rate: 35.08 отличается от курса за 2026-11-28, 0.0285," in told
    with seeing(alice):
        amounts = Transaction.unscoped.order_by("number").values_list("amount_usd", flat=True)
        assert list(amounts) == [Decimal("28.5"), Decimal("28.5")]
    page = visitor.get(LIST).content.decode()
    assert "57,00" in page and "35\N{NO-BREAK SPACE}" not in page


def test_a_rate_that_jumps_is_taken_where_the_command_is_told(run):
    counted, _told = run("import_rates", "21", "--accept-jumps")

    assert "new 2" in counted and "refused 0" in counted


@pytest.mark.parametrize(
    ("case", "number"), [("13", "TC-1"), ("13b", "TCH-1"), ("13c", "TCR-1"), ("15", "SEP-1")]
)
def test_files_as_spreadsheets_write_them_are_read(run, alice, visitor, case, number):
    counted, told = run("import_transactions", case)

    assert (counted[:13], told) == ("read 1, new 1", "")
    assert numbers(alice) == [number]
    assert number in visitor.get(LIST).content.decode()


def test_what_an_import_brings_is_offered_at_once(run, alice, visitor):
    """The pages were asked a moment ago, so that this process remembers what it offered then."""
    pages = ["/", LIST]
    for page in pages:
        visitor.get(page)

    run("import_transactions", "22", "--create-wallets")

    for page in pages:
        content = visitor.get(page).content.decode()
        for offered in ("easypaisa", "nagad", "Пакистан"):
            assert offered in content
    assert "fw-2" in content


def test_a_country_that_a_known_wallet_brings_is_offered_at_once(run, alice, visitor):
    visitor.get(LIST)

    run("import_transactions", "21b")

    assert '<option value="TH">Таиланд' in visitor.get(LIST).content.decode()


LARGE = {
    "vndpay": ("VND", "1234567890123456.0", "1 234 567 890 123 456 VND"),
    "kwdpay": ("KWD", "123456789012345.678", "123 456 789 012 345,678 KWD"),
    "irrpay": ("IRR", "1234567890123456.78", "1 234 567 890 123 456,78 IRR"),
}


def test_figures_of_many_digits_are_the_same_everywhere(run, alice, visitor):
    """In the form, the API, the list, the chart and its table: a float has fifteen digits."""
    for code, (currency, _json, _shown) in LARGE.items():
        make_payment_system(code, currency=currency, country=currency[:2])
    assert "new 3" in run("import_transactions", "17a", "--create-wallets")[0]
    assert "new 3" in run("import_balances", "17")[0]

    for code, (_currency, in_json, shown) in LARGE.items():
        page = visitor.get("/wallets/balance/", {"wallet_type": code})
        assert shown in words(page)
        assert f'"balance": {in_json},' in answer_of_api(visitor, alice, code).content.decode()
    detail = {"date_from": "2026-11-24", "detail": "on"}
    sets = visitor.get("/chart.json", detail).json()["datasets"]
    assert {each["panel"]: each["data"][0] for each in sets} == {
        "VND": "500",
        "KWD": "500.125",
        "IRR": "1234567890123456.78",
    }
    table = words(visitor.get("/", detail))
    assert "1 234 567 890 123 456,78" in table and "500,125" in table
    listed = words(visitor.get(LIST))
    assert "1 234 567 890 123 456,78 IRR" in listed and "500,125 KWD" in listed


OF_ALL_DAYS = {"date_from": "", "date_to": ""}
SOLD = ["BDT", "EGP", "INR", "KES", "LKR", "MAD", "MMK", "NGN", "NPR", "PKR"]


def test_each_of_ten_currencies_keeps_its_sum_on_every_page(run, alice, visitor):
    counted, told = run("import_transactions", "11", "--create-wallets")
    of_them = {"date_from": "2026-10-01", "date_to": "2026-10-10"}
    pay_ins = visitor.get("/", of_them).context["summary"].pay_ins.total
    cards = [
        visitor.get("/", of_them | {"currency": currency}).context["summary"].pay_ins.total
        for currency in SOLD
    ]
    charted = visitor.get("/chart.json", of_them | {"detail": "on"}).json()["datasets"]
    listed = words(visitor.get(LIST, of_them))
    rows = csv_rows(visitor.get(f"{LIST}export.csv", of_them))

    assert (counted[:16], told) == ("read 10, new 10,", "")
    assert (pay_ins.amount, pay_ins.count, pay_ins.unconverted) == (Decimal("1234567.89"), 10, 0)
    assert {(card.amount, card.unconverted) for card in cards} == {(Decimal("12345678.90"), 9)}
    assert {each["panel"] for each in charted} == set(SOLD)
    assert {sum(map(Decimal, each["data"])) for each in charted} == {Decimal("12345678.9")}
    for currency in SOLD:
        assert f"{currency} входящие 12 345 678,90 {currency}" in listed
    assert "входящие 1 234 567,89 USD" in listed
    assert sorted(row["currency"] for row in rows) == SOLD
    assert sum(Decimal(row["amount_usd"]) for row in rows) == Decimal("1234567.89")
    call_command("check_totals", stdout=io.StringIO())


@pytest.mark.parametrize("case", ["03", "03b", "10", "23", "23b"])
def test_what_is_refused_changes_no_page(run, alice, visitor, case):
    make_transaction(alice, "432198765099", amount=1250, usd_rate="0.0119")

    counted, _told = run("import_transactions", case, "--create-wallets")

    assert "new 0, changed 0" in counted
    assert figures(visitor, "INR") == {
        "list": (1, "1250.0000"),
        "dashboard": (1, "1250.0000"),
        "file": (1, "1250.0000"),
    }
    assert "RUR" not in words(visitor.get("/")) + words(visitor.get(LIST, OF_ALL_DAYS))


@pytest.mark.parametrize(
    ("case", "currency", "count", "amount"),
    [
        ("04", "INR", 2, "1200.0000"),
        ("06", "INR", 1, "500.0000"),
        ("07", "INR", 11, "1100.0000"),
        ("13", "INR", 1, "500.0000"),
        ("13b", "INR", 1, "500.0000"),
        ("13c", "INR", 1, "500.0000"),
        ("15", "INR", 1, "500.0000"),
        ("21b", "THB", 2, "2000.0000"),
        ("22", "USD", 3, "600.0000"),
    ],
)
def test_what_is_taken_is_the_same_on_every_page(
    run, alice, visitor, case, currency, count, amount
):
    run("import_transactions", case, "--create-wallets")

    told = figures(visitor, currency)

    assert told == dict.fromkeys(("list", "dashboard", "file"), (count, amount))


def figures(visitor, currency):
    """Return the number of rows and their sum in the currency of arrival, by place."""
    listed = visitor.get(LIST, OF_ALL_DAYS).context["filter"]
    arrived = listed.totals.select_arrival_currency(currency).total()
    rows = csv_rows(visitor.get(f"{LIST}export.csv", OF_ALL_DAYS))
    card = visitor.get("/", {"currency": currency}).context["summary"].pay_ins.total
    return {
        "list": (listed.totals.count, f"{arrived.amount:.4f}"),
        "dashboard": (card.count, f"{card.amount:.4f}"),
        "file": (len(rows), f"{sum(Decimal(row['amount']) for row in rows):.4f}"),
    }
