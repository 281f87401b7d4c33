"""`dev.py screenshots`: every page at every width, in both languages and themes, to be looked at.

No tests: nothing here can judge. They run by pytest for the server and the browser that it has.
"""

import pytest

from tests.browser.conftest import ROOT, sign_in

FOLDER = ROOT / ".local" / "screenshots"
WIDTHS = (360, 768, 1440, 2560)
HEIGHTS = {360: 780, 768: 1024, 1440: 900, 2560: 1440}

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
    "keys": "/keys/",
    "members": "/members/",
    "audit": "/audit/",
    "security": "/security/",
    "security-app": "/security/app/",
    "security-password": "/security/password/",
    "security-confirm": "/security/confirm/",
    "not-found": "/no/such/page/",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures(browser, server, width, language, theme):
    size = {"width": width, "height": HEIGHTS[width]}
    with browser.new_context(base_url=server, viewport=size, color_scheme=theme) as context:
        context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        page = context.new_page()

        def take(name):
            page.wait_for_load_state("networkidle")
            path = FOLDER / f"{name}-{width}-{language}-{theme}.png"
            page.screenshot(path=path, caret="initial", full_page=width == WIDTHS[0])

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
