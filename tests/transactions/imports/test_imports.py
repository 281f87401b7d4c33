from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from threading import Barrier, local

import pytest
from django.db import connection, connections

from paykassma_admin.imports import batches
from paykassma_admin.imports.batches import run_merge
from tests.support.database.at_once import at_once
from tests.support.factories import (
    make_payment_system,
    make_rate,
    make_transaction,
    make_wallet,
    seeing,
)
from transactions import statuses
from transactions.imports.columns import import_transactions
from transactions.imports.row import COLUMNS
from transactions.models import Change, Source, SourceKind, Transaction
from transactions.sources import file_source
from wallets.models import PaymentSystem, Wallet
from wallets.statuses import Status

pytestmark = pytest.mark.django_db

ROW = {
    "number": "T1",
    "payment_system": "upi_l",
    "wallet": "alpha-1",
    "direction": "incoming",
    "type": "real",
    "status": "activated",
    "amount": "1000.00",
    "currency": "INR",
    "country": "IN",
    "logged_at": "2026-11-24 10:00:00",
}


def record(line=2, **fields):
    row = ROW | fields
    return line, [row.get(name, "") for name in COLUMNS.names]


def import_rows(owner, *rows, **options):
    records = [record(line, **row) for line, row in enumerate(rows or [{}], 2)]
    report = batches.Report()
    for batch in import_records(owner, records, **options):
        report.add(batch)
    return report


def import_records(owner, records, *, name="file.csv", **options):
    source = file_source(owner.client, kind=SourceKind.COMMAND, name=name, sha256="0" * 64)
    return import_transactions(records, client=owner.client, actor=name, source=source, **options)


def outcomes(report):
    return {outcome: count for outcome, count in report.outcomes.items() if count}


def stored_row(owner, number="T1"):
    with seeing(owner):
        return Transaction.unscoped.get(number=number)


def test_new_row_is_stored_with_every_field(alice):
    report = import_rows(
        alice,
        {
            "label": "user-1",
            "order_number": "order-1",
            "counterparty": "राज कुमार",
            "activated_at": "2026-11-24T04:33:00Z",
            "usd_rate": "0.0119",
        },
    )

    row = stored_row(alice)
    assert outcomes(report) == {"new": 1}
    assert (row.label, row.order_number, row.counterparty) == ("user-1", "order-1", "राज कुमार")
    assert row.logged_at == datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    assert row.activated_at == datetime(2026, 11, 24, 4, 33, tzinfo=UTC)
    assert (row.usd_rate, row.amount_usd) == (Decimal("0.0119"), Decimal("11.9000"))
    assert (row.usd_rate_source, row.usd_rate_at) == ("file", row.logged_at)


def test_importing_rows_again_changes_nothing(alice):
    rows = [
        {"number": "T1", "label": "user-1", "usd_rate": "0.0119"},
        {"number": "T2", "type": "withdrawal", "direction": "outgoing", "status": "pending"},
    ]
    import_rows(alice, *rows)

    assert outcomes(import_rows(alice, *rows)) == {"unchanged": 2}
    with seeing(alice):
        assert not Change.unscoped.exists()


# Rates


def test_row_without_rate_gets_that_of_its_day(alice):
    make_rate("INR", "0.0120", day=datetime(2026, 11, 23).date(), source="bank")
    make_rate("INR", "0.0130", day=datetime(2026, 11, 24).date())

    import_rows(alice, {"logged_at": "2026-11-23T18:29:59Z"})  # still the 23rd in Kolkata

    row = stored_row(alice)
    assert (row.usd_rate, row.usd_rate_source) == (Decimal("0.0120"), "bank")
    assert row.usd_rate_at == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # its midnight


def test_row_without_any_rate_stays_unconverted(alice):
    import_rows(alice)

    row = stored_row(alice)
    assert (row.usd_rate, row.amount_usd, row.usd_rate_source) == (None, None, None)


def test_dollar_needs_no_rate(alice):
    import_rows(alice, {"currency": "USD"})

    assert stored_row(alice).amount_usd == 1000


