import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from paykassma_admin.values.money import round_to
from tests.browser.conftest import OWN_BROWSER, sign_in
from tests.support.browser.charts import KIND, drawn, figure
from tests.support.browser.filters import open_filters

LIST = "/payments/transactions/"
PAY_INS_BY_DAY = """
    select (logged_at at time zone 'Asia/Kolkata')::date::text, sum(amount_usd), count(*)
    from transactions_transaction t join clients_client c on c.id = t.client_id
    where c.slug = 'alpha' and direction = 'incoming' and status = 'activated'
      and type in ('real', 'forced')
      and (logged_at at time zone 'Asia/Kolkata')::date
          between (now() at time zone 'Asia/Kolkata')::date - 7
              and (now() at time zone 'Asia/Kolkata')::date
    group by 1
"""


@pytest.fixture
def alpha(alpha):
    alpha.goto("/")
    return alpha


def test_sign_in_opens_the_requested_page(page, complaints):
    page.goto(f"{LIST}?status=active")
    sign_in(page, password="wrong")

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Логин")).to_have_value("alpha")

    sign_in(page)

    expect(page).to_have_url(re.compile(re.escape(f"{LIST}?status=active")))


def test_drawn_points_match_database_and_card(alpha, sql):
    days, series = drawn(alpha)

    expected = {day: amount for day, amount, _count in sql(PAY_INS_BY_DAY)}
    points = series["Все транзакции"]
    assert dict(zip(days, points, strict=True)) == {d: float(expected.get(d, 0)) for d in days}
    assert round_to(sum(Decimal(str(point)) for point in points), 2) == figure(alpha, "sum")


