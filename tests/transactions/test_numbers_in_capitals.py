import pytest

from accumulations.imports import COLUMNS as ACCUMULATION_COLUMNS
from accumulations.imports import import_accumulations
from paykassma_admin.imports.batches import Report
from tests.support.factories import (
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from tests.support.pages import errors, numbers
from tests.transactions.imports.test_imports import import_rows, outcomes, stored_row
from transactions.models import Transaction

pytestmark = pytest.mark.django_db
LIST = "/payments/transactions/"


@pytest.fixture
def bkash(alice):
    system = make_payment_system("bkash", number_ignores_case=True)
    make_wallet(alice.client, "bkash-1", payment_system="bkash")
    return system


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(LIST, {"date_from": "", "date_to": ""} | conditions)


ROW = {"payment_system": "bkash", "wallet": "bkash-1"}


@pytest.mark.usefixtures("bkash")
def test_import_stores_caseless_numbers_in_capitals(alice):
    report = import_rows(alice, ROW | {"number": "9bc4k2"}, ROW | {"number": "9Bc4K2"})

    assert outcomes(report) == {"new": 1, "unchanged": 1}
    assert stored_row(alice, "9BC4K2")


def test_other_numbers_keep_their_case(alice):
    assert outcomes(import_rows(alice, {"number": "9bc4k2"}, {"number": "9BC4K2"})) == {"new": 2}


@pytest.mark.usefixtures("bkash")
@pytest.mark.parametrize("typed", ["9bc4k2", "9BC4K2", "TrxID: 9bC4k2", "9bc*", "9b c4-k2"])
def test_caseless_numbers_are_found_in_any_case(open_list, alice, typed):
    import_rows(alice, ROW | {"number": "9bc4k2"})

    assert numbers(open_list(transaction_id=typed)) == ["9BC4K2"]
    assert errors(open_list(transaction_id=typed)) == {}


@pytest.mark.usefixtures("bkash")
def test_other_numbers_are_found_in_their_case(open_list, alice):
    make_transaction(alice, "9BC4K2")

    assert numbers(open_list(transaction_id="9bc4k2")) == []


@pytest.mark.usefixtures("bkash")
def test_accumulation_may_name_numbers_in_any_case(alice):
    import_rows(alice, ROW | {"number": "9bc4k2"})
    row = ROW | {
        "number": "A1",
        "amount": "1000",
        "currency": "INR",
        "formed_at": "2026-11-24 11:00:00",
        "transactions": "9bC4k2",
    }
    records = [(2, [row.get(name, "") for name in ACCUMULATION_COLUMNS.names])]
    report = Report()
    for batch in import_accumulations(records, client=alice.client, actor="file.csv"):
        report.add(batch)

    assert (report.errors, outcomes(report)) == ([], {"new": 1})


@pytest.fixture
def change(client, dora):
    def change(system):
        client.force_login(dora)
        form = {"name": system.name, "currency": "INR", "country": "IN", "is_active": "on"}
        inline = {"statuses-TOTAL_FORMS": 0, "statuses-INITIAL_FORMS": 0}
        return client.post(
            f"/admin/wallets/paymentsystem/{system.pk}/change/",
            form | inline | {"number_ignores_case": "on"},
        )

    return change


def numbers_of(owner):
    with seeing(owner):
        return sorted(Transaction.unscoped.values_list("number", flat=True))


def test_existing_numbers_are_put_in_capitals(change, alice):
    make_transaction(alice, "9bc4k2")
    make_transaction(alice, "other", wallet=make_wallet(alice.client, "x", payment_system="nagad"))

    assert change(make_payment_system()).status_code == 302
    assert numbers_of(alice) == ["9BC4K2", "other"]


def test_back_office_refuses_numbers_that_would_collide(change, alice):
    make_transaction(alice, "9bc4k2")
    make_transaction(alice, "9BC4K2")
    system = make_payment_system()

    page = change(system)

    assert "9BC4K2 — номер нескольких транзакций одного кошелька" in page.content.decode()
    assert numbers_of(alice) == ["9BC4K2", "9bc4k2"]
    with worker():
        system.refresh_from_db()
    assert not system.number_ignores_case
