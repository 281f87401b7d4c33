import io
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command

from accumulations.imports import COLUMNS, import_accumulations
from accumulations.models import Accumulation, AccumulationEntry
from paykassma_admin.imports.batches import Report
from tests.support.database.at_once import at_once
from tests.support.factories import make_transaction, make_wallet, seeing

pytestmark = pytest.mark.django_db

ROW = {
    "number": "A1",
    "payment_system": "upi_l",
    "wallet": "alpha-1",
    "amount": "300.00",
    "currency": "INR",
    "formed_at": "2026-11-24T10:00:00Z",
}

BEFORE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def import_rows(owner, *rows):
    records = [
        (line, [(ROW | row).get(name, "") for name in COLUMNS.names])
        for line, row in enumerate(rows or [{}], 2)
    ]
    report = Report()
    for batch in import_accumulations(records, client=owner.client, actor="file.csv"):
        report.add(batch)
    return report


def outcomes(report):
    return {outcome: count for outcome, count in report.outcomes.items() if count}


def stored_row(owner, number="A1"):
    with seeing(owner):
        return Accumulation.unscoped.get(number=number)


def parts(owner, number="A1"):
    with seeing(owner):
        entries = AccumulationEntry.unscoped.filter(accumulation__number=number)
        return sorted(entries.values_list("transaction__number", flat=True))


@pytest.fixture
def three(alice):
    for number in ["T1", "T2", "T3"]:
        make_transaction(alice, number, amount=Decimal(100), logged_at=BEFORE)


def test_accumulation_is_stored_with_every_field(alice):
    assert outcomes(import_rows(alice, {"label": "user-1"})) == {"new": 1}

    row = stored_row(alice)
    assert (row.amount, row.currency, row.label) == (300, "INR", "user-1")
    assert row.formed_at == datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["T1 T2 T3", "T1|T2|T3", " T3 | T1 | T2 "])
def test_accumulation_may_name_its_transactions(alice, three, text):
    import_rows(alice, {"transactions": text})

    assert parts(alice) == ["T1", "T2", "T3"]


def test_importing_rows_again_changes_nothing(alice, three):
    rows = [{"transactions": "T1|T2|T3", "label": "user-1"}, {"number": "A2"}]
    import_rows(alice, *rows)

    assert outcomes(import_rows(alice, *rows)) == {"unchanged": 2}


def test_empty_value_changes_nothing(alice, three):
    import_rows(alice, {"transactions": "T1|T2|T3", "label": "user-1"})

    assert outcomes(import_rows(alice)) == {"unchanged": 1}
    assert parts(alice) == ["T1", "T2", "T3"]


def test_empty_values_may_be_filled(alice, three):
    import_rows(alice)

    assert outcomes(import_rows(alice, {"label": "user-1"})) == {"changed": 1}
    assert outcomes(import_rows(alice, {"transactions": "T1|T2|T3"})) == {"changed": 1}
    assert stored_row(alice).label == "user-1"
    assert parts(alice) == ["T1", "T2", "T3"]


def test_label_may_be_filled_beside_known_parts(alice, three):
    import_rows(alice, {"transactions": "T1|T2|T3"})

    report = import_rows(alice, {"transactions": "T1|T2|T3", "label": "user-1"})

    assert outcomes(report) == {"changed": 1}
    assert parts(alice) == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "301"),
        ("currency", "BDT"),
        ("formed_at", "2026-11-24T10:00:01Z"),
        ("label", "user-2"),
    ],
)
def test_other_difference_is_a_conflict_in_its_field(alice, field, value):
    import_rows(alice, {"label": "user-1"})

    [refusal] = import_rows(alice, {"label": "user-1"} | {field: value}).errors

    assert (refusal.line, refusal.field) == (2, field)


def test_conflict_shows_an_amount_as_a_file_writes_it(alice):
    import_rows(alice, {"amount": "1000"})

    [refusal] = import_rows(alice, {"amount": "999.50"}).errors

    assert refusal.reason == "записано «1000», в файле «999.5»"


def test_different_transactions_are_a_conflict(alice, three):
    make_transaction(alice, "T4", amount=Decimal(100))
    import_rows(alice, {"transactions": "T1|T2|T3"})

    for other in ["T1|T2|T4", "T4"]:
        [refusal] = import_rows(alice, {"transactions": other}).errors
        assert refusal.field == "transactions"
    assert parts(alice) == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T1 T2 T3 T9", "«T9» неизвестно"),
        ("T1 T2", "200"),
        ("T1 T1 T2 T3", "дважды"),
        ("T1||T2", "пусто"),
        ("T1 T2 T3 B1", "B1"),
    ],
)
def test_unsuitable_transactions_are_refused_as_parts(alice, three, text, words):
    make_transaction(alice, "B1", amount=Decimal(100), currency="BDT")

    [refusal] = import_rows(alice, {"transactions": text}).errors

    assert refusal.field == "transactions"
    assert words in refusal.reason
    with seeing(alice):
        assert not Accumulation.unscoped.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "pending"}, "B1 — не активированная входящая"),
        ({"status": "declined"}, "B1 — не активированная входящая"),
        ({"type": "fake"}, "B1 — не активированная входящая"),
        ({"type": "withdrawal"}, "B1 — не активированная входящая"),
        ({"label": "user-2"}, "у B1 другой лейбл"),
        ({"logged_at": datetime(2026, 11, 24, 10, 0, 1, tzinfo=UTC)}, "B1 записана позже"),
    ],
)
def test_uncounted_transaction_is_refused_as_part(alice, change, words):
    make_transaction(alice, "T1", amount=Decimal(200), label="user-1", logged_at=BEFORE)
    given = {"amount": Decimal(100), "label": "user-1", "logged_at": BEFORE} | change
    make_transaction(alice, "B1", **given)

    for label in ["user-1", ""]:
        [refusal] = import_rows(alice, {"transactions": "T1|B1", "label": label}).errors
        assert refusal.field == "transactions"
        assert words in refusal.reason or "T1" in refusal.reason
    with seeing(alice):
        assert not Accumulation.unscoped.exists()