def test_importing_again_sets_no_rate(alice):
    import_rows(alice)
    make_rate("INR", "0.0120", day=datetime(2026, 11, 24).date())

    assert outcomes(import_rows(alice)) == {"unchanged": 1}
    assert stored_row(alice).usd_rate is None


def test_rate_that_overflows_the_amount_is_refused(alice):
    huge = {"amount": "9999999999999999.00", "usd_rate": "9"}

    [refusal] = import_rows(alice, huge, {"number": "T2"}).errors

    assert (refusal.line, refusal.field) == (2, "amount")
    assert stored_row(alice, "T2")


# A number that comes again


@pytest.mark.parametrize("earlier", Status)
def test_statuses_follow_the_allowed_moves(alice, subtests, earlier):
    for later in Status:
        with subtests.test(later=later):
            assert_moves_as_allowed(alice, earlier, later)


def assert_moves_as_allowed(alice, earlier, later):
    number = f"TO-{later}"
    import_rows(alice, {"number": number, "status": earlier})

    report = import_rows(alice, {"number": number, "status": later})

    if earlier == later:
        expected, left = "unchanged", earlier
    elif statuses.may_follow(later, earlier):
        expected, left = "changed", later
    elif statuses.may_follow(earlier, later):
        expected, left = "stale", earlier
    else:
        expected, left = "refused", earlier
    assert outcomes(report) == {expected: 1}
    assert stored_row(alice, number).status == left


def test_status_change_is_recorded_with_its_file(alice):
    import_rows(alice, {"status": "pending"})
    import_rows(alice, {"status": "activated"})

    with seeing(alice):
        change = Change.unscoped.get()
    assert (change.before, change.after, change.actor) == ("pending", "activated", "file.csv")


def test_older_file_changes_nothing(alice):
    older = [{"number": "T1", "status": "pending"}, {"number": "T2", "status": "not_activated"}]
    newer = [{"number": "T1", "status": "failed"}, {"number": "T2", "status": "activated"}]
    import_rows(alice, *older)
    import_rows(alice, *newer)

    assert outcomes(import_rows(alice, *older)) == {"stale": 2}
    assert (stored_row(alice, "T1").status, stored_row(alice, "T2").status) == (
        "failed",
        "activated",
    )


FILLABLE = {
    "label": "user-1",
    "order_number": "order-1",
    "counterparty": "Raj",
    "activated_at": "2026-11-24T05:00:00Z",
    "usd_rate": "0.0119",
}


@pytest.mark.parametrize(("field", "value"), FILLABLE.items())
def test_empty_values_may_be_filled(alice, field, value):
    import_rows(alice)

    assert outcomes(import_rows(alice, {field: value})) == {"changed": 1}
    assert getattr(stored_row(alice), field)


@pytest.mark.parametrize(("field", "value"), FILLABLE.items())
def test_empty_value_changes_nothing(alice, field, value):
    import_rows(alice, {field: value})

    assert outcomes(import_rows(alice)) == {"unchanged": 1}
    assert getattr(stored_row(alice), field)


def test_filled_rate_sets_the_amount_in_dollars(alice):
    import_rows(alice)
    import_rows(alice, {"usd_rate": "0.0119"})

    assert stored_row(alice).amount_usd == Decimal("11.9")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("direction", "outgoing"),
        ("type", "fake"),
        ("amount", "1000.01"),
        ("currency", "BDT"),
        ("country", "BD"),
        ("logged_at", "2026-11-24 10:00:01"),
        ("label", "user-2"),
        ("order_number", "order-2"),
        ("counterparty", "Rajesh"),
        ("activated_at", "2026-11-24T05:00:01Z"),
        ("usd_rate", "0.0120"),
    ],
)
def test_other_difference_is_a_conflict_in_its_field(alice, field, value):
    import_rows(alice, FILLABLE)

    report = import_rows(alice, FILLABLE | {field: value})

    assert outcomes(report) == {"refused": 1}
    assert (report.errors[0].line, report.errors[0].field) == (2, field)
    assert "записано" in report.errors[0].reason


