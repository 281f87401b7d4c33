import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains

from audit.kinds import Kind
from audit.models import AuditEvent
from paykassma_admin.imports.batches import Report
from paykassma_admin.imports.files import read
from tests.support.factories import make_accumulation, make_transaction
from tests.support.pages import csv_rows, words
from transactions.imports.columns import import_transactions
from transactions.imports.row import COLUMNS
from transactions.sources import SourceKind, file_source

pytestmark = pytest.mark.django_db
CSV_URL = "/payments/transactions/export.csv"
URL = "/payments/transactions/export.jsonl"
TEXTS = ["", "=1+1", "'=1", "x;=1", 'রহিমা "বেগম"\nঢাকা', "back\\slash\t", "\\.", "+8801712345678"]


@pytest.fixture
def export(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


def objects(response):
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


def test_an_object_has_the_columns_as_texts(export, alice):
    make_transaction(
        alice,
        "9BC4K2LQ1X",
        amount=Decimal("1250.5"),
        usd_rate=None,
        label="user-12",
        logged_at=datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC),
    )

    (row,) = objects(export())

    assert row["number"] == "9BC4K2LQ1X"
    assert row["amount"] == "1250.5000"
    assert row["logged_at"] == "2026-11-24T14:02:51+05:30"
    assert (row["label"], row["order_number"]) == ("user-12", "")
    assert row["usd_rate"] is None


def test_rows_and_columns_are_those_of_the_csv(client, export, alice):
    for number in range(60):
        make_transaction(alice, f"T{number}", label=f"user-{number % 2}")

    rows = objects(export(label="user-1"))

    of_csv = csv_rows(client.get(CSV_URL, {"label": "user-1"}))
    assert len(rows) == 30
    assert [{name: value or "" for name, value in row.items()} for row in rows] == of_csv
    assert [list(row) for row in rows] == [list(row) for row in of_csv]


def test_json_texts_stand_as_they_are(export, alice):
    for place, text in enumerate(TEXTS):
        make_transaction(alice, f"T{place}", counterparty=text)

    found = {row["number"]: row["counterparty"] for row in objects(export())}

    assert found == {f"T{place}": text for place, text in enumerate(TEXTS)}


def test_importing_json_lines_changes_nothing(export, alice):
    for place, text in enumerate(text.strip() for text in TEXTS):
        make_transaction(alice, f"T{place}", counterparty=text)

    source = file_source(alice.client, kind=SourceKind.COMMAND, name="again.jsonl", sha256="")

    report = Report()
    rows = read(io.BytesIO(export().getvalue()), COLUMNS)
    for batch in import_transactions(rows, client=alice.client, actor="again", source=source):
        report.add(batch)

    assert report.errors == []
    assert report.outcomes["unchanged"] == len(TEXTS)


def test_json_lines_have_no_stranger_in_them(export, alice, charlie):
    make_transaction(alice, "HERS")
    make_transaction(charlie, "HIS")

    assert [row["number"] for row in objects(export())] == ["HERS"]


def test_nothing_found_is_an_empty_file(export):
    assert export().getvalue() == b""


def test_json_lines_are_named_and_recorded(export, alice):
    response = export(label="user-1")
    response.getvalue()

    assert response.headers["Content-Type"] == "application/jsonl; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="alpha_transactions_2026-11-17_2026-11-24.jsonl"'
    )
    event = AuditEvent.objects.for_client(alice.client).get(kind=Kind.EXPORT)
    assert event.target == URL


def test_a_wrong_filter_is_a_400_for_json_lines(export):
    response = export(date_to="nope")

    assert response.status_code == 400
    assert "По: Это не дата." in words(response)


@pytest.mark.parametrize("part", ["transactions", "accumulations"])
def test_list_links_to_its_json_lines(client, alice, part):
    make_transaction(alice, label="user-1")
    make_accumulation(alice, label="user-1")
    client.force_login(alice)

    page = client.get(f"/payments/{part}/", {"label": "user-1"})

    assertContains(page, f'href="/payments/{part}/export.jsonl?label=user-1&amp;date_from=2026')


def test_accumulations_leave_as_json_lines(client, alice, charlie):
    make_accumulation(alice, "A1", amount=Decimal("5000.5"), label="=1")
    make_accumulation(charlie, "HIS")
    client.force_login(alice)

    (row,) = objects(client.get("/payments/accumulations/export.jsonl"))

    assert (row["number"], row["amount"], row["label"]) == ("A1", "5000.5000", "=1")


def test_auditor_may_export_json_lines(client, alice, bob):
    make_transaction(alice, "HERS")
    client.force_login(bob)

    assert [row["number"] for row in objects(client.get(URL))] == ["HERS"]
