import io
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from audit.kinds import Kind
from audit.models import AuditEvent
from paykassma_admin.imports.batches import Report
from paykassma_admin.imports.files import read
from tests.support.factories import (
    days_ago,
    make_client,
    make_member,
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from tests.support.pages import csv_rows, errors, numbers, words
from transactions.imports.columns import import_transactions
from transactions.imports.row import COLUMNS
from transactions.models import Change
from transactions.sources import SourceKind, file_source

pytestmark = pytest.mark.django_db
LIST = "/payments/transactions/"
URL = f"{LIST}export.csv"


@pytest.fixture
def export(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


# Which rows


@pytest.fixture
def various(alice):
    make_payment_system("bkash", name="bKash")
    bkash = make_wallet(alice.client, "w2", payment_system="bkash")
    for day in range(12):
        make_transaction(alice, f"pay-in-{day}", logged_at=days_ago(day), label="user-1")
    for minute in range(30):
        at = datetime(2026, 11, 24, 9, minute, tzinfo=UTC)
        make_transaction(alice, f"today-{minute}", wallet=bkash, logged_at=at, usd_rate=None)
    make_transaction(alice, "fake", type="fake", counterparty="রহিমা বেগম")
    make_transaction(alice, "payout", type="withdrawal", status="pending")
    make_transaction(alice, "declined", status="declined", country="BD")


CONDITIONS = [
    {},
    {"date_from": ""},
    {"date_from": "", "date_to": "2026-11-20"},
    {"payment_system": ["bkash", "upi_l"], "type": "real"},
    {"status": "inactive"},
    {"state": "pending"},
    {"converted": "no"},
    {"arrival_currency": "INR"},
    {"hour_from": 14, "hour_to": 14},
    {"q": "-type:fake no:label"},
    {"country": "BD"},
    {"label": "user-*"},
    {"transaction_id": "today-7"},
    {"counterparty": "রহিমা"},
    {"direction": "outgoing"},
    {"label": "nobody"},
]


def test_export_has_all_pages_in_order(client, various, export):
    for conditions in CONDITIONS:
        rows = [row["number"] for row in csv_rows(export(**conditions))]

        asked = [conditions | {"page": page, "per_page": 25} for page in (1, 2)]
        pages = [client.get(LIST, conditions_of_page) for conditions_of_page in asked]
        listed = [number for page in pages if not errors(page) for number in numbers(page)]
        assert rows == listed, conditions


def test_export_ignores_the_page(export, various):
    every_row = csv_rows(export(date_from=""))

    assert csv_rows(export(date_from="", page=2, per_page=25)) == every_row
    assert csv_rows(export(date_from="", page="nope", per_page="nope")) == every_row


@pytest.mark.parametrize("wrong", [{"page": "nope"}, {"page": "99"}, {"per_page": "nope"}])
def test_wrong_page_leaves_the_export_open(client, alice, wrong):
    client.force_login(alice)

    page = client.get(LIST, {"label": "user-7"} | wrong).content.decode()

    [address] = re.findall(r'href="([^"]*export\.csv[^"]*)"', page)
    assert "label=user-7" in address
    assert not re.search(r"[?;]page=", address)


def test_wrong_condition_closes_the_export(client, alice):
    client.force_login(alice)

    page = client.get(LIST, {"date_from": "nope", "page": "nope"}).content.decode()

    assert "export.csv" not in page


def test_export_has_no_rows_of_other_clients(export, alice, charlie):
    make_transaction(alice, "HERS")
    make_transaction(charlie, "HIS")

    assert [row["number"] for row in csv_rows(export())] == ["HERS"]


def test_auditor_may_export(client, alice, bob):
    make_transaction(alice, "HERS")
    client.force_login(bob)

    assert [row["number"] for row in csv_rows(client.get(URL))] == ["HERS"]


def test_empty_export_has_its_header(export):
    assert export().getvalue().decode("utf-8-sig").count("\n") == 1


# What stands in them


def test_export_columns_stand_in_order(export, alice):
    make_payment_system("bkash", name="bKash")
    make_transaction(
        alice,
        "9BC4K2LQ1X",
        wallet=make_wallet(alice.client, "w2", payment_system="bkash"),
        type="withdrawal",
        amount=Decimal("1250.5"),
        currency="BDT",
        country="BD",
        usd_rate="0.0082",
        label="user-12",
        order_number="order, 7",
        counterparty='রহিমা "বেগম"\nঢাকা',
        logged_at=datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC),
        activated_at=datetime(2026, 11, 24, 8, 33, 51, 250_000, tzinfo=UTC),
    )

    (row,) = csv_rows(export())

    assert list(row.items()) == [
        ("number", "9BC4K2LQ1X"),
        ("payment_system", "bkash"),
        ("wallet", "w2"),
        ("direction", "outgoing"),
        ("type", "withdrawal"),
        ("status", "activated"),
        ("amount", "1250.5000"),
        ("currency", "BDT"),
        ("country", "BD"),
        ("label", "user-12"),
        ("order_number", "order, 7"),
        ("counterparty", 'রহিমা "বেগম"\nঢাকা'),
        ("logged_at", "2026-11-24T14:02:51+05:30"),
        ("activated_at", "2026-11-24T14:03:51.25+05:30"),
        ("usd_rate", "0.0082000000"),
        ("amount_usd", "10.2541"),
        ("payment_system_name", "bKash"),
    ]


def test_unknown_values_are_empty(export, alice):
    make_transaction(alice, usd_rate=None)

    (row,) = csv_rows(export())

    assert {row[name] for name in ("usd_rate", "amount_usd", "activated_at", "label")} == {""}


WIDE = "＝＋－＠﹦﹢﹣﹫⁺⁼₊₌−﬩⩵"


@pytest.mark.parametrize("field", ["number", "label", "order_number", "counterparty"])
def test_formula_is_prefixed_with_an_apostrophe(export, alice, field):
    formulas = [f"{start}cmd|' /C calc'!A0" for start in ["=", "+", "-", "@", "\t", "\r", *WIDE]]
    with worker():
        for place, formula in enumerate(formulas):
            make_transaction(alice, **{"number": f"T{place}", field: formula})

    found = [row[field] for row in csv_rows(export())]

    assert sorted(found) == sorted(f"'{formula}" for formula in formulas)


def test_wallet_and_payment_system_names_are_defused(export, alice):
    make_payment_system("-bkash", name="=bKash")
    make_transaction(alice, wallet=make_wallet(alice.client, "@w", payment_system="-bkash"))

    (row,) = csv_rows(export())

    assert row["payment_system"] == "'-bkash"
    assert row["wallet"] == "'@w"
    assert row["payment_system_name"] == "'=bKash"


@pytest.mark.parametrize("text", ["+8801712345678", "-5", "-12.50", "a=b", "1+1", "o'clock", "'"])
def test_numbers_and_plain_texts_are_unchanged(export, alice, text):
    make_transaction(alice, counterparty=text)

    assert csv_rows(export())[0]["counterparty"] == text


@pytest.mark.parametrize("text", ["+1+cmd", "-1\n2", "+7 999 123", "-1e5", "-", "--1"])
def test_text_beginning_like_a_number_is_a_formula(export, alice, text):
    make_transaction(alice, counterparty=text)

    assert csv_rows(export())[0]["counterparty"] == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["x;=1+1;y", "x; @a", "x\n=1", "x\r-1", 'x\t"=1', 'x;"=1;y', ";;+1", "x;'=1", "-1\n=2"]
    + [f'x;"{sign}1' for sign in WIDE],
)
def test_no_cell_begins_with_a_formula_after_semicolons(export, alice, text):
    """Excel with decimal commas knows quotes only at the beginning of a cell."""
    make_transaction(alice, counterparty=text)

    cells = re.split("[;\t\r\n]", export().getvalue().decode())

    assert not [cell for cell in cells if re.match(f'[" ]*[=+@{WIDE}-]', cell)]