def test_conflict_shows_numbers_as_a_file_writes_them(alice):
    stored = FILLABLE | {"amount": "1000", "usd_rate": "0.0110", "label": "1.10"}
    import_rows(alice, stored)

    def conflict(**other):
        [refusal] = import_rows(alice, stored | other).errors
        return refusal.reason

    assert conflict(amount="999.50") == "записано «1000», в файле «999.5»"
    assert conflict(usd_rate="0.0120") == "записано «0.011», в файле «0.012»"
    assert conflict(label="1.20") == "записано «1.10», в файле «1.20»"


def test_real_may_become_forced_but_not_back(alice):
    import_rows(alice)

    assert outcomes(import_rows(alice, {"type": "forced"})) == {"changed": 1}
    assert outcomes(import_rows(alice, {"type": "real"})) == {"stale": 1}
    assert stored_row(alice).type == "forced"


def test_conflict_outranks_a_stale_row(alice):
    import_rows(alice, {"status": "activated"})

    [refusal] = import_rows(alice, {"status": "pending", "amount": "5.00"}).errors

    assert refusal.field == "amount"


def test_stale_row_fills_nothing(alice):
    import_rows(alice, {"status": "activated"})

    assert outcomes(import_rows(alice, {"status": "pending", "label": "user-1"})) == {"stale": 1}
    assert stored_row(alice).label == ""


def test_repeated_number_is_merged_in_order(alice):
    report = import_rows(alice, *({"status": s} for s in ["pending", "processing", "pending"]))

    assert outcomes(report) == {"new": 1, "changed": 1, "stale": 1}
    assert stored_row(alice).status == "processing"


def test_same_number_on_another_wallet_is_another_transaction(alice):
    make_wallet(alice.client, "second")

    assert outcomes(import_rows(alice, {}, {"wallet": "second"})) == {"new": 2}


# Refused rows


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "9" * 191}, "number"),
        ({"payment_system": "nagad"}, "payment_system"),
        ({"wallet": "nobody's"}, "wallet"),
        ({"direction": "in"}, "direction"),
        ({"type": "Real"}, "type"),
        ({"status": "done"}, "status"),
        ({"amount": "-5"}, "amount"),
        ({"currency": "RUPEE"}, "currency"),
        ({"country": "XX"}, "country"),
        ({"label": "x" * 191}, "label"),
        ({"logged_at": "yesterday"}, "logged_at"),
        ({"usd_rate": "0"}, "usd_rate"),
        ({"type": "withdrawal"}, "direction"),
        ({"status": "pending", "activated_at": "2026-11-24T05:00:00Z"}, "activated_at"),
    ],
)
def test_refused_row_is_reported_and_others_are_stored(alice, fields, field):
    report = import_rows(alice, {"number": "good"}, fields, {"number": "too"})

    assert outcomes(report) == {"new": 2, "refused": 1}
    assert [(r.line, r.field) for r in report.errors] == [(3, field)]


def test_status_outside_the_payment_system_is_refused(alice):
    make_payment_system("nagad", statuses=[Status.ACTIVATED])
    make_wallet(alice.client, "n-1", payment_system="nagad")

    row = {"payment_system": "nagad", "wallet": "n-1", "status": "pending"}
    [refusal] = import_rows(alice, row).errors

    assert refusal.field == "status"


def test_another_clients_wallet_is_unknown(alice, charlie):
    [refusal] = import_rows(charlie, {"wallet": "alpha-1"}).errors

    assert refusal.field == "wallet"


