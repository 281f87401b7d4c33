"""One Client's search never finds another's rows, by any way that it finds."""

import pytest

from accounts.roles import Role
from tests.support.factories import (
    make_accumulation,
    make_member,
    make_transaction,
    make_wallet,
)
from tests.support.pages import words
from tests.support.visitors import look_at

pytestmark = pytest.mark.django_db

TYPED = {
    "transaction number": "633412345678",
    "number in other spelling": "UTR 6334 1234 5678",
    "order number": "order-7841",
    "label": "user-7841",
    "prefix": "user-78*",
    "name": "Rahim",
    "telephone": "+880 1712 345678",
    "amount": "4 750",
    "amount and hour": "4 750 16:30",
    "accumulation": "ACC-7841",
    "numbers": "633412345678, order-7841, user-7841, ACC-7841",
}
HERS = ("ALICES", "Rahim Uddin", "ACC-7841 ")


@pytest.fixture
def hers(alice):
    wallet = make_wallet(alice.client, "ALICES-wallet")
    make_transaction(
        alice,
        "633412345678",
        wallet=wallet,
        order_number="order-7841",
        label="user-7841",
        counterparty="Rahim Uddin 01712345678",
        amount=4750,
    )
    make_transaction(alice, "ALICES-phone", wallet=wallet, counterparty="01712345678")
    make_accumulation(alice, "ACC-7841", wallet=wallet, label="user-7841")


def has_rows(response):
    if response.status_code == 302:
        return True
    numbers = response.context.get("numbers")
    if numbers:
        return bool(numbers.transactions.data or numbers.accumulations.data)
    return bool(response.context["found"].groups)


@pytest.mark.parametrize("kind", TYPED)
def test_search_finds_what_is_hers(client, alice, hers, kind):
    client.force_login(alice)

    assert has_rows(client.get("/search/", {"q": TYPED[kind]}))


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.usefixtures("hers")
def test_stranger_finds_nothing_of_hers(client, charlie, nets, kind):
    client.force_login(charlie)

    response = client.get("/search/", {"q": TYPED[kind]})

    assert response.status_code == 200
    assert not has_rows(response)


@pytest.mark.usefixtures("hers")
def test_each_finds_their_own_of_two_equal_numbers(client, alice, charlie):
    his = make_transaction(charlie, "633412345678")
    client.force_login(charlie)

    found = client.get("/search/", {"q": "633412345678"})

    assert f"/{his.pk}/" in found.headers["Location"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.usefixtures("hers")
def test_every_role_has_the_box(client, alice, role):
    client.force_login(make_member("erin", client=alice.client, role=role))

    assert 'id="search-box"' in client.get("/").content.decode()
    assert client.get("/search/", {"q": "633412345678"}).status_code == 302


@pytest.mark.usefixtures("hers")
def test_administrator_who_looks_at_a_client_searches_there(client, alice, charlie, dora):
    client.force_login(dora)
    look_at(client, alice.client)
    assert client.get("/search/", {"q": "633412345678"}).status_code == 302
    client.get("/search/", {"q": "order-7841"})

    look_at(client, charlie.client)
    assert client.get("/search/", {"q": "633412345678"}).status_code == 200
    assert "order-7841" not in words(client.get("/search/"))


def test_back_office_has_no_box(client, dora):
    client.force_login(dora)

    assert "search-box" not in client.get("/admin/").content.decode()
    assert client.get("/search/").status_code == 302
