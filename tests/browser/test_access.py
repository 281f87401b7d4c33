"""An owner lets programs and people in: what is shown once, and what is taken back."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.test_every_page import assert_all_can_read

PASSWORD = "newcomers-horse-battery"


@pytest.fixture
def owner(page, complaints):
    """Of Alpha, who has just signed in."""
    page.goto("/keys/")
    sign_in(page)
    return page


@pytest.fixture
def guest(browser, server):
    """Somebody at another machine."""
    with browser.new_context(base_url=server) as context:
        yield context.new_page()


def test_a_key_is_seen_once_and_taken_back(owner):
    name = f"Till {uuid.uuid4().hex[:6]}"
    owner.locator("[name=name]").fill(name)
    owner.get_by_role("button", name="Создать ключ").click()
    key = owner.locator(".pk-once code").inner_text()
    assert_all_can_read(owner)

    owner.goto("/keys/")
    expect(owner.get_by_text(key)).to_have_count(0)
    row = owner.get_by_role("row", name=name)
    expect(row).to_contain_text("Действует")

    row.get_by_role("link", name="Отозвать").click()
    assert_all_can_read(owner)
    owner.get_by_role("button", name="Отозвать навсегда").click()
    expect(owner.get_by_role("row", name=name)).to_contain_text("Отозван")


def test_a_guest_joins_by_a_link_is_changed_and_removed(owner, guest):
    login = f"guest-{uuid.uuid4().hex[:6]}"
    owner.goto("/members/")
    owner.get_by_role("button", name="Создать ссылку").click()
    link = owner.locator(".pk-once code").inner_text()
    assert_all_can_read(owner)

    guest.goto(link)
    assert_all_can_read(guest)
    join(guest, login)
    assert_all_can_read(guest)
    guest.goto("/")
    sign_in(guest, PASSWORD, login)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Дэшборд")

    owner.goto("/members/")
    owner.get_by_role("row", name=login).get_by_role("link", name="Изменить").click()
    assert_all_can_read(owner)
    owner.locator("[name=role]").select_option("auditor")
    owner.get_by_role("button", name="Изменить роль").click()
    expect(owner.get_by_role("row", name=login)).to_contain_text("Аудитор")
    guest.goto("/")
    expect(guest).to_have_url(re.compile("/login/"))  # what he may do begins with a new sign-in

    owner.get_by_role("row", name=login).get_by_role("link", name="Изменить").click()
    owner.get_by_role("button", name="Удалить навсегда").click()
    expect(owner.get_by_role("row", name=login)).to_have_count(0)
    sign_in(guest, PASSWORD, login)
    expect(guest).to_have_url(re.compile("/login/"))
    expect(guest.get_by_text("Неверный логин или пароль")).to_be_visible()


def join(guest, login):
    guest.locator("[name=login]").fill(login)
    for name in ("password", "repeated"):
        guest.locator(f"[name={name}]").fill(PASSWORD)
    guest.get_by_role("button", name="Стать участником").click()
