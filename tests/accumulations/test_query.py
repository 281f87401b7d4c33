from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import NOON
from tests.support.factories import make_accumulation
from tests.support.pages import csv_rows, errors, numbers

pytestmark = pytest.mark.django_db
URL = "/payments/accumulations/"


@pytest.fixture
def rows(alice, client):
    client.force_login(alice)
    make_accumulation(alice, "A1", label="user-1", amount=Decimal(5000))
    make_accumulation(alice, "A2", label="user-2", amount=Decimal(20))
    make_accumulation(
        alice, "B1", label="", amount=Decimal(300), formed_at=NOON - timedelta(days=2)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-label:user-1", ["A2", "B1"]),
        ("лейбл:user-1,user-2", ["A1", "A2"]),
        ("нет:лейбл", ["B1"]),
        ("amount:>20", ["A1", "B1"]),
        ("-сумма:20..300", ["A1"]),
        ("-id:A1", ["A2", "B1"]),
        ("currency:inr -formed:today", ["B1"]),
        ("currency:USD", []),
    ],
)
def test_query_finds_accumulations(client, rows, text, found):
    response = client.get(URL, {"q": text}, follow=True)

    page = getattr(response.context["table"], "page", None)
    assert errors(response) == {}
    assert (sorted(numbers(response)) if page else []) == found


def test_what_parameters_say_moves_into_them(client, rows):
    response = client.get(URL, {"q": "label:user-1 номер:A1 дата:сегодня amount:>5"})

    assert parse_qs(urlsplit(response.url).query)["q"] == ["amount:>5"]
    assert "label=user-1" in response.url


def test_fields_of_another_list_are_unknown(client, rows):
    response = client.get(URL, {"q": "status:pending"})

    assert errors(response) == {
        "q": ["Поля «status» нет. Известны: лейбл, номер, есть, нет, сумма, валюта, дата."]
    }


def test_stranger_finds_no_accumulation(client, rows, charlie, nets):
    make_accumulation(charlie, "HIS", amount=Decimal(7))
    client.force_login(charlie)

    assert numbers(client.get(URL, {"q": "-amount:6"})) == ["HIS"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_export_has_the_rows_of_a_query(client, rows):
    response = client.get(f"{URL}export.csv", {"q": "amount:>20"})

    assert [row["number"] for row in csv_rows(response)] == ["A1", "B1"]
