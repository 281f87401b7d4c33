"""Identifiers that spreadsheets and clipboards have damaged, in files and on the pages.

The files stand in tests/field_cases: people who do this work met them elsewhere.
"""

import io
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.support.factories import make_transaction, seeing
from tests.support.pages import errors, numbers
from transactions.models import Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

FILES = Path(__file__).parent.parent / "field_cases"
HEADER = "number,payment_system,wallet,direction,type,status,amount,currency,country,logged_at"
ROW = "upi_l,alpha-1,incoming,real,activated,10.00,INR,IN,2026-11-24T10:00:00Z"
LIST = "/payments/transactions/"


def run(file, client="alpha"):
    out, err = io.StringIO(), io.StringIO()
    with suppress(CommandError):
        call_command(
            "import_transactions",
            str(file),
            "--create-wallets",
            client=client,
            stdout=out,
            stderr=err,
        )
    return out.getvalue().strip(), err.getvalue()


@pytest.fixture
def write_file(tmp_path):
    def write_file(*rows):
        file = tmp_path / "rows.csv"
        file.write_text("\n".join(rows))
        return file

    return write_file


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(LIST, {"date_from": "", "date_to": ""} | conditions)


def amounts(owner):
    with seeing(owner):
        rows = Transaction.objects.for_client(owner.client).order_by("number")
        return [(row.number, row.label, str(row.amount)) for row in rows]


@pytest.mark.parametrize("name", ["03-excel-scientific", "03b-export-saved-by-excel"])
def test_number_shortened_by_a_spreadsheet_is_refused(alice, name):
    counts, refusals = run(FILES / f"{name}.csv")

    assert counts == "read 3, new 0, changed 0, unchanged 0, stale 0, refused 3"
    assert refusals.count("табличная программа сократила этот номер (") == 3
    assert amounts(alice) == []


@pytest.mark.parametrize("column", ["label", "order_number", "counterparty"])
def test_any_shortened_identifier_is_refused(alice, write_file, column):
    counts, refusals = run(write_file(f"{HEADER},{column}", f"T1,{ROW},6.33E+11", f"T2,{ROW},9E12"))

    assert "new 1" in counts
    assert refusals.startswith(f"строка 2: {column}: табличная программа сократила этот номер")


def test_text_marks_are_removed_from_numbers(alice):
    assert run(FILES / "04-leading-apostrophe.csv")[0].startswith("read 3, new 2, changed 0, unch")
    assert amounts(alice) == [
        ("432198765099", "user-1", "500.0000"),
        ("432198765100", "user-2", "700.0000"),
    ]


def test_invisible_characters_around_numbers_are_removed(alice, open_list):
    counts, _refusals = run(FILES / "06-invisible.csv")

    assert counts == "read 4, new 1, changed 0, unchanged 3, stale 0, refused 0"
    assert amounts(alice) == [("432198765120", "user-77", "500.0000")]
    assert numbers(open_list(transaction_id="\u202d432198765120\u202c")) == ["432198765120"]
    assert numbers(open_list(label="\ufeffuser-77\u200b")) == ["432198765120"]


@pytest.mark.parametrize("place", ["number", "label", "order_number", "wallet"])
def test_invisible_character_inside_an_identifier_is_refused(alice, write_file, place):
    row = {"number": "T1", "label": "", "order_number": "", "wallet": "alpha-1"} | {
        place: "43\u200b21"
    }
    rest = f"{row['wallet']},{ROW.split(',', 2)[2]}"
    line = f"{row['number']},upi_l,{rest},{row['label']},{row['order_number']}"
    counts, refusals = run(write_file(f"{HEADER},label,order_number", line))

    assert "new 0" in counts
    assert refusals == f"строка 2: {place}: содержит невидимый символ (U+200B)\n"


@pytest.mark.django_db  # nothing is committed
@pytest.mark.parametrize("name", ["transaction_id", "label", "order_number"])
def test_filter_explains_an_invalid_identifier(open_list, name):
    assert errors(open_list(**{name: "43\u200b21"})) == {
        name: ["Содержит невидимый символ (U+200B)."]
    }
    assert errors(open_list(**{name: "6.3219E+11"})) == {
        name: ["Табличная программа сократила этот номер (6.3219E+11): напишите все его цифры."]
    }