# Moments


@pytest.mark.parametrize(
    ("zone", "at", "written"),
    [
        ("Asia/Kathmandu", (2026, 11, 24, 8), "2026-11-24T13:45:00+05:45"),
        ("America/St_Johns", (2026, 7, 1, 12), "2026-07-01T09:30:00-02:30"),
        ("America/St_Johns", (2026, 1, 1, 12), "2026-01-01T08:30:00-03:30"),
        ("Europe/Berlin", (2026, 10, 25, 0, 30), "2026-10-25T02:30:00+02:00"),
        ("Europe/Berlin", (2026, 10, 25, 1, 30), "2026-10-25T02:30:00+01:00"),
        ("Asia/Kolkata", (2026, 11, 23, 18, 30), "2026-11-24T00:00:00+05:30"),
        ("UTC", (2026, 11, 24, 8), "2026-11-24T08:00:00+00:00"),
    ],
)
def test_moment_has_the_offset_of_its_time(client, zone, at, written):
    member = make_member("erin", client=make_client("delta", time_zone=zone))
    make_transaction(member, logged_at=datetime(*at, tzinfo=UTC))
    client.force_login(member)

    (row,) = csv_rows(client.get(URL, {"date_from": ""}))

    assert row["logged_at"] == written


# Back again


def test_importing_an_export_changes_nothing(export, alice, various):
    texts = ["=1", "'=1", "''=1", "+799", "'+799", "@user", "-x", "'", "' =", "a\tb, c\nd"]
    texts += [f"{sign}1" for sign in WIDE] + [f"'{sign}1" for sign in WIDE]
    texts += [f"x;{sign}1;'{sign}2" for sign in WIDE] + ["－5", "＋8801712345678"]
    texts += ["x;=1", "x;'=1", 'x;"=1', "x\n=1", "x\n'-1", "x; @", "=1;=1", "'=1;''=1", "x;\n;+"]
    for number, text in enumerate(texts):
        make_transaction(alice, f"-{number}", label=text, order_number=text, counterparty=text)
    rows = csv_rows(export(date_from=""))
    file = io.BytesIO(export(date_from="").getvalue())

    report = Report()
    source = file_source(alice.client, kind=SourceKind.COMMAND, name="again.csv", sha256="")
    rows_again = read(file, COLUMNS)
    for batch in import_transactions(rows_again, client=alice.client, actor="again", source=source):
        report.add(batch)

    assert report.errors == []
    assert {name: count for name, count in report.outcomes.items() if count} == {
        "unchanged": len(rows)
    }
    with seeing(alice):
        assert not Change.unscoped.exists()


