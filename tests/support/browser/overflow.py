"""Figures and labels that leave their box, on a Client made of extremes: every page, at a width."""

from pathlib import Path

from tests.browser.conftest import confirm_if_asked, manage, sign_in
from tests.support.back_office import LISTS
from tests.support.browser.extremes import CODE, LOGIN
from tests.support.browser.settling import settle
from tests.support.factories import PASSWORD

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
    f"/search/?q=label{'W' * 185}",
    f"/search/?q={'W' * 191}",
    "/search/?q=999999999991,999999999992",
    "/no/such/page/",
    "/api/v1/docs",
]
ADMINISTRATOR = {"login": "admin", "password": "admin-demo-password"}
OFFICE = ["/admin/", *(f"/admin/{model}/" for model in LISTS)]
OFFICE += [f"/admin/{model}/add/" for model in (*LISTS[:2], *LISTS[5:8])]
OFFICE += [f"/admin/transactions/transaction/?q={'W' * 190}"]
A4 = 718  # pixels between the margins of a sheet


def make_extremes(environment):
    manage(
        environment, "shell", "-v0", "-c", "from tests.support.browser.extremes import make; make()"
    )


def faults_at(page, address, width, *, is_paper=False, password=PASSWORD):
    page.emulate_media(media="print" if is_paper else "screen")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    confirm_if_asked(page, password)
    settle(page)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page.evaluate(MEASURE, is_paper)


def enter(page, language="ru"):
    page.goto("/login/")
    sign_in(page, PASSWORD, LOGIN)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])


def first_transaction(page):
    page.goto(LIST)
    return page.locator("[data-pk-row-link]").first.get_attribute("href")


def sign_in_to_office(page, language="ru"):
    page.goto("/login/")
    sign_in(page, **ADMINISTRATOR)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])


def enter_office(page, language="ru"):
    sign_in_to_office(page, language)
    return [*OFFICE, *filter(None, (row_of(page, model) for model in LISTS))]


def row_of(page, model):
    page.goto(f"/admin/{model}/")
    rows = page.locator("#result_list tbody th a")
    long = rows.filter(has_text="WWW")
    found = long if long.count() else rows
    return found.first.get_attribute("href") if found.count() else None


def faults_in_office(page, address, *widths):
    password = ADMINISTRATOR["password"]
    yield from faults_at(page, address, widths[0], password=password)
    for width in widths[1:]:
        page.set_viewport_size({"width": width, "height": 900})
        yield from page.evaluate(MEASURE, False)
