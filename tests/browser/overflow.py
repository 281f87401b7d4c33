"""Figures and labels that leave their box, on a Client made of extremes: every page, at a width."""

from pathlib import Path

from tests.browser.conftest import manage, sign_in
from tests.extremes import CODE, LOGIN
from tests.factories import PASSWORD

MEASURE = (Path(__file__).parent / "overflow.js").read_text()
LIST = "/payments/transactions/"
PAGES = [
    "/",
    "/?detail=on&chart=bar",
    "/?tab=withdrawals&measure=count&date_from=2026-11-01",
    "/?date_from=2026-11-25&date_to=2026-11-01",
    LIST,
    f"{LIST}?status=active&type=real&label=label{'W' * 185}",
    f"{LIST}?label=nobody",
    "/payments/accumulations/",
    "/wallets/balance/",
    f"/wallets/balance/?wallet_type={CODE}_INR",
    "/wallets/balance/?wallet_type=nobody",
    "/audit/",
    "/keys/",
    "/members/",
    "/security/",
    "/security/password/",
    "/no/such/page/",
    "/api/v1/docs",
]
A4 = 718  # pixels between the margins of a sheet


def make_extremes(environment):
    manage(environment, "shell", "-v0", "-c", "from tests.extremes import make; make()")


def faults_at(page, address, width, *, is_paper=False):
    """What the address shows outside of its box at that width; on paper, too."""
    page.emulate_media(media="print" if is_paper else "screen")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    if "/security/confirm/" in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page.evaluate(MEASURE, is_paper)


def enter(page, language="ru"):
    """As the owner of that Client."""
    page.goto("/login/")
    sign_in(page, PASSWORD, LOGIN)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])


def first_transaction(page):
    page.goto(LIST)
    return page.locator("[data-pk-row-link]").first.get_attribute("href")
