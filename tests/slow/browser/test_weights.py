"""The weight of a visit on the wire, in a browser, on a server with built static files."""

import pytest

from tests.browser.conftest import manage, serve, sign_in

KILOBYTE = 1000
FIRST_VISIT, LATER_PAGE = 250 * KILOBYTE, 25 * KILOBYTE
LIST = "/payments/transactions/"
# Each is opened once after the dashboard: what only it needs is fetched then.
LATER_PAGES = [
    "/",
    "/?date_from=2026-01-01",
    LIST,
    "/search/?q=user*",
    f"{LIST}why/",
    "{transaction}",
    "/payments/accumulations/",
    "/wallets/balance/",
    "/wallets/balance/?wallet_type=dusupay",
    "/jobs/",
    "/views/",
    "/members/",
    "/audit/",
    "/security/",
    "/about/",
]
NEWEST = """
    select max(t.id) from transactions_transaction t join clients_client c on c.id = t.client_id
    where slug = 'alpha'
"""


@pytest.fixture(scope="session")
def built_server(environment):
    built = environment | {"STATIC_FROM_SOURCE": "off"}
    manage(built, "collectstatic", "--noinput", "--verbosity=0")
    with serve(built) as address:
        yield address


@pytest.fixture
def visit(browser, built_server):
    """Open an address and return the bytes that came for it."""
    with browser.new_context(base_url=built_server) as context:
        page = context.new_page()
        network, came = context.new_cdp_session(page), []
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))

        def visit(act):
            came.clear()
            act(page)
            page.wait_for_load_state("networkidle")
            return sum(came)

        yield visit


def first_visit(page):
    page.goto("/login/")
    sign_in(page)


def test_visit_is_light(visit, sql):
    [[pk]] = sql(NEWEST)
    assert FIRST_VISIT / 5 < visit(first_visit) <= FIRST_VISIT

    weights = {}
    for address in LATER_PAGES:
        address = address.format(transaction=f"{LIST}{pk}/")
        weights[address] = visit(lambda page, address=address: page.goto(address))

    print(weights)
    assert {address: n for address, n in weights.items() if n > LATER_PAGE} == {}
    assert min(weights.values()) > 0
