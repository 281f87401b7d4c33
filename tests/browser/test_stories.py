"""The two questions of an operator's day, answered by each hand, and counted.

An action is a click, or a text that is typed and sent. By keyboard a click is Enter on a link.
"""

import re
from itertools import product
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.test_every_way import KEYBOARD, MOUSE, NO_SCRIPTS, Keyboard, Mouse
from tests.support.marks import slow

MOST_ACTIONS_TO_FIND, MOST_CLICKS_TO_PROVE = 3, 2
UNCREDITED = """
    select t.id, number, counterparty, trunc(amount)::int,
        to_char(logged_at at time zone 'Asia/Kolkata', 'HH24:MI')
    from transactions_transaction t join clients_client c on c.id = t.client_id
    where slug = 'alpha' and direction = 'incoming' and type = 'real' and status <> 'activated'
        and amount = trunc(amount) and {}
        and not exists (
            select from transactions_transaction other
            where other.client_id = t.client_id and other.counterparty = t.counterparty
                and (other.logged_at, other.id) > (t.logged_at, t.id)
        )
    order by logged_at desc limit 1
"""
PHONE, NAME = "counterparty ~ '^01[0-9]{9}$'", "counterparty ~ '^[^0-9]{8,}$'"
UTR = "number ~ '^[0-9]{12}$'"  # which is written with its name, and with gaps
# A payer's words, and the row that they mean.
SENT = {
    "number with a prefix": (UTR, lambda row: f"UTR {row.number[:4]} {row.number[4:]}"),
    "telephone": (PHONE, lambda row: f"+880 {row.counterparty[1:5]}-{row.counterparty[5:]}"),
    "name": (NAME, lambda row: row.counterparty),
    "amount and hour": (
        f"{NAME} and logged_at > now() - interval '6 days'",
        lambda row: f"{row.amount:,} {row.clock}".replace(",", " "),
    ),
}
PAGES = ["/", "/wallets/balance/", "/about/", "/security/", "/payments/transactions/why/"]
YESTERDAY = "select (now() at time zone 'Asia/Kolkata')::date - 1"
LIST = "/payments/transactions/"
PHONE_WIDTH = "390 px"
WAYS = {MOUSE: 1440, KEYBOARD: 1440, PHONE_WIDTH: 390, NO_SCRIPTS: 1440}
FINDINGS = [*product([MOUSE], SENT), *product([*WAYS][1:], ["amount and hour"])]
PROOFS = [MOUSE, *slow(KEYBOARD, PHONE_WIDTH, NO_SCRIPTS)]
OTHER_FINDINGS = [each for each in product(WAYS, SENT) if each not in FINDINGS]


class Row(NamedTuple):
    pk: int
    number: str
    counterparty: str
    amount: int
    clock: str


class Counting:
    """A hand that counts what it does."""

    def __init__(self, hand):
        self.hand, self.page, self.actions = hand, hand.page, 0

    def click(self, place):
        self.actions += 1
        self.hand.press(place)

    def send(self, text):
        """Type into the box of the top bar and send it."""
        box = self.page.locator("#search-box")
        self.actions += 2  # its click, or its key; and the text
        if isinstance(self.hand, Keyboard):
            self.page.keyboard.press("/")
        else:
            box.click()
        expect(box).to_be_focused()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


@pytest.fixture(params=WAYS)
def counting(request, browser, server, cookies, has_ended):
    width = WAYS[request.param]
    with browser.new_context(
        base_url=server,
        viewport={"width": width, "height": 844},
        java_script_enabled=request.param != NO_SCRIPTS,
        has_touch=request.param == PHONE_WIDTH,
    ) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        if has_ended(cookies):
            page.goto("/login/")
            sign_in(page)
        heard = []
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        yield Counting((Keyboard if request.param == KEYBOARD else Mouse)(page))
        assert heard == []


@pytest.mark.parametrize(
    ("counting", "sent"), [*FINDINGS, *slow(*OTHER_FINDINGS)], indirect=["counting"]
)
def test_payment_is_found_in_three_actions(counting, sql, sent):
    condition, write = SENT[sent]
    row = Row(*sql(UNCREDITED.format(condition))[0])
    page = counting.page
    page.goto(PAGES[[*SENT].index(sent)])

    counting.send(write(row))
    page.wait_for_url(re.compile(f"/search/.q=|{LIST}"))
    if f"{LIST}{row.pk}/" not in page.url:
        link = page.locator(f"main a[href^='{LIST}{row.pk}/']").first
        counting.click(link)

    expect(page.get_by_role("heading", name=row.number)).to_be_visible()
    meaning = page.locator(".pk-meaning")
    state, advice = meaning.locator("p").nth(0), meaning.locator("p").nth(1)
    expect(state).not_to_be_empty()
    expect(advice).not_to_be_empty()
    assert counting.actions <= MOST_ACTIONS_TO_FIND


@pytest.mark.parametrize("counting", PROOFS, indirect=True)
def test_number_of_a_card_is_proved_in_two_clicks(counting, sql):
    [[day]] = sql(YESTERDAY)
    page = counting.page
    page.goto(f"/?date_from={day}&date_to={day}")
    of_card = page.locator("[data-pk-card=sum]")
    says = words(of_card.locator("a.pk-figure"))

    counting.click(of_card.get_by_role("link", name="Почему это число?"))
    expect(page.get_by_role("heading", name="Почему это число?")).to_be_visible()
    expect(page.locator("#chips")).to_contain_text("Статус: Активные")
    expect(page.locator(".pk-proof-facts")).to_contain_text(f"{day:%d.%m.%Y}, Asia/Kolkata")
    assert says in words(page.locator(".pk-proof"))
    line = page.locator(".pk-proof tbody tr").first
    count, rate = line.locator("td a"), line.locator("td").nth(3)
    expect(rate).to_have_text(re.compile(r"\d"))
    counted = words(count)
    counting.click(count)

    expect(page.locator(".pk-found")).to_contain_text(re.compile(rf"Найден\S+\s{counted}\s"))
    assert counting.actions <= MOST_CLICKS_TO_PROVE


@pytest.mark.parametrize("counting", PROOFS, indirect=True)
def test_list_of_a_card_is_equal_to_it_and_leads_to_the_proof(counting, sql):
    [[day]] = sql(YESTERDAY)
    page = counting.page
    page.goto(f"/?date_from={day}&date_to={day}")
    figure = page.locator("[data-pk-card=sum] a.pk-figure")
    says = words(figure)

    counting.click(figure)
    expect(page.locator(".pk-comparison")).to_contain_text("Равно числу, по которому вы пришли")
    assert says in words(page.locator(".pk-comparison"))
    counting.click(page.get_by_role("link", name="Почему это число?"))

    assert says in words(page.locator(".pk-proof"))
    assert counting.actions <= MOST_CLICKS_TO_PROVE


def words(place):
    return re.sub(r"\s+", " ", place.inner_text()).strip()
