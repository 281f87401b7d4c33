"""A day of an operator: at a desk and on a phone, in both languages, by mouse, by keyboard alone
and with JavaScript off."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import failure_of
from tests.support.marks import slow

NUMBER = """
    select number from transactions_transaction t join clients_client c on c.id = t.client_id
    where slug = 'alpha' and status = 'activated' and logged_at > now() - interval '5 days'
    order by logged_at desc limit 1
"""
MOST_STOPS = 120  # of the Tab key on one page

ENGLISH = {
    "menu": "Menu",
    "dashboard": "Dashboard",
    "withdrawals": "Withdrawals",
    "count": "Count",
    "histogram": "Histogram",
    "table": "Table by day",
    "series": "All withdrawals",
    "transactions": "Transactions",
    "filters": "Filter",
    "status": "Status",
    "active": "Active",
    "id": "Transaction ID",
    "find": "Find",
    "found": "Found 1 transaction",
    "chip": "Take off Status: Active",
    "balance": "Balance request",
    "type": "Wallet type",
    "ask": "Request the balance",
    "answer": "Wallet dusupay is available for withdrawal.",
    "out": "Sign out",
}
RUSSIAN = {
    "menu": "Меню",
    "dashboard": "Дэшборд",
    "withdrawals": "Выводы",
    "count": "Количество",
    "histogram": "Гистограмма",
    "table": "Таблица по дням",
    "series": "Все выводы",
    "transactions": "Транзакции",
    "filters": "Фильтр",
    "status": "Статус",
    "active": "Активные",
    "id": "ID транзакции",
    "find": "Найти",
    "found": "Найдена 1 транзакция",
    "chip": "Снять Статус: Активные",
    "balance": "Запрос баланса",
    "type": "Тип кошелька",
    "ask": "Запросить баланс",
    "answer": "Кошелёк dusupay доступен для вывода.",
    "out": "Выйти",
}
WORDS = {"en": ENGLISH, "ru": RUSSIAN}


class Mouse:
    def __init__(self, page):
        self.page = page

    def press(self, place):
        place.click()

    def write(self, place, text):
        place.fill(text)

    def choose(self, place, label):
        place.select_option(label=label)

    def find(self, word):
        """Press the button, which is there without JavaScript; with it a choice applies at once."""
        button = self.page.get_by_role("button", name=word)
        if button.is_visible():
            button.click()


class Keyboard(Mouse):
    def reach(self, place):
        expect(place).to_be_visible()
        for _ in range(MOST_STOPS):
            if place.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not reach {place}")

    def press(self, place):
        self.reach(place)
        self.page.keyboard.press("Enter")

    def write(self, place, text):
        self.reach(place)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, place, label):
        self.reach(place)
        while place.evaluate("select => select.selectedOptions[0].label") != label:
            self.page.keyboard.press("ArrowDown")

    def find(self, word):
        self.page.keyboard.press("Enter")


MOUSE, KEYBOARD, NO_SCRIPTS = "mouse", "keyboard", "no JavaScript"
# With those of tests/slow/browser every two meet: each hand at each width and in each language,
# each width in each language.
WAYS = [(NO_SCRIPTS, 360, "en"), *slow((KEYBOARD, 1440, "en"))]


@pytest.fixture
def hand(by, browser, server, width, language):
    heard = []
    has_scripts = by != NO_SCRIPTS
    size = {"width": width, "height": 800}
    with browser.new_context(
        base_url=server, viewport=size, java_script_enabled=has_scripts
    ) as context:
        context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("requestfailed", lambda request: heard.extend(failure_of(request)))
        yield (Keyboard if by == KEYBOARD else Mouse)(page)
    assert heard == []


def go_to(hand, entry, words, width):
    page = hand.page
    if width < 768:
        hand.press(page.get_by_role("button", name=words["menu"]))
    hand.press(page.locator(".pk-sidebar").get_by_role("link", name=words[entry], exact=True))
    expect(page.locator("main")).to_be_visible()


@pytest.mark.parametrize(("by", "width", "language"), WAYS)
def test_operators_day(hand, language, width, sql):
    spend_a_day(hand, language, width, sql)


def spend_a_day(hand, language, width, sql):
    page, words = hand.page, WORDS[language]
    [[number]] = sql(NUMBER)

    page.goto("/wallets/balance/?wallet_type=dusupay")
    hand.write(page.locator("[name=login]"), "alpha")
    hand.write(page.locator("[name=password]"), "alpha-demo-password")
    hand.press(page.locator("main [type=submit]"))
    expect(page.get_by_text(words["answer"])).to_be_visible()  # the page that was asked for

    go_to(hand, "dashboard", words, width)
    for choice in ("withdrawals", "count", "histogram"):
        hand.press(page.get_by_role("button", name=words[choice], exact=True))
        pressed = page.get_by_role("button", name=words[choice], exact=True, pressed=True)
        expect(pressed).to_be_visible()
    expect(page).to_have_url(re.compile("tab=withdrawals.*measure=count.*chart=bar"))

    go_to(hand, "transactions", words, width)
    hand.press(page.locator("summary").filter(has_text=words["filters"]))
    hand.write(page.get_by_label(words["id"], exact=True), number)
    hand.choose(page.get_by_label(words["status"], exact=True), words["active"])
    hand.find(words["find"])
    expect(page.get_by_text(words["found"])).to_be_visible()
    hand.press(page.get_by_role("link", name=words["chip"]))
    expect(page).not_to_have_url(re.compile("status"))
    hand.press(page.get_by_role("link", name=number, exact=True))
    expect(page.get_by_role("heading", name=number)).to_be_visible()  # beside the list, if wide

    go_to(hand, "balance", words, width)
    hand.write(page.get_by_label(words["type"], exact=True), "dusupay")
    hand.press(page.get_by_role("button", name=words["ask"]))
    expect(page.get_by_text(words["answer"])).to_be_visible()

    hand.press(page.get_by_role("button", name="alpha"))
    hand.press(page.get_by_role("button", name=words["out"]))
    expect(page).to_have_url(re.compile("/login/"))
