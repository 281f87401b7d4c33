import io

import pytest
from django.core.management import CommandError, call_command

from audit.kinds import Kind, Result
from paykassma_admin.imports import batches
from paykassma_admin.imports.command import ImportCommand
from tests.support.events import event_summary, events, only_event

# The commands are the worker's, on a connection of their own: they see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

HEADER = "number,payment_system,wallet,direction,type,status,amount,currency,country,logged_at\n"
RATES = "currency,day,usd_rate,source\n"


def row(number, amount="10.00"):
    return f"{number},upi_l,alpha-1,incoming,real,activated,{amount},INR,IN,2026-11-24T10:00:00Z\n"


@pytest.fixture
def run(tmp_path):
    def run(command, content=None, **options):
        arguments = []
        if content is not None:
            arguments = [str(tmp_path / "rows.csv")]
            (tmp_path / "rows.csv").write_text(content)
        out = io.StringIO()
        try:
            call_command(command, *arguments, **options, stdout=out, stderr=io.StringIO())
        except CommandError as error:
            assert error.returncode
        return out.getvalue()

    return run


def test_an_import_stands_at_its_start_and_its_end_with_what_became_of_the_rows(run, alice):
    run("import_transactions", HEADER + row("T1") + row("T2"), client="alpha")

    start, end = only_event(Kind.IMPORT_STARTED), only_event(Kind.IMPORT_ENDED)
    assert (
        event_summary(start)
        == event_summary(end)
        == ("import_transactions rows.csv", "Alpha", Result.OK)
    )
    assert start.at < end.at
    assert (start.details, end.details, end.address) == ({}, {"new": 2}, None)


def test_an_import_that_refused_a_row_ended_as_its_exit_code_says(run, alice):
    run("import_transactions", HEADER + row("T1") + row("T2", amount="1.5e3"), client="alpha")

    end = only_event(Kind.IMPORT_ENDED)
    assert (end.result, end.details) == (Result.FAILED, {"new": 1, "refused": 1})


@pytest.mark.parametrize("error", [KeyboardInterrupt(), batches.BadFile("broken")])
def test_an_import_that_was_stopped_ended_with_what_is_stored(run, alice, monkeypatch, error):
    monkeypatch.setattr(batches, "BATCH_ROWS", 1)
    attempts = iter([batches.retry_on_conflict])

    def failing(*arguments):
        for store in attempts:
            return store(*arguments)
        raise error

    monkeypatch.setattr("transactions.imports.columns.retry_on_conflict", failing)
    run("import_transactions", HEADER + row("T1") + row("T2"), client="alpha")

    end = only_event(Kind.IMPORT_ENDED)
    assert (end.result, end.details) == (Result.FAILED, {"new": 1})


def test_an_import_that_is_interrupted_while_it_reports_ends_before_it_says_so(
    run, alice, monkeypatch
):
    ended, stopped = [], ImportCommand.failure

    def interrupt(*arguments):
        raise KeyboardInterrupt

    def looking(*arguments, **options):
        ended.extend(events(Kind.IMPORT_ENDED))
        return stopped(*arguments, **options)

    monkeypatch.setattr(ImportCommand, "print_report", interrupt)
    monkeypatch.setattr(ImportCommand, "failure", looking)
    run("import_transactions", HEADER + row("T1"), client="alpha")

    assert [(end.result, end.details) for end in ended] == [(Result.FAILED, {"new": 1})]


def test_an_import_of_rates_is_of_no_client(run):
    run("import_rates", RATES + "INR,2026-11-24,0.0119,bank\n")

    for kind in (Kind.IMPORT_STARTED, Kind.IMPORT_ENDED):
        assert event_summary(only_event(kind)) == ("import_rates rows.csv", "", Result.OK)


def test_a_client_and_a_key_that_are_made_by_command_are_written(run):
    run("create_client", name="Alpha", slug="alpha", time_zone="Asia/Kolkata", owner="alice")
    key = run("create_api_key", client="alpha", name="shop").strip()

    assert event_summary(only_event(Kind.CLIENT_REGISTERED)) == (
        "create_client",
        "Alpha",
        Result.OK,
    )
    made = only_event(Kind.KEY_MADE)
    assert event_summary(made) == ("create_api_key", "Alpha", Result.OK)
    assert made.target == f"shop ({key[:12]}…)"


def test_a_client_that_is_refused_is_not_written(run):
    run("create_client", name="Alpha", slug="alpha", time_zone="Asia/Nowhere", owner="alice")

    assert not events(Kind.CLIENT_REGISTERED)