def test_counts_are_drawn_as_bars(alpha, sql):
    drawn(alpha)
    alpha.get_by_role("button", name="Выводы", exact=True).click()
    alpha.wait_for_url("**/?*tab=withdrawals*")
    assert "Все выводы" in drawn(alpha)[1]
    alpha.get_by_role("button", name="Транзакции", exact=True).click()
    alpha.wait_for_url("**/?*tab=transactions*")
    alpha.get_by_role("button", name="Гистограмма").click()
    alpha.wait_for_url("**/?*chart=bar*")
    alpha.get_by_role("button", name="Количество", exact=True).click()
    alpha.wait_for_url("**/?*measure=count*")

    days, series = drawn(alpha)

    expected = {day: count for day, _amount, count in sql(PAY_INS_BY_DAY)}
    assert series["Все транзакции"] == [expected.get(day, 0) for day in days]
    assert alpha.evaluate(KIND) == "bar"
    pressed = alpha.get_by_role("button", name="Количество", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_empty_chart_says_that_nothing_is_chosen(alpha):
    drawn(alpha)
    alpha.get_by_role("button", name="Все транзакции").click()
    alpha.wait_for_url("**/?*total=off*")
    alpha.get_by_role("button", name="Платёжные системы (Все)").click()

    expect(alpha.get_by_text("Ничего не выбрано.")).to_be_visible()


def test_failed_chart_is_retried(alpha, complaints):
    drawn(alpha)
    alpha.route("**/chart.json*", lambda route: route.abort())
    alpha.get_by_role("button", name="Гистограмма").click()
    expect(alpha.get_by_text("Не удалось загрузить график.")).to_be_visible()
    alpha.unroute("**/chart.json*")
    complaints.clear()  # the browser told of the request that was broken off

    alpha.get_by_role("button", name="Повторить").click()

    assert drawn(alpha)[1]


def test_operator_works_through_transactions(alpha, sql):
    alpha.goto(f"{LIST}?date_from=")
    open_filters(alpha)
    alpha.get_by_label("Статус", exact=True).select_option("Неактивные")
    alpha.wait_for_url("**status=inactive*")
    found = sql(
        "select count(*) from transactions_transaction t join clients_client c"
        " on c.id = t.client_id where slug = 'alpha' and status <> 'activated'"
    )[0][0]
    assert re.sub(r"\D", "", alpha.locator(".pk-found strong").inner_text()) == str(found)
    alpha.get_by_role("link", name="Следующая страница").click()
    alpha.wait_for_url("**page=2*")
    first = alpha.locator("tbody a").first.inner_text()
    alpha.get_by_role("link", name="Обновить").click()
    alpha.wait_for_load_state("networkidle")  # a row that is swapped under a press opens nothing
    expect(alpha.locator("tbody a").first).to_have_text(first)

    alpha.locator("tbody a").first.click()

    expect(alpha.get_by_role("dialog", name=first)).to_be_visible()
    alpha.goto(f"{LIST}?status=inactive")
    alpha.get_by_role("link", name="Сбросить").click()
    alpha.wait_for_url(f"**{LIST}")
    expect(alpha.get_by_label("Статус", exact=True)).to_have_value("")


def test_operator_requests_a_balance(alpha):
    alpha.goto("/wallets/balance/")
    alpha.get_by_label("Тип кошелька", exact=True).fill("dusupay")
    alpha.get_by_role("button", name="Запросить баланс").click()

    expect(alpha.get_by_text("Кошелёк dusupay доступен для вывода.")).to_be_visible()


def test_ended_session_leads_to_sign_in(alpha):
    alpha.goto(LIST)
    alpha.context.clear_cookies(name="sessionid")
    alpha.get_by_role("link", name="Обновить").click()

    expect(alpha).to_have_url(re.compile("/login/.next="))


@OWN_BROWSER
def test_page_is_hidden_when_its_session_ends(alpha):
    alpha.clock.install()
    alpha.goto(LIST)
    alpha.context.clear_cookies(name="sessionid")
    alpha.clock.fast_forward("15:02")

    expect(alpha).to_have_url(re.compile("/login/.next="))


@OWN_BROWSER
def test_typed_text_survives_the_end_of_a_session(page, complaints):
    page.goto("/keys/")
    sign_in(page)
    page.clock.install()
    page.goto("/keys/")
    page.locator("[name=name]").fill("Till  of two spaces")
    page.context.clear_cookies(name="sessionid")
    page.clock.fast_forward("15:02")
    expect(page).to_have_url(re.compile("/login/.next="))
    sign_in(page)

    expect(page).to_have_url(re.compile("/keys/$"))
    expect(page.locator("[name=name]")).to_have_value("Till  of two spaces")
    expect(page.get_by_text("Ничего не сделано: ваш сеанс закончился.")).to_be_visible()
    expect(page.get_by_text("Новый ключ.")).to_have_count(0)


@pytest.mark.slow
@OWN_BROWSER
def test_unsent_choices_survive_sign_in(alpha):
    alpha.clock.install()
    alpha.goto(LIST)
    open_filters(alpha)
    alpha.get_by_label("Статус", exact=True).select_option(label="Неактивные")
    alpha.context.clear_cookies(name="sessionid")
    alpha.clock.fast_forward("15:02")
    expect(alpha).to_have_url(re.compile("/login/.next="))
    sign_in(alpha)

    expect(alpha.get_by_label("Статус", exact=True)).to_have_value("inactive")
    expect(alpha.get_by_role("link", name="Снять Статус: Неактивные")).to_be_visible()


@OWN_BROWSER
def test_page_is_hidden_when_the_server_does_not_answer(alpha, complaints):
    alpha.clock.install()
    alpha.goto(LIST)
    expect(alpha.get_by_role("table")).to_be_visible()
    alpha.route("**", lambda route: route.abort())
    alpha.clock.fast_forward("15:02")

    expect(alpha.get_by_role("table")).to_have_count(0)
    complaints.clear()  # the browser told of the requests that were broken off


@OWN_BROWSER
def test_page_stays_while_another_keeps_the_session(alpha):
    alpha.clock.install()
    alpha.goto(LIST)
    with alpha.expect_response(lambda answer: answer.request.method == "HEAD") as asked:
        alpha.clock.fast_forward("15:02")

    assert asked.value.status == 200
    expect(alpha).to_have_url(re.compile(f"{LIST}$"))
    with alpha.expect_response(lambda answer: answer.request.method == "HEAD"):
        alpha.clock.fast_forward("01:00")


def test_signing_out_leads_to_sign_in(page, complaints):
    page.goto("/login/")
    sign_in(page)
    page.get_by_role("button", name="alpha").click()
    page.get_by_role("button", name="Выйти").click()

    page.wait_for_url("**/login/")


def test_user_menu_sets_language_and_theme(alpha):
    alpha.goto(f"{LIST}?status=active")
    alpha.get_by_role("button", name="alpha").click()
    alpha.get_by_role("button", name="Тёмная").click()
    expect(alpha.locator("body")).to_have_css("background-color", "rgb(17, 20, 23)")
    alpha.get_by_role("button", name="alpha").click()
    alpha.get_by_role("button", name="English").click()

    expect(alpha.get_by_role("heading", level=1)).to_have_text("Transactions")
    expect(alpha).to_have_url(re.compile("status=active"))

    for name in ("Русский", "Как в системе"):
        alpha.get_by_role("button", name="alpha").click()
        alpha.get_by_role("button", name=name).click()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_pages_work_without_javascript(page, complaints):
    page.goto("/login/")
    sign_in(page)
    page.get_by_role("button", name="Выводы", exact=True).click()
    expect(page).to_have_url(re.compile("tab=withdrawals"))
    page.get_by_text("Таблица по дням").click()
    expect(page.get_by_role("columnheader", name="Все выводы")).to_be_visible()
    page.goto(f"{LIST}?date_from=")
    open_filters(page)
    page.get_by_label("Направление", exact=True).select_option("Входящие")
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Следующая страница").click()
    first = page.locator("tbody a").first.inner_text()
    page.get_by_role("link", name="Обновить").click()

    expect(page).to_have_url(re.compile("direction=incoming.*page=2"))
    expect(page.locator("tbody a").first).to_have_text(first)