@pytest.mark.django_db  # nothing is committed
@pytest.mark.parametrize(
    "typed",
    ["UTR 432198765099", "UTR:432198765099", "4321 9876 5099", "4321-9876-5099", "'432198765099'"],
)
@pytest.mark.parametrize("name", ["transaction_id", "label", "order_number"])
def test_filter_finds_identifiers_copied_with_words(open_list, alice, name, typed):
    field = {"transaction_id": "number"}.get(name, name)
    make_transaction(alice, **{"number": "T1"} | {field: "432198765099"})

    response = open_list(**{name: typed})

    assert len(numbers(response)) == 1
    assert response.context["filter"].chips[-1].value == "432198765099"


def test_exact_text_is_tried_first(open_list, alice):
    make_transaction(alice, "UTR 12-3")
    make_transaction(alice, "123")

    assert numbers(open_list(transaction_id="UTR 12-3")) == ["UTR 12-3"]
    assert numbers(open_list(transaction_id="TrxID 12-3")) == ["123"]


def test_another_clients_spelling_is_not_used(open_list, alice, charlie):
    make_transaction(charlie, "UTR 123")
    make_transaction(alice, "123")

    assert numbers(open_list(transaction_id="UTR 123")) == ["123"]


def test_export_uses_the_lists_spelling(client, alice, open_list):
    make_transaction(alice, "432198765099")

    file = client.get(f"{LIST}export.csv", {"transaction_id": "UTR 4321-9876-5099"})

    assert file.getvalue().decode().count("432198765099") == 1


# Names


SPELLINGS = [
    ("রা\u09df", 2),
    ("রা\u09af\u09bc", 2),
    ("\u095eरीदा", 2),
    ("\u092b\u093cरीदा", 2),
    ("Jos\u00e9", 2),
    ("JOSE\u0301", 2),
    ("istanbul", 1),
    ("İSTANBUL", 1),
    ("IŞIK", 1),
    ("ışık", 1),
    ("STRASSE", 1),
    ("straße", 1),
    ("петр", 1),
    ("ПЁТР", 1),
    ("жуков", 1),
    ("\u200bАндрей\u200b", 1),
    ("nobody", 0),
]


def test_name_is_found_in_any_spelling(open_list, alice, subtests):
    assert run(FILES / "07-nukta.csv")[0].startswith("read 11, new 11")

    for typed, count in SPELLINGS:
        with subtests.test(typed):
            assert len(numbers(open_list(counterparty=typed))) == count


def test_import_treats_spellings_of_a_name_as_one(alice, write_file):
    header = f"{HEADER},label,counterparty"
    run(
        write_file(
            header, f"T1,{ROW},caf\u00e9,Jos\u00e9 Stra\u00dfe", f"T2,{ROW},,+880 1712-345678"
        )
    )

    again = f"T1,{ROW},cafe\u0301,JOSE\u0301 strasse", f"T2,{ROW},,01712345678"
    other = f"T1,{ROW},caf\u00e9,Jose Strasse", f"T2,{ROW},,01712345679"

    assert run(write_file(header, *again))[0].startswith("read 2, new 0, changed 0, unchanged 2")
    assert run(write_file(header, *other))[0].endswith("refused 2")
    with seeing(alice):
        names = Transaction.objects.for_client(alice.client).order_by("number")
        stored = list(names.values_list("counterparty", flat=True))
    assert stored == ["Jos\u00e9 Stra\u00dfe", "+880 1712-345678"]


def test_unicode_forms_are_treated_as_one(open_list, alice, write_file):
    stored = {"label": "cafe\u0301", "order_number": "n\u0303-1", "counterparty": "Jose\u0301"}
    at = "2026-11-24T10:00:00+00:00"
    make_transaction(alice, "T1", **stored, amount=10, usd_rate=None, logged_at=at)

    row = f"T1,{ROW},caf\u00e9,\u00f1-1,JOS\u00c9"
    counts, refusals = run(write_file(f"{HEADER},label,order_number,counterparty", row))

    assert (counts, refusals) == (
        "read 1, new 0, changed 0, unchanged 1, stale 0, refused 0",
        "",
    )
    assert numbers(open_list(label="caf\u00e9")) == ["T1"]
    assert numbers(open_list(counterparty="jos\u00e9")) == ["T1"]


@pytest.mark.parametrize("typed", ["+8801712345678", "01712345678", "1712345678", "01712-345678"])
@pytest.mark.parametrize("stored", ["+8801712345678", "01712345678", "+880 1712 345678"])
def test_phone_is_found_without_its_country_code(open_list, alice, typed, stored):
    make_transaction(alice, "hers", counterparty=stored)
    make_transaction(alice, "other", counterparty="+8801812345678")

    assert numbers(open_list(counterparty=typed)) == ["hers"]