def test_forced_and_unlabelled_parts_are_accepted(alice):
    make_transaction(alice, "T1", amount=Decimal(200), type="forced", logged_at=BEFORE)
    make_transaction(alice, "T2", amount=Decimal(100), label="user-1", logged_at=BEFORE)

    report = import_rows(alice, {"transactions": "T1|T2", "label": "user-1"})

    assert outcomes(report) == {"new": 1}


def test_label_must_match_its_parts(alice):
    make_transaction(alice, "T1", amount=Decimal(300), label="user-1", logged_at=BEFORE)
    import_rows(alice, {"transactions": "T1"})

    [refusal] = import_rows(alice, {"label": "user-2"}).errors

    assert refusal.field == "label"
    assert outcomes(import_rows(alice, {"label": "user-1"})) == {"changed": 1}


def test_transaction_of_another_wallet_is_unknown(alice, three):
    make_wallet(alice.client, "second")

    [refusal] = import_rows(alice, {"wallet": "second", "transactions": "T1|T2|T3"}).errors

    assert "неизвестно" in refusal.reason


def test_transaction_is_in_one_accumulation_of_a_file(alice, three):
    first = {"transactions": "T1|T2|T3"}

    report = import_rows(alice, first, first | {"number": "A2"})

    assert outcomes(report) == {"new": 1, "refused": 1}
    assert "другого накопления" in report.errors[0].reason
    assert [refusal.line for refusal in report.errors] == [3]


def test_messages_about_parts_have_no_control_characters(alice):
    make_transaction(alice, "T\x1b[2J", amount=Decimal(100), logged_at=BEFORE)
    first = {"transactions": "T\x1b[2J", "amount": "100"}

    [refusal] = import_rows(alice, first, first | {"number": "A2"}).errors

    assert "T�[2J" in refusal.reason
    assert refusal.reason.isprintable()


def test_parts_of_a_refused_accumulation_stay_free(alice, three):
    refused = {"transactions": "T1|T2|T3", "amount": "5"}

    report = import_rows(alice, refused, {"number": "A2", "transactions": "T1|T2|T3"})

    assert outcomes(report) == {"new": 1, "refused": 1}
    assert parts(alice, "A2") == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": ""}, "number"),
        ({"payment_system": "nagad"}, "payment_system"),
        ({"wallet": "nobody's"}, "wallet"),
        ({"amount": "0"}, "amount"),
        ({"currency": ""}, "currency"),
        ({"formed_at": "2026-11-24"}, "formed_at"),
        ({"label": "x" * 191}, "label"),
    ],
)
def test_refused_row_is_reported_and_others_are_stored(alice, fields, field):
    report = import_rows(alice, {"number": "good"}, fields)

    assert outcomes(report) == {"new": 1, "refused": 1}
    assert [(r.line, r.field) for r in report.errors] == [(3, field)]


def test_another_clients_wallet_and_transactions_are_unknown(alice, charlie, three):
    [refusal] = import_rows(charlie, {"transactions": "T1|T2|T3"}).errors

    assert refusal.field == "wallet"


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
class TestCommand:
    def test_a_file_is_imported(self, alice, three, tmp_path):
        file = tmp_path / "rows.csv"
        file.write_text(
            "number;payment_system;wallet;amount;currency;formed_at;transactions\n"
            "A1;upi_l;alpha-1;300;INR;2026-11-24 15:30;T1|T2|T3\n"
        )
        out = io.StringIO()

        call_command("import_accumulations", str(file), client="alpha", stdout=out)

        assert out.getvalue().startswith("read 1, new 1")
        assert stored_row(alice).formed_at == datetime(2026, 11, 24, 10, tzinfo=UTC)

    def test_concurrent_imports_store_an_accumulation_once(self, alice):
        for number in range(100):
            make_transaction(alice, f"T{number}", amount=Decimal(300), logged_at=BEFORE)
        rows = [{"number": f"A{n}", "transactions": f"T{n}"} for n in range(100)]

        reports = at_once(
            partial(import_rows, alice, *rows), partial(import_rows, alice, *rows[::-1])
        )

        assert sum(report.outcomes["new"] for report in reports) == 100
        with seeing(alice):
            assert AccumulationEntry.unscoped.count() == 100
