import re
import subprocess
import sys
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OWN_BROWSER, ROOT, sign_in
from tests.support.second_factors import code_of

pytestmark = OWN_BROWSER  # a passkey stays in it
FIRST, OWN = "first-horse-first-battery", "own-horse-own-battery"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def noon():
    """Undo the frozen clock: the phone's clock is the server's."""


@pytest.fixture
def address(server):
    """A passkey is of a name, and of no address of digits."""
    return server.replace("127.0.0.1", "localhost")


@pytest.fixture
def login(environment):
    name = f"owner-{uuid.uuid4().hex[:8]}"
    command = [sys.executable, "manage.py", "create_client", "--password-stdin"]
    command += ["--name", name, "--slug", name, "--owner", name, "--time-zone", "Asia/Kolkata"]
    subprocess.run(command, cwd=ROOT, env=environment, input=FIRST, text=True, check=True)
    return name


@pytest.fixture
def newcomer(page, complaints, address, login):
    page.goto(f"{address}/payments/accumulations/")
    sign_in(page, FIRST, login)
    expect(page).to_have_url(re.compile("/security/password/$"))
    page.locator("[name=old_password]").fill(FIRST)
    for name in ("new_password1", "new_password2"):
        page.locator(f"[name={name}]").fill(OWN)
    page.get_by_role("button", name="Сменить пароль").click()
    expect(page).to_have_url(re.compile("/security/$"))
    return page


@pytest.fixture
def phone(newcomer):
    """Knows a fingerprint. Called, it is replaced by another, which has no passkey yet."""
    session = newcomer.context.new_cdp_session(newcomer)
    session.send("WebAuthn.enable")

    def buy():
        return session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})

    first = buy()

    def replace():
        session.send("WebAuthn.removeVirtualAuthenticator", first)
        buy()

    yield replace
    session.detach()


def type_code(page, code):
    page.locator("[name=code]").fill(code)
    page.locator("[name=code]").press("Enter")


def set_up_app(page):
    page.get_by_role("link", name="Настроить приложение").click()
    secret = page.locator(".pk-secret").inner_text()
    type_code(page, code_of(secret))
    return secret


def add_passkey(page):
    page.get_by_role("link", name="Добавить ключ доступа").click()
    page.locator("[name=name]").fill("Телефон")
    page.get_by_role("button", name="Добавить ключ").click()


def keep_codes(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Коды восстановления")
    codes = page.locator(".pk-codes code").all_inner_texts()
    page.get_by_role("link", name="Коды сохранены, дальше").click()
    return codes


def sign_out(page):
    page.locator(".pk-user-button").click()
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/login/")


def remove(page, name):
    page.get_by_role("link", name=f"Удалить: {name}").click()
    page.get_by_role("button", name="Удалить", exact=True).click()
    page.wait_for_url("**/security/")
    expect(page.get_by_role("link", name=f"Удалить: {name}")).to_have_count(0)


def assert_is_in(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Дэшборд")


@pytest.mark.slow
def test_sign_in_by_app_passkey_and_recovery_code(newcomer, phone, address, login):
    page = newcomer
    secret = set_up_app(page)
    kept_code, *_others = keep_codes(page)
    expect(page).to_have_url(re.compile("/payments/accumulations/$"))
    page.goto(f"{address}/security/")
    add_passkey(page)
    page.wait_for_url("**/security/")
    sign_out(page)

    # Each of the ways in.
    page.get_by_role("button", name="Войти по ключу доступа").click()
    assert_is_in(page)
    sign_out(page)
    sign_in(page, OWN, login)
    page.get_by_role("button", name="Использовать ключ доступа").click()
    assert_is_in(page)
    sign_out(page)
    sign_in(page, OWN, login)
    type_code(page, code_of(secret, later=1))
    assert_is_in(page)
    sign_out(page)

    # The phone is lost, and the app and the passkey with it.
    phone()
    page.get_by_role("button", name="Войти по ключу доступа").click()
    expect(page.get_by_role("alert")).to_contain_text("Ключ доступа не сработал")
    sign_in(page, OWN, login)
    type_code(page, kept_code)
    assert_is_in(page)

    # One of them is required: the last goes when another is there.
    page.goto(f"{address}/security/")
    remove(page, "Приложение с кодами")
    new_secret = set_up_app(page)
    page.wait_for_url("**/security/")
    remove(page, "Телефон")
    add_passkey(page)
    page.wait_for_url("**/security/")
    sign_out(page)

    # The lost app opens nothing, what is new does.
    sign_in(page, OWN, login)
    type_code(page, code_of(secret, later=1))
    expect(page.get_by_text("Неверный код")).to_be_visible()
    type_code(page, code_of(new_secret, later=1))
    assert_is_in(page)
    sign_out(page)
    page.get_by_role("button", name="Войти по ключу доступа").click()
    assert_is_in(page)


def test_second_factor_is_set_up_by_keyboard(newcomer):
    newcomer.get_by_role("link", name="Настроить приложение").focus()
    newcomer.keyboard.press("Enter")
    expect(newcomer.locator("[name=code]")).to_be_focused()

    newcomer.keyboard.type(code_of(newcomer.locator(".pk-secret").inner_text()))
    newcomer.keyboard.press("Enter")

    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Коды восстановления")
