import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from paykassma_admin.imports.batches import Report
from tests.support.factories import make_balance, make_rate, make_transaction, seeing, worker
from transactions.models import Change, Transaction
from wallets.imports import BALANCE_COLUMNS, import_balances
from wallets.models import Balance, ExchangeRate

# Balances


def import_rows(owner, *rows):
    plain = {
        "payment_system": "upi_l",
        "currency": "INR",
        "amount": "100.00",
        "as_of": "2026-11-24T10:00:00Z",
    }
    records = [
        (line, [(plain | row).get(name, "") for name in BALANCE_COLUMNS.names])
        for line, row in enumerate(rows or [{}], 2)
    ]
    report = Report()
    for batch in import_balances(records, client=owner.client, actor="file.csv"):
        report.add(batch)
    return report


def outcomes(report):
    return {outcome: count for outcome, count in report.outcomes.items() if count}


def balance(owner):
    with seeing(owner):
        return Balance.unscoped.get()


@pytest.mark.django_db
class TestBalances:
    def test_balance_is_stored_with_its_commission(self, alice):
        assert outcomes(import_rows(alice, {"commission_percent": "1.5"})) == {"new": 1}

        stored = balance(alice)
        assert (stored.amount, stored.commission_percent) == (100, Decimal("1.5"))
        assert stored.as_of == datetime(2026, 11, 24, 10, tzinfo=UTC)

    def test_time_without_offset_is_in_the_clients_zone(self, alice):
        import_rows(alice, {"as_of": "2026-11-24 15:30:00"})

        assert balance(alice).as_of == datetime(2026, 11, 24, 10, tzinfo=UTC)

    def test_same_balance_twice_changes_nothing(self, alice):
        import_rows(alice)

        assert outcomes(import_rows(alice)) == {"unchanged": 1}

    def test_unknown_commission_may_be_filled(self, alice):
        import_rows(alice)

        assert outcomes(import_rows(alice, {"commission_percent": "0"})) == {"changed": 1}
        assert outcomes(import_rows(alice)) == {"unchanged": 1}
        assert balance(alice).commission_percent == 0

    @pytest.mark.parametrize("field", ["amount", "commission_percent"])
    def test_other_balance_at_the_moment_is_a_conflict(self, alice, field):
        import_rows(alice, {"commission_percent": "1.5"})

        [refusal] = import_rows(alice, {"commission_percent": "1.5"} | {field: "2"}).errors

        assert refusal.field == field

    def test_conflict_shows_numbers_as_a_file_writes_them(self, alice):
        import_rows(alice, {"amount": "1000", "commission_percent": "1.5"})

        [refusal] = import_rows(alice, {"amount": "999.50", "commission_percent": "1.5"}).errors
        assert refusal.reason == "записано «1000», в файле «999.5»"
        [refusal] = import_rows(alice, {"amount": "1000", "commission_percent": "2"}).errors
        assert refusal.reason == "записано «1.5», в файле «2»"

    def test_balance_may_be_negative(self, alice):
        import_rows(alice, {"amount": "-20.50"})

        assert balance(alice).amount == Decimal("-20.5")

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"payment_system": "nobody's"}, "payment_system"),
            ({"payment_system": ""}, "payment_system"),
            ({"currency": "RUPEE"}, "currency"),
            ({"amount": "1.005"}, "amount"),
            ({"commission_percent": "100.1"}, "commission_percent"),
            ({"commission_percent": "1,5"}, "commission_percent"),
            ({"as_of": "2026-11-24"}, "as_of"),
        ],
    )
    def test_refused_row_is_reported_and_others_are_stored(self, alice, fields, field):
        report = import_rows(alice, {"currency": "BDT"}, fields)

        assert outcomes(report) == {"new": 1, "refused": 1}
        assert [(r.line, r.field) for r in report.errors] == [(3, field)]

    def test_another_clients_balance_is_unchanged(self, alice, charlie):
        make_balance(charlie, amount=5, as_of=datetime(2026, 11, 24, 10, tzinfo=UTC))

        assert outcomes(import_rows(alice)) == {"new": 1}
        assert balance(charlie).amount == 5


# Exchange rates

transactional = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])