def test_each_batch_has_its_report(alice, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    records = [record(line, number=str(line)) for line in range(2, 7)]

    reports = list(import_records(alice, records))

    assert [report.outcomes["new"] for report in reports] == [2, 2, 1]


def test_batch_is_retried_after_a_concurrent_update(alice):
    attempts = []

    def store(rows):
        attempts.append(rows)
        if len(attempts) < 3:
            raise batches.ConcurrentUpdate
        return batches.Report()

    batches.retry_on_conflict(store, [1])

    assert len(attempts) == 3


# Side by side


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
class TestTogether:
    def test_crossing_imports_do_not_deadlock_or_count_twice(self, alice, monkeypatch):
        monkeypatch.setattr(batches, "BATCH_ROWS", 800)
        numbers = [f"N{i:03}" for i in range(800)]
        start, waited = Barrier(4, timeout=30), local()

        def staged_by_all(*arguments, **options):
            if not waited.__dict__.setdefault("once", False):
                waited.once = True
                start.wait()
            return run_merge(*arguments, **options)

        monkeypatch.setattr("transactions.imports.merge.run_merge", staged_by_all)

        def run(order, status):
            rows = [{"number": number, "status": status} for number in order]
            return import_rows(alice, *rows)

        reports = at_once(
            partial(run, numbers, "pending"),
            partial(run, numbers[::-1], "pending"),
            partial(run, numbers, "activated"),
            partial(run, numbers[::-1], "activated"),
        )

        total = batches.Report()
        for report in reports:
            total.add(report)
        assert total.outcomes.total() == 3200
        assert (total.outcomes["new"], total.outcomes["refused"]) == (800, 0)
        with seeing(alice):
            assert Transaction.unscoped.filter(status="activated").count() == 800
            assert Change.unscoped.count() == total.outcomes["changed"]

    def test_missing_wallets_are_created_on_request(self, alice):
        row = {"payment_system": "nagad", "wallet": "n-1", "currency": "BDT", "country": "BD"}

        report = import_rows(alice, row, row | {"number": "T2"}, create_wallets=True)

        system = PaymentSystem.objects.get(code="nagad")
        with seeing(alice):
            wallet = Wallet.unscoped.get(number="n-1")
        assert outcomes(report) == {"new": 2}
        assert (system.currency, system.country, system.statuses.count()) == ("BDT", "BD", 7)
        assert (wallet.payment_system_id, wallet.currency) == (system.pk, "BDT")

    @pytest.mark.parametrize("code", ["UPI L", "upi,paytm", "up\ni"])
    def test_invalid_code_is_refused_and_others_are_stored(self, alice, code):
        rows = {"payment_system": code}, {"number": "good"}

        report = import_rows(alice, *rows, create_wallets=True)

        assert outcomes(report) == {"new": 1, "refused": 1}
        assert [(r.line, r.field) for r in report.errors] == [(2, "payment_system")]

    def test_numbers_use_their_index_for_a_new_client(self, alice, charlie):
        import_rows(charlie, *({"wallet": "gamma-1", "number": f"T{n}"} for n in range(2_000)))
        with connections["owner"].cursor() as cursor:
            cursor.execute("analyze transactions_transaction")
        import_rows(alice, *({"number": f"T{n}"} for n in range(2_000)))

        with seeing(alice), connection.cursor() as cursor:
            cursor.execute(
                "explain select found.* from generate_series(1, 1000) given, lateral (select *"
                " from transactions_transaction"
                " where number = 'T' || given and wallet_id = given limit 1) found"
            )
            plan = str(cursor.fetchall())

        assert "transaction_number_once" in plan


# Sources


def test_new_rows_know_their_file_and_row(alice):
    import_rows(alice, {"number": "A"}, {"number": "B"})

    with seeing(alice):
        [source] = Source.unscoped.all()
    stored = [stored_row(alice, number) for number in ("A", "B")]
    assert [(row.source_id, row.source_row) for row in stored] == [(source.pk, 2), (source.pk, 3)]
    assert (source.kind, source.name, source.sha256) == ("command", "file.csv", "0" * 64)


def test_run_of_several_batches_is_one_source(alice, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)

    import_rows(alice, *({"number": str(n)} for n in range(5)))

    with seeing(alice):
        assert Source.unscoped.count() == 1


def test_changed_row_keeps_its_source_and_names_the_others(alice):
    import_rows(alice, {"status": "pending"})
    born = stored_row(alice).source_id

    import_rows(alice, {"status": "activated"})

    assert stored_row(alice).source_id == born
    with seeing(alice):
        change = Change.unscoped.select_related("source").get()
        assert change.source_id != born
        assert change.source.name == "file.csv"


def test_change_without_an_import_has_no_source(alice):
    row = make_transaction(alice, status="pending")
    import_rows(alice, {"number": "OTHER"})

    with seeing(alice):
        Transaction.unscoped.filter(pk=row.pk).update(status="activated")
        assert Change.unscoped.get().source is None


def test_source_is_its_clients_alone(alice, charlie, nets):
    import_rows(alice)

    with seeing(charlie):
        assert not Source.objects.for_client(charlie.client).exists()
