import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import confirm_if_asked, sign_in
from tests.browser.test_every_page import EVERY_LOOK, assert_all_can_read
from tests.support.browser.settling import settle

PASSWORD = "newcomers-horse-battery"


@pytest.fixture
def owner(page, complaints):
    page.goto("/keys/")
    sign_in(page)
    return page


@pytest.fixture
def guest(browser, server):
    with browser.new_context(base_url=server) as context:
        yield context.new_page()


def test_key_is_shown_once_and_revoked(owner):
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


@pytest.mark.slow
def test_guest_joins_by_link_and_is_removed(owner, guest):
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


def test_invitation_link_works_once(owner, guest):
    owner.goto("/members/")
    owner.get_by_role("button", name="Создать ссылку").click()
    link = owner.locator(".pk-once code").inner_text()
    guest.goto(link)
    join(guest, f"guest-{uuid.uuid4().hex[:6]}")
    expect(guest.get_by_text("Вы теперь участник.")).to_be_visible()

    guest.goto(link)

    expect(guest.get_by_role("heading", level=1)).to_have_text("Эта ссылка не действует")


def test_signing_out_clears_other_tabs(owner):
    other = owner.context.new_page()
    other.goto("/payments/transactions/")

    owner.get_by_role("button", name="alpha").click()
    owner.get_by_role("button", name="Выйти").click()

    expect(other).to_have_url(re.compile(r"/login/\?next=/payments/transactions/"))
    assert "/login/" in owner.url


@pytest.mark.slow
def test_last_owner_is_told_why_they_stay(owner):
    owner.goto("/members/")
    owner.get_by_role("link", name="Изменить alpha", exact=True).click()
    remove = owner.get_by_role("button", name="Удалить навсегда")
    expect(remove).to_be_disabled()
    expect(remove).to_have_accessible_description(re.compile("владел"))
    expect(owner.get_by_label("Вы здесь")).to_contain_text("Участники")
    assert_all_can_read(owner)


@pytest.fixture
def office(page, complaints):
    page.goto("/admin/login/?next=/admin/clients/client/%3Fq=alpha")
    expect(page).to_have_url(re.compile(r"/login/\?next="))  # the one door
    sign_in(page, "admin-demo-password", "admin")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_load_state()
    yield page
    complaints[:] = [told for told in complaints if "autocomplete" not in told]  # stock admin's


def test_administrator_impersonates_and_returns(office, complaints):
    office.locator("select[name$=action]").first.select_option("impersonate")
    office.locator(".actions button").first.click()
    mark = office.locator(".pk-impersonation")

    for address in ("/", "/payments/transactions/", "/audit/", "/no/such/page/"):
        office.goto(address)
        office.mouse.wheel(0, 5000)
        expect(mark).to_be_in_viewport(ratio=1)
        complaints.clear()  # the browser told of the 404
        if EVERY_LOOK or address == "/audit/":
            assert_all_can_read(office)
    office.goto("/payments/transactions/")
    office.get_by_role("link", name="Обновить").click()
    settle(office)
    expect(mark).to_be_in_viewport(ratio=1)

    mark.get_by_role("button").click()
    expect(office).to_have_url(re.compile(r"/admin/clients/client/\d+/change/"))
    office.goto("/")
    expect(office).to_have_url(re.compile("/admin/$"))


def test_administrator_registers_a_client(office, guest):
    name = f"delta-{uuid.uuid4().hex[:6]}"
    office.goto("/admin/clients/client/add/")
    for field in ("name", "slug", "owner"):
        office.locator(f"[name={field}]").fill(name)
    office.locator("[name=time_zone]").select_option("Asia/Dhaka")
    office.locator("[name=password]").fill(PASSWORD)
    office.locator("[name=_save]").click()
    expect(office.locator(".messagelist .success")).to_contain_text(name)

    guest.goto("/login/")
    sign_in(guest, PASSWORD, name)
    expect(guest).to_have_url(re.compile("/security/password/$"))


def join(guest, login):
    guest.locator("[name=login]").fill(login)
    for name in ("password", "repeated"):
        guest.locator(f"[name={name}]").fill(PASSWORD)
    guest.get_by_role("button", name="Стать участником").click()


def test_page_of_passkeys_says_where_there_are_none(alpha):
    alpha.goto("/security/passkeys/add/")  # of an address of digits
    confirm_if_asked(alpha)

    expect(alpha.get_by_text("не может использовать ключи доступа")).to_be_visible()