@pytest.fixture
def run(tmp_path):
    """Runs a command, on a file where there is content: what it printed, and its sentence."""

    def run(command, content=None, **options):
        arguments = []
        if content is not None:
            file = tmp_path / "rows.csv"
            file.write_text(content)
            arguments = [str(file)]
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(command, *arguments, **options, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            return out.getvalue() + err.getvalue() + str(error)
        return out.getvalue() + err.getvalue()

    return run


HEADER = "currency,day,usd_rate,source\n"


@transactional
class TestRates:
    def test_same_rates_twice_change_nothing(self, alice, run):
        content = HEADER + "INR,2026-11-24,0.0119,bank\nBDT,2026-11-24,0.0082,bank\n"

        assert "read 2, new 2" in run("import_rates", content)
        assert "new 0, changed 0, unchanged 2" in run("import_rates", content)

    def test_newer_rate_of_a_day_counts(self, alice, run):
        run("import_rates", HEADER + "INR,2026-11-24,0.0119,bank\n")

        assert "changed 1" in run("import_rates", HEADER + "INR,2026-11-24,0.0120,bank\n")
        assert ExchangeRate.objects.count() == 2
        make_transaction(alice, "T1", usd_rate=None)
        run("fill_rates")
        with seeing(alice):
            assert Transaction.unscoped.get().usd_rate == Decimal("0.0120")

    def test_older_file_does_not_undo_a_correction(self, alice, run):
        older = HEADER + "INR,2026-11-24,0.0119,bank\n"
        run("import_rates", older)
        run("import_rates", HEADER + "INR,2026-11-24,0.0120,bank\n")

        assert "stale 1" in run("import_rates", older)
        assert ExchangeRate.objects.count() == 2

    def test_self_correcting_file_is_idempotent(self, alice, run):
        content = HEADER + "INR,2026-11-24,0.0119,bank\nINR,2026-11-24,0.0120,bank\n"
        run("import_rates", content)

        assert "new 0, changed 0, unchanged 1, stale 1" in run("import_rates", content)

    @pytest.mark.parametrize(
        ("rows", "refused"),
        [
            (["2026-11-20,0.0285", "2026-11-21,0.285"], []),  # ten times, and not more
            (["2026-11-20,0.0285", "2026-11-21,0.28501"], [3]),
            (["2026-11-20,0.0285", "2026-11-21,0.00284"], [3]),
            (["2026-11-20,0.0285", "2026-11-21,35.08", "2026-11-22,35.1"], [3, 4]),
            (["2026-11-20,0.0285", "2026-11-21,35.08", "2026-11-22,0.0286"], [3]),
            (["2026-11-21,35.08", "2026-11-20,0.0285"], [2]),
            (["2026-11-20,0.0285", "2026-11-20,35.08"], []),  # the day's own: a correction
        ],
    )
    def test_rate_is_compared_with_the_last_accepted(self, alice, run, rows, refused):
        printed = run("import_rates", HEADER + "".join(f"THB,{row},bank\n" for row in rows))

        lines = re.findall(r"строка (\d+): usd_rate", printed)
        assert [int(line) for line in lines] == refused

    @pytest.mark.parametrize(
        ("rows", "refused"),
        [
            (["28,1.00", "29,1.00", "29,5.00", "29,1.00", "30,11.00"], []),  # off 5, not 1
            (["28,1.00", "29,5.00", "29,0.51", "29,5.00", "30,7.00"], [6]),
            (["30,7.00", "29,0.51", "28,1.00"], [2]),
        ],
    )
    def test_rate_is_compared_with_the_one_that_will_stand(self, alice, run, rows, refused):
        content = HEADER + "".join(f"SEK,2026-10-{row},bank\n" for row in rows)

        for _time in range(2):
            printed = run("import_rates", content)
            lines = re.findall(r"строка (\d+): usd_rate", printed)
            assert [int(line) for line in lines] == refused

    def test_jump_names_the_rate_that_will_stand(self, alice, run):
        rows = ["29,1.11", "29,1.12", "29,1.11", "30,12.0"]  # the third is stale
        content = HEADER + "".join(f"EUR,2026-10-{row},bank\n" for row in rows)

        printed = run("import_rates", content)

        assert re.search(r"строка 5: usd_rate: .* 2026-10-29, 1\.12,", printed)

    def test_same_file_is_judged_the_same_before_the_first_stored_day(self, alice, run):
        make_rate("SEK", "1", date(2026, 10, 25))
        content = HEADER + "SEK,2026-10-20,11,bank\nSEK,2026-10-21,2,bank\n"

        assert "new 2" in run("import_rates", content)
        assert "unchanged 2" in run("import_rates", content)

    @pytest.mark.parametrize("row", ["2026-11-21,35.08", "2026-11-19,35.08"])
    def test_rate_is_compared_with_the_stored(self, alice, run, row):
        make_rate("THB", "35.1", date(2026, 11, 20), recorded_at=datetime(2026, 11, 20, tzinfo=UTC))
        make_rate("THB", "0.0285", date(2026, 11, 20))  # its correction

        assert "refused 1" in run("import_rates", f"{HEADER}THB,{row},bank\n")
        assert "refused 0" in run("import_rates", f"{HEADER}EUR,{row},bank\n")

    def test_accepted_jump_is_unchanged_when_repeated(self, alice, run):
        content = HEADER + "THB,2026-11-20,0.0285,bank\nTHB,2026-11-21,35.08,bank\n"
        run("import_rates", content, accept_jumps=True)

        assert "unchanged 2" in run("import_rates", content)

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ("THB,2026-11-26,0.0285,bank", "day"),
            ("USD,2026-11-24,1,bank", "currency"),
            ("XXZ,2026-11-24,1,bank", "currency"),
            ("INR,24.11.2026,1,bank", "day"),
            ("INR,2026-02-30,1,bank", "day"),
            ("INR,2026-11-24,0,bank", "usd_rate"),
            ("INR,2026-11-24,0.01190000001,bank", "usd_rate"),
            ("INR,2026-11-24,1,", "source"),
        ],
    )
    def test_refused_rate_is_reported_by_line_and_field(self, alice, run, row, field):
        printed = run("import_rates", f"{HEADER}BDT,2026-11-24,0.0082,bank\n{row}\n")

        assert "new 1" in printed
        assert f"строка 3: {field}: " in printed


