import re

from playwright.sync_api import expect

from tests.browser.conftest import OWN_BROWSER, sign_in
from tests.browser.test_every_page import assert_all_can_read
from tests.browser.test_second_factor import (  # noqa: F401 - fixtures among them
    OWN,
    add_passkey,
    address,
    keep_codes,
    login,
    newcomer,
    noon,
    phone,
    set_up_app,
    sign_out,
)

pytestmark = OWN_BROWSER


def test_second_factor_pages_are_accessible(newcomer, phone, address, login):  # noqa: F811
    assert_all_can_read(newcomer)
    newcomer.goto(f"{address}/security/app/")
    assert_all_can_read(newcomer)
    newcomer.goto(f"{address}/security/")
    set_up_app(newcomer)
    newcomer.wait_for_url("**/recovery-codes/")
    assert_all_can_read(newcomer)
    for path in ("passkeys/add/", "password/", "recovery-codes/new/", "confirm/", "confirm/code/"):
        newcomer.goto(f"{address}/security/{path}")
        assert_all_can_read(newcomer)
    newcomer.goto(f"{address}/security/")
    add_passkey(newcomer)
    newcomer.wait_for_url("**/security/")
    assert_all_can_read(newcomer)
    newcomer.get_by_role("link", name="Удалить: Телефон").click()
    assert_all_can_read(newcomer)
    sign_out(newcomer)
    newcomer.goto(f"{address}/login/?ended=yes")
    assert_all_can_read(newcomer)
    sign_in(newcomer, OWN, login)
    assert_all_can_read(newcomer)


def test_passkey_reauthenticates(newcomer, phone, address):  # noqa: F811
    add_passkey(newcomer)
    keep_codes(newcomer)
    newcomer.goto(f"{address}/security/confirm/passkey/?next=/security/password/")

    newcomer.get_by_role("button", name="Использовать ключ доступа").click()

    expect(newcomer).to_have_url(re.compile("/security/password/$"))
