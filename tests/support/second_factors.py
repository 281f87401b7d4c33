import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.support.factories import PASSWORD

PERIOD = 30


def code_of(secret, *, later=0):
    """Return the app's current code, or that of some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + later))


def sign_in(browser, login, password=PASSWORD, **more):
    return browser.post("/login/", {"login": login, "password": password} | more)


def new_password(password, before=PASSWORD):
    return {"old_password": before, "new_password1": password, "new_password2": password}


def set_up_app(browser):
    secret = browser.get("/security/app/").context["form"].secret
    response = browser.post("/security/app/", {"code": code_of(secret)})
    assert response["Location"] == "/security/recovery-codes/", response
    return secret


def recovery_codes(browser):
    page = browser.get("/security/recovery-codes/").content.decode()
    return re.findall(r"<code>(\d{8})</code>", page)
