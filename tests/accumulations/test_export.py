import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains

from accumulations.imports import COLUMNS, import_accumulations
from paykassma_admin.imports.batches import Report
from paykassma_admin.imports.files import read
from tests.support.factories import days_ago, make_accumulation, make_payment_system, make_wallet
from tests.support.pages import csv_rows, numbers, words

pytestmark = pytest.mark.django_db
LIST = "/payments/accumulations/"
URL = f"{LIST}export.csv"


@pytest.fixture
def export(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


@pytest.mark.parametrize("conditions", [{}, {"label": "user-1"}, {"date_from": ""}])
def test_export_has_the_lists_rows_in_order(client, alice, export, conditions):
    for day in range(12):
        make_accumulation(alice, f"A{day}", formed_at=days_ago(day), label=f"user-{day % 2}")

    rows = [row["number"] for row in csv_rows(export(**conditions, page=7))]

    assert rows == numbers(client.get(LIST, conditions))


def test_export_has_no_rows_of_other_clients(export, alice, charlie):
    make_accumulation(alice, "HERS")
    make_accumulation(charlie, "HIS")

    assert [row["number"] for row in csv_rows(export())] == ["HERS"]


def test_auditor_may_export(client, alice, bob):
    make_accumulation(alice, "HERS")
    client.force_login(bob)

    assert [row["number"] for row in csv_rows(client.get(URL))] == ["HERS"]


def test_export_columns_stand_in_order(export, alice):
    make_payment_system("bkash", name="bKash")
    make_accumulation(
        alice,
        "-7",
        wallet=make_wallet(alice.client, "+w", payment_system="bkash"),
        amount=Decimal("5000.5"),
        currency="BDT",
        label="@user",
        formed_at=datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC),
    )

    (row,) = csv_rows(export())

    assert list(row.items()) == [
        ("number", "-7"),
        ("payment_system", "bkash"),
        ("wallet", "'+w"),
        ("amount", "5000.5000"),
        ("currency", "BDT"),
        ("formed_at", "2026-11-24T14:02:51+05:30"),
        ("label", "'@user"),
    ]


def test_importing_an_export_changes_nothing(export, alice):
    for number, label in enumerate(["", "user-1", "=1", "'=1"]):
        make_accumulation(alice, f"-{number}x", label=label)

    (report,) = import_accumulations(
        read(io.BytesIO(export().getvalue()), COLUMNS), client=alice.client, actor="again"
    )

    assert report.errors == Report().errors
    assert report.outcomes["unchanged"] == 4


def test_filename_has_client_and_period(client, export):
    assert client.head(URL).headers["Content-Disposition"] == (
        'attachment; filename="alpha_accumulations_2026-11-17_2026-11-24.csv"'
    )


def test_invalid_filter_is_a_400_with_reasons(export):
    response = export(date_to="nope")

    assert response.status_code == 400
    assert "По: Это не дата." in words(response)


def test_list_links_to_its_export(client, export):
    page = client.get(LIST, {"label": "user-1"})

    assertContains(
        page, f'href="{URL}?label=user-1&amp;date_from=2026-11-17&amp;date_to=2026-11-24"'
    )