# The answer


@pytest.mark.parametrize(
    ("conditions", "period"),
    [
        ({}, "2026-11-17_2026-11-24"),
        ({"date_from": "", "date_to": "2026-11-01"}, "beginning_2026-11-01"),
        ({"date_to": ""}, "2026-11-17_end"),
    ],
)
def test_filename_has_client_and_period(client, export, conditions, period):
    assert client.head(URL, conditions).headers["Content-Disposition"] == (
        f'attachment; filename="alpha_transactions_{period}.csv"'
    )


def test_export_is_uncached_utf_8_csv(export):
    response = export()

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.getvalue().startswith(b"\xef\xbb\xbfnumber,payment_system,")


def test_invalid_filter_is_a_400_with_reasons(export):
    response = export(date_from="2026-11-25", country="nope", label="ab*")

    assert response.status_code == 400
    shown = words(response)
    assert "Файл не выгружен" in shown
    assert "С: Дата «С» позже даты «По»" in shown
    assert "Страна: Выберите" in shown
    assert "Лейбл: " in shown
    assertContains(response, 'href="./?date_from=2026-11-25', status_code=400)


def test_another_clients_wallet_is_not_a_choice(export, charlie):
    assert export(wallet=make_wallet(charlie.client).pk).status_code == 400


def test_export_is_refused_over_http_1_0(client, export):
    response = client.get(URL, SERVER_PROTOCOL="HTTP/1.0")

    assert response.status_code == 505
    assert "оборванный файл не отличить" in words(response)


def test_head_request_gets_no_rows(client, alice, export):
    make_transaction(alice)

    response = client.head(URL)

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.getvalue() == b""


# The button


def test_list_links_to_its_export_with_its_days(client, export):
    page = client.get(LIST, {"direction": "incoming"})

    assertContains(page, "Экспорт CSV")
    assertContains(
        page, f'href="{URL}?direction=incoming&amp;date_from=2026-11-17&amp;date_to=2026-11-24"'
    )


def test_invalid_list_disables_its_export(client, export):
    page = client.get(LIST, {"date_from": "nope"})

    assertContains(page, "Сначала исправьте отмеченные поля.")
    assert URL not in page.content.decode()


def test_export_works_while_queries_are_logged(export, alice):
    make_transaction(alice, "number-1")

    with CaptureQueriesContext(connection):
        assert [row["number"] for row in csv_rows(export())] == ["number-1"]


def test_query_is_in_the_audit_log_without_names(export, alice):
    make_transaction(alice, "T1", counterparty="Анна")

    assert csv_rows(export(q="-name:Иван -type:fake"))
    with seeing(alice):
        event = AuditEvent.objects.for_client(alice.client).filter(kind=Kind.EXPORT).latest("at")

    assert event.details["q"] == "-name:… -type:fake"


def test_order_of_a_query_is_not_the_files(export, alice):
    for number in ("first", "second"):
        make_transaction(alice, number)

    rows = csv_rows(export(q="sort:date"))

    assert [row["number"] for row in rows] == ["second", "first"]