@transactional
class TestFilling:
    def test_import_of_rates_fills_transactions(self, alice, run):
        make_transaction(alice, "T1", usd_rate=None, amount=Decimal("333.33"))

        printed = run("import_rates", HEADER + "INR,2026-11-23,0.0119,bank\n")

        with seeing(alice):
            row = Transaction.unscoped.get()
            change = Change.unscoped.get()
        assert "Курсов проставлено: 1, ещё не хватает: 0" in printed
        assert (row.usd_rate, row.amount_usd) == (Decimal("0.0119"), Decimal("3.9666"))
        assert row.usd_rate_source == "bank"
        assert row.usd_rate_at == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # Kolkata's midnight
        assert (change.field, change.before, change.actor) == ("rate", "", "fill_rates")

    def test_existing_rate_is_never_changed(self, alice, run):
        make_transaction(alice, "T1", usd_rate="0.0110")
        make_rate("INR", "0.0119")

        run("fill_rates")

        with seeing(alice):
            assert Transaction.unscoped.get().usd_rate == Decimal("0.0110")

    def test_rate_is_of_the_day_in_each_clients_zone(self, alice, charlie, run):
        at = datetime(2026, 11, 23, 20, tzinfo=UTC)  # already the 24th in Kolkata, not in Moscow
        make_rate("INR", "0.0123", day=date(2026, 11, 23))
        make_rate("INR", "0.0124", day=date(2026, 11, 24))
        make_transaction(alice, "T1", usd_rate=None, logged_at=at)
        make_transaction(charlie, "T2", usd_rate=None, logged_at=at)

        run("fill_rates")

        with worker():
            rates = dict(Transaction.unscoped.values_list("number", "usd_rate"))
        assert rates == {"T1": Decimal("0.0124"), "T2": Decimal("0.0123")}

    def test_old_rate_fills_nothing(self, alice, run):
        make_rate("INR", "0.0119", day=date(2026, 11, 16))
        make_transaction(alice, "T1", usd_rate=None)

        assert "Курсов проставлено: 0, ещё не хватает: 1" in run("fill_rates")

    def test_all_batches_are_filled(self, alice, run, monkeypatch):
        monkeypatch.setattr("transactions.imports.fill_rates.BATCH_ROWS", 2)
        for number in range(5):
            make_transaction(alice, f"T{number}", usd_rate=None)
        make_rate("INR", "0.0119")

        assert "Курсов проставлено: 5, ещё не хватает: 0" in run("fill_rates")

    def test_command_imports_balances(self, alice, run):
        content = "payment_system,currency,amount,as_of\nupi_l,INR,5,2026-11-24T10:00:00Z\n"

        assert "new 1" in run("import_balances", content, client="alpha")
        assert balance(alice).amount == 5
