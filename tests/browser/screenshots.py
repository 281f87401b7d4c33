"""`dev.py screenshots`: every page at every width, in both languages and themes, to be looked at.

No tests: nothing here can judge. They run by pytest for the server and the browser that it has.
"""

import subprocess
import sys
import uuid
from contextlib import contextmanager

import pytest

from tests.browser.conftest import ROOT, sign_in
from tests.support.second_factors import code_of

FOLDER = ROOT / ".local" / "screenshots"
WIDTHS = (360, 768, 1440, 2560)
HEIGHTS = {360: 780, 768: 1024, 1440: 900, 2560: 1440}
FIRST, OWN = "first-horse-first-battery", "own-horse-own-battery"

LIST = "/payments/transactions/"
PAGES = {
    "dashboard": "/",
    "dashboard-withdrawals": "/?tab=withdrawals&chart=bar",
    "dashboard-detail": "/?detail=on",
    "dashboard-nothing-chosen": "/?total=off&systems=",
    "dashboard-mistaken": "/?date_from=2026-11-25&date_to=2026-11-01",
    "transactions": LIST,
    "transactions-narrowed": f"{LIST}?status=active&type=real&type=forced&per_page=50",
    "transactions-none": f"{LIST}?label=nobody",
    "transactions-mistaken": f"{LIST}?counterparty=ab",
    "accumulations": "/payments/accumulations/",
    "balance": "/wallets/balance/",
    "balance-answered": "/wallets/balance/?wallet_type=dusupay",
    "balance-unknown": "/wallets/balance/?wallet_type=nobody",
    "audit": "/audit/",
    "jobs": "/jobs/",
    "imports": "/imports/",
    "audit-none": "/audit/?actor=nobody",
    "security": "/security/",
    "not-found": "/no/such/page/",
}
SECURITY = {
    "security-password": "/security/password/",
    "security-new-codes": "/security/recovery-codes/new/",
    "security-passkey": "/security/passkeys/add/",
    "confirm": "/security/confirm/",
    "confirm-code": "/security/confirm/code/",
}

everywhere = [
    pytest.mark.parametrize("theme", ["light", "dark"]),
    pytest.mark.parametrize("language", ["ru", "en"]),
    pytest.mark.parametrize("width", WIDTHS),
]


def at_every_width(pictures):
    for mark in everywhere:
        pictures = mark(pictures)
    return pictures


@pytest.fixture(autouse=True)
def noon():
    """Undo the frozen clock: the authenticator's clock is the server's."""


@contextmanager
def camera(browser, server, width, language, theme):
    size = {"width": width, "height": HEIGHTS[width]}
    with browser.new_context(base_url=server, viewport=size, color_scheme=theme) as context:
        context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        page = context.new_page()

        def take(name):
            page.wait_for_load_state("networkidle")
            path = FOLDER / f"{name}-{width}-{language}-{theme}.png"
            page.screenshot(path=path, caret="initial", full_page=width == WIDTHS[0])

        yield page, take


@at_every_width
def test_screenshots_of_every_page(browser, server, width, language, theme):
    with camera(browser, server, width, language, theme) as (page, take):
        page.goto("/login/")
        take("login")
        if width == WIDTHS[0] and theme == "light":  # more of them would be too many attempts
            sign_in(page, password="wrong")
            take("login-mistaken")
        sign_in(page)
        page.locator(".pk-user-button").click()
        take("user-menu")
        for name, address in PAGES.items():
            page.goto(address)
            take(name)
        page.goto(LIST)
        page.goto(page.locator("[data-pk-row-link]").first.get_attribute("href"))
        take("transaction")


@pytest.fixture
def login(environment):
    name = f"owner-{uuid.uuid4().hex[:8]}"
    command = [sys.executable, "manage.py", "create_client", "--password-stdin"]
    command += ["--name", name, "--slug", name, "--owner", name, "--time-zone", "Asia/Kolkata"]
    subprocess.run(command, cwd=ROOT, env=environment, input=FIRST, text=True, check=True)
    return name


@at_every_width
def test_screenshots_of_an_owners_setup(browser, server, login, width, language, theme):
    with camera(browser, server, width, language, theme) as (page, take):
        page.goto("/login/")
        sign_in(page, FIRST, login)
        take("first-password")
        page.locator("[name=old_password]").fill(FIRST)
        for name in ("new_password1", "new_password2"):
            page.locator(f"[name={name}]").fill(OWN)
        page.locator("[name=new_password2]").press("Enter")
        page.wait_for_url(lambda url: "password" not in url)
        page.goto("/security/app/")
        take("security-app")
        secret = page.locator(".pk-secret").inner_text()
        page.locator("[name=code]").fill(code_of(secret))
        page.locator("[name=code]").press("Enter")
        page.wait_for_url("**/recovery-codes/")
        take("security-codes")
        page.goto("/security/")
        take("security-set-up")
        page.goto(page.locator("a[href*='/factors/']").first.get_attribute("href"))
        take("security-remove")
        for name, address in SECURITY.items():
            page.goto(address)
            take(name)
        take_keys(page, take)
        take_members(page, take)


def take_keys(page, take):
    page.goto("/keys/")
    take("keys-none")
    page.locator("[name=name]").fill("Shop")
    page.locator("[name=name]").press("Enter")
    page.locator(".pk-once").wait_for()
    take("keys-new")
    page.goto("/keys/")
    take("keys")
    page.goto(page.locator("a[href*='/revoke/']").first.get_attribute("href"))
    take("keys-revoke")


def take_members(page, take):
    page.goto("/members/")
    take("members")
    own = page.locator("main tbody a").first.get_attribute("href")
    page.locator(".pk-give .btn-primary").click()
    page.locator(".pk-once").wait_for()
    take("members-link")
    link = page.locator(".pk-once code").inner_text()
    page.goto(own)
    take("member")
    page.locator(".btn-danger").click()
    page.get_by_role("alert").wait_for()
    take("member-last-owner")
    page.goto(link)
    take("invitation")
    page.locator("[name=login]").press("Enter")
    page.locator(".errorlist").first.wait_for()
    take("invitation-mistaken")
    page.goto("/invitation/nope/")
    take("invitation-gone")


@at_every_width
def test_screenshots_of_the_back_office(browser, server, width, language, theme):
    with camera(browser, server, width, language, theme) as (page, take):
        page.goto("/login/")
        sign_in(page, "admin-demo-password", "admin")
        page.goto("/admin/clients/client/?q=alpha")
        take("office-clients")
        page.goto(page.locator("#result_list tbody th a").first.get_attribute("href"))
        take("office-client")
        page.locator("select[name$=action]").first.select_option("impersonate")
        page.locator(".actions button").first.click()
        page.locator(".pk-impersonation").wait_for()
        take("looking")
        for name, address in {"looking-list": LIST, "looking-refused": "/keys/"}.items():
            page.goto(address)
            take(name)
