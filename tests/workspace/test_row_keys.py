import pytest

from accounts.models import User
from tests.support.factories import make_accumulation, make_transaction, worker
from tests.support.pages import words

pytestmark = pytest.mark.django_db

TRANSACTIONS, ACCUMULATIONS = "/payments/transactions/", "/payments/accumulations/"
OPENS, COPIES = "открыть строку", "Скопировать номера"
SELECTS = "выбрать строку, чтобы скопировать или сложить"


@pytest.fixture
def told(client, alice):
    make_transaction(alice)
    make_accumulation(alice)
    client.force_login(alice)
    return lambda address: words(client.get(address))


@pytest.fixture
def show_columns(alice):
    def show(**columns):
        with worker():
            User.objects.filter(pk=alice.pk).update(list_columns=columns)

    return show


def test_transactions_are_opened_copied_and_added_up(told):
    assert all(words in told(TRANSACTIONS) for words in (OPENS, COPIES, SELECTS))


def test_accumulations_open_nothing(told):
    said = told(ACCUMULATIONS)

    assert OPENS not in said
    assert COPIES in said and SELECTS in said


def test_audit_log_promises_to_walk_alone(told, client):
    client.get("/payments/transactions/export.csv").getvalue()  # which is an event
    said = told("/audit/")

    assert "следующая и предыдущая строка" in said
    assert not any(words in said for words in (OPENS, COPIES, "выбрать строку"))


def test_list_without_its_numbers_neither_opens_nor_copies(told, show_columns):
    show_columns(**{"transactions:list": ["amount"]})

    said = told(TRANSACTIONS)
    assert OPENS not in said and COPIES not in said
    assert "выбрать строку, чтобы сложить" in said


def test_list_without_amounts_adds_nothing_up(told, show_columns):
    show_columns(**{"transactions:list": ["number"]})

    assert "выбрать строку, чтобы скопировать номер" in told(TRANSACTIONS)
