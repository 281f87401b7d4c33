"""The net under all pages: every address is known here, and is asked as visitor and stranger.

A pattern that stands in none of the lists fails: decide whose page it is, and write it down.
"""

import pytest
from django.urls import URLResolver, get_resolver

from tests.factories import make_accumulation, make_balance, make_transaction, make_wallet
from tests.pages import words

pytestmark = pytest.mark.django_db

# Open to everybody: pattern → what a visitor gets.
PUBLIC = {
    "login/": 200,
    "logout/": 405,
    "health/live": 200,
    "health/ready": 200,
}
# Of a Client: pattern → an address of Alice's own, full of what a stranger must not see.
CLIENT_PAGES = {
    "": "/",
    "chart.json": "/chart.json",
    "payments/transactions/": "/payments/transactions/?per_page=100",
    "payments/transactions/<int:pk>/": "/payments/transactions/{transaction}/",
    "payments/accumulations/": "/payments/accumulations/",
    "wallets/balance/": "/wallets/balance/?wallet_type=hers",
}
# Of anybody who is signed in, without a Client's rows.
SIGNED_IN = {
    "language/": 302,
    "api/v1/openapi.json": 200,
    "api/v1/docs": 200,
    "api/v1/": 404,
}
# Opened by a key; tests/wallets/test_balance_request.py asks as a stranger.
API = {"api/v1/wallets/balance"}
# Django's own, each behind BackOffice.has_permission; tests/clients/test_back_office.py.
BACK_OFFICE = "admin/"

PARAMETERS_WITH_IDS = [
    "/payments/transactions/?wallet={wallet}",
    "/payments/transactions/?payment_system=hers",
]


def patterns(resolver=None, before=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and route != BACK_OFFICE:
            yield from patterns(pattern, route)
        else:
            yield route


@pytest.fixture
def hers(alice):
    """Rows of Alice's with a word in each that no other page may show."""
    wallet = make_wallet(alice.client, "her-wallet", payment_system="hers")
    transaction = make_transaction(alice, "her-number", wallet=wallet, label="her-label")
    make_accumulation(alice, "her-accumulation", wallet=wallet, label="her-label")
    make_balance(alice, "hers")
    return {"transaction": transaction.pk, "wallet": wallet.pk}


def test_every_address_is_known_here():
    known = [*PUBLIC, *CLIENT_PAGES, *SIGNED_IN, *API, BACK_OFFICE]

    assert sorted(patterns()) == sorted(known)


@pytest.mark.parametrize(("route", "status"), PUBLIC.items())
def test_a_visitor_opens_what_is_public(client, route, status):
    assert client.get(f"/{route}").status_code == status


@pytest.mark.parametrize("route", [*CLIENT_PAGES, *SIGNED_IN, BACK_OFFICE, "admin/clients/client/"])
def test_a_visitor_is_asked_to_sign_in(client, hers, route):
    address = CLIENT_PAGES.get(route, f"/{route}").format(**hers)

    for ask in (client.get, client.post):
        last, _status = ask(address, follow=True).redirect_chain[-1]
        assert last.startswith("/login/?next=/")


@pytest.mark.parametrize("route", API)
def test_a_visitor_without_a_key_is_refused(client, route):
    assert client.post(f"/{route}", {}, content_type="application/json").status_code == 401


@pytest.mark.parametrize("address", CLIENT_PAGES.values())
def test_a_member_opens_his_pages(client, alice, hers, address):
    client.force_login(alice)

    assert client.get(address.format(**hers)).status_code == 200


@pytest.mark.parametrize("address", [*CLIENT_PAGES.values(), *PARAMETERS_WITH_IDS])
def test_a_stranger_sees_nothing_of_hers(client, hers, charlie, address):
    client.force_login(charlie)

    response = client.get(address.format(**hers))

    assert response.status_code == (404 if "{transaction}" in address else 200)
    page = response.content.decode()
    for word in ("her-number", "her-label", "her-wallet", "her-accumulation", "Alpha"):
        assert word not in page


def test_the_pages_of_hers_do_have_those_words(client, alice, hers):
    client.force_login(alice)

    shown = " ".join(words(client.get(page.format(**hers))) for page in CLIENT_PAGES.values())

    for word in ("her-number", "her-label", "her-wallet", "her-accumulation", "Alpha"):
        assert word in shown


@pytest.mark.parametrize("address", CLIENT_PAGES.values())
def test_an_administrator_is_shown_to_the_back_office(client, hers, dora, address):
    client.force_login(dora)

    assert client.get(address.format(**hers))["Location"] == "/admin/"


@pytest.mark.parametrize(("route", "status"), SIGNED_IN.items())
def test_whoever_is_signed_in_opens_what_is_nobodys(client, charlie, route, status):
    client.force_login(charlie)

    assert client.get(f"/{route}").status_code == status
