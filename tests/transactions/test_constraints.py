import pytest
from django.db import ProgrammingError
from django.utils import translation

from tests.support.database.raw_sql import constraint_that_refuses, execute, insert
from tests.support.factories import (
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from transactions.models import Change, ChangeField, Transaction

pytestmark = pytest.mark.django_db

NOW = "2026-11-24 12:00+00"
RATE = {"usd_rate": "0.012", "amount_usd": "12", "usd_rate_source": "bank", "usd_rate_at": NOW}
FORCING = {"forced_by": "olga", "forced_at": NOW, "forced_reason": "receipt shown"}
BREAKS = [
    ("transaction_has_a_number", {"number": ""}),
    ("transaction_direction_known", {"direction": "sideways"}),
    ("transaction_type_known", {"type": "imagined"}),
    ("transaction_amount_positive", {"amount": 0}),
    ("transaction_amount_positive", {"amount": -1}),
    ("transaction_currency_form", {"currency": "RS"}),
    ("transaction_country_form", {"country": "in"}),
    ("transaction_withdrawal_is_outgoing", {"type": "withdrawal"}),
    ("transaction_activated_at_only_where_activated", {"status": "pending", "activated_at": NOW}),
    (
        "transaction_not_activated_before_it_is_logged",
        {"activated_at": NOW, "logged_at": "2026-11-24 12:00:00.000001+00"},
    ),
    ("transaction_within_known_years", {"logged_at": "1999-12-30 23:59+00"}),
    ("transaction_within_known_years", {"activated_at": "2100-01-02 00:00+00"}),
    *(
        (
            "transaction_rate_whole_or_absent",
            {field: value for field, value in RATE.items() if field != left_out},
        )
        for left_out in RATE
    ),
    ("transaction_rate_whole_or_absent", RATE | {"usd_rate": 0, "amount_usd": 0}),
    ("transaction_amount_usd_follows_its_rate", RATE | {"amount_usd": "12.0001"}),
    ("transaction_usd_is_worth_one", RATE | {"currency": "USD"}),
    *(
        ("transaction_forcing_whole_or_absent", {"type": "forced"} | FORCING | {field: None})
        for field in FORCING
    ),
    ("transaction_forcing_whole_or_absent", FORCING),
    ("transaction_status_of_payment_system", {"status": "failed"}),
    ("transaction_row_is_of_a_source", {"source_row": 2}),
]
BROKEN = {
    *(constraint for constraint, _change in BREAKS),
    "transaction_number_once",
    "transaction_wallet_of_client_and_payment_system",
    "change_field_known",
    "change_transaction_of_client",
}


@pytest.fixture
def good(alice):
    make_payment_system("bkash", statuses=["activated", "pending"])
    wallet = make_wallet(alice.client, "1", payment_system="bkash")
    return {
        "client_id": alice.client.pk,
        "wallet_id": wallet.pk,
        "payment_system_id": wallet.payment_system_id,
        "number": "T1",
        "direction": "incoming",
        "type": "real",
        "status": "activated",
        "amount": 1000,
        "currency": "INR",
        "country": "IN",
        "label": "",
        "order_number": "",
        "counterparty": "",
        "logged_at": NOW,
        "recorded_at": NOW,
    }


@pytest.mark.parametrize("more", [{}, RATE, {"type": "forced"}, {"type": "forced"} | FORCING])
def test_valid_row_is_accepted(good, more):
    with worker():
        insert("transactions_transaction", good | more)


@pytest.mark.parametrize(("constraint", "change"), BREAKS)
def test_invalid_row_is_refused(good, constraint, change):
    assert constraint_that_refuses("transactions_transaction", good | change) == constraint


def test_number_is_unique_on_a_wallet(good):
    constraint = constraint_that_refuses("transactions_transaction", good, good)

    assert constraint == "transaction_number_once"


@pytest.mark.parametrize("field", ["wallet_id", "client_id", "payment_system_id"])
def test_transaction_belongs_to_its_wallets_client_and_system(good, alice, charlie, field):
    other = make_wallet(charlie.client)
    others = {
        "wallet_id": other.pk,
        "client_id": charlie.client.pk,
        "payment_system_id": other.payment_system_id,
    }

    constraint = constraint_that_refuses("transactions_transaction", good | {field: others[field]})

    assert constraint == "transaction_wallet_of_client_and_payment_system"


def test_member_cannot_write_another_clients_transaction(good, charlie):
    with pytest.raises(ProgrammingError, match="row-level security"), seeing(charlie):
        insert("transactions_transaction", good)


# History


def test_change_records_before_after_and_actor(alice):
    row = make_transaction(alice, status="pending", type="real", usd_rate=None)

    with seeing(alice):
        Transaction.unscoped.filter(pk=row.pk).update(
            status="activated",
            type="forced",
            usd_rate="0.01",
            amount_usd="10",
            usd_rate_source="bank",
            usd_rate_at=NOW,
        )
        kept = {c.field: (c.before, c.after, c.actor) for c in Change.unscoped.all()}

    assert kept == {
        "status": ("pending", "activated", "alice"),
        "type": ("real", "forced", "alice"),
        "rate": ("", "0.0100000000", "alice"),
    }


def test_upsert_is_recorded_and_insert_is_not(alice):
    row = make_transaction(alice, status="pending")
    again = Transaction(
        client=alice.client,
        wallet=row.wallet,
        payment_system=row.payment_system,
        number=row.number,
        direction="incoming",
        type="real",
        status="activated",
        amount=1000,
        currency="INR",
        country="IN",
        logged_at=row.logged_at,
    )

    with seeing(alice):
        Transaction.unscoped.bulk_create(
            [again],
            update_conflicts=True,
            unique_fields=["number", "client", "wallet"],
            update_fields=["status"],
        )
        kept = [(c.transaction_id, c.field, c.before, c.after) for c in Change.unscoped.all()]

    assert kept == [(row.pk, "status", "pending", "activated")]


def test_other_updates_are_not_recorded(alice):
    row = make_transaction(alice)

    with seeing(alice):
        Transaction.unscoped.filter(pk=row.pk).update(usd_rate_source="bank", status=row.status)

        assert not Change.unscoped.exists()


def test_change_without_actor_records_the_role(alice):
    row = make_transaction(alice, status="pending")

    with worker():
        Transaction.unscoped.filter(pk=row.pk).update(status="activated")

    with seeing(alice):
        assert (
            Change.unscoped.get().actor == "database: paykassma_backoffice"
        )  # as which tests sign in


@pytest.mark.parametrize(
    "sql",
    [
        "insert into {} (client_id, transaction_id, field, before, after, at, actor)"
        " select client_id, id, 'status', '', '', now(), 'nobody' from transactions_transaction",
        "update {} set actor = 'nobody'",
        "delete from {}",
    ],
)
def test_member_cannot_write_history(alice, sql):
    make_transaction(alice)

    with pytest.raises(ProgrammingError, match="permission denied"), seeing(alice):
        execute(sql.format("transactions_change"))


@pytest.mark.parametrize("sql", ["update {} set actor = 'nobody'", "delete from {}"])
def test_worker_cannot_change_history(alice, sql):
    with pytest.raises(ProgrammingError, match="permission denied"), worker():
        execute(sql.format("transactions_change"))


def change_row(client, transaction, **fields):
    row = {"client_id": client.pk, "transaction_id": transaction.pk, "at": NOW, "actor": "alice"}
    return row | {"field": "status", "before": "pending", "after": "activated"} | fields


def test_change_names_a_recorded_field(alice):
    row = change_row(alice.client, make_transaction(alice), field="amount")

    assert constraint_that_refuses("transactions_change", row) == "change_field_known"


def test_change_belongs_to_its_transactions_client(alice, charlie):
    row = change_row(charlie.client, make_transaction(alice))

    assert constraint_that_refuses("transactions_change", row) == "change_transaction_of_client"


def test_another_client_cannot_see_history(alice, charlie):
    row = make_transaction(alice, status="pending")
    with seeing(alice):
        Transaction.unscoped.filter(pk=row.pk).update(status="activated")

    with seeing(charlie):
        assert not Change.unscoped.exists()


@pytest.mark.parametrize(("language", "rate"), [("ru", "40,5"), ("en", "40.5")])
def test_history_writes_a_rate_as_its_page_does(language, rate):
    change = Change(field=ChangeField.RATE, before="", after="40.5000000000")

    with translation.override(language):
        assert str(change).endswith(f"— → {rate}")
