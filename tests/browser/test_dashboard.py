import re
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from tests.support.browser.charts import drawn, figure, number, panels

PAY_INS = """
    select t.currency, p.name, (logged_at at time zone 'Asia/Kolkata')::date::text as day,
        sum(amount), sum(amount_usd)
    from transactions_transaction t
        join clients_client c on c.id = t.client_id
        join wallets_paymentsystem p on p.id = t.payment_system_id
    where slug = 'alpha' and direction = 'incoming' and status = 'activated'
        and type in ('real', 'forced')
        and (logged_at at time zone 'Asia/Kolkata')::date
            >= (now() at time zone 'Asia/Kolkata')::date - 7
    group by 1, 2, 3
"""


@pytest.fixture
def alpha(alpha):
    alpha.goto("/")
    return alpha


def close_to(points):
    """The browser's numbers are floats; ours are exact."""
    return pytest.approx([float(point) for point in points], abs=1e-6)


def test_detail_draws_a_panel_per_currency(alpha, sql):
    alpha.get_by_role("button", name="Детализация").click()
    alpha.wait_for_url("**/?*detail=on*")
    arrived = defaultdict(lambda: defaultdict(int))
    for currency, _system, day, amount, _usd in sql(PAY_INS):
        arrived[currency][day] += amount

    found = panels(alpha)

    assert sorted(currency for _days, _series, currency in found) == sorted(arrived)
    for days, series, currency in found:
        assert series["Все транзакции"] == close_to(arrived[currency][day] for day in days)


def test_each_chosen_payment_system_is_a_series(alpha, sql):
    alpha.goto("/?systems=upi_l&systems=bkash&systems=paytm")
    alpha.get_by_role("checkbox", name="UPI").uncheck()
    alpha.wait_for_url(lambda address: "upi_l" not in address)
    by_system = usd_by_system(sql)

    days, series = drawn(alpha)

    assert list(series) == ["Все транзакции", "Paytm", "bKash"]
    for name in ("Paytm", "bKash"):
        assert series[name] == close_to(by_system[name][day] for day in days)


def usd_by_system(sql):
    by_system = defaultdict(lambda: defaultdict(int))
    for _currency, system, day, _amount, usd in sql(PAY_INS):
        by_system[system][day] += usd or 0
    return by_system


def test_series_add_up_to_the_total(alpha, sql):
    by_system = usd_by_system(sql)

    days, series = drawn(alpha)

    total, *names = series
    assert set(names) >= set(by_system)
    for name in names:
        assert series[name] == close_to(by_system[name][day] for day in days)
    parts = zip(*(series[name] for name in names), strict=True)
    assert series[total] == close_to(sum(points) for points in parts)


def test_two_quick_deselections_both_apply(alpha):
    drawn(alpha)
    held = []
    alpha.route("**/?*systems=*", lambda route: held.append(route), times=1)
    alpha.get_by_role("checkbox", name="UPI").uncheck()
    alpha.get_by_role("checkbox", name="bKash").uncheck()
    held.pop().continue_()
    alpha.wait_for_url(lambda address: "paytm" in address and "bkash" not in address)

    expect(alpha.get_by_role("checkbox", name="UPI")).not_to_be_checked()
    expect(alpha.get_by_role("checkbox", name="bKash")).not_to_be_checked()
    expect(alpha.get_by_role("checkbox", name="bKash")).to_be_focused()


def test_last_point_of_withdrawals_equals_todays_card(alpha):
    alpha.get_by_role("button", name="Выводы", exact=True).click()
    alpha.wait_for_url("**/?*tab=withdrawals*")

    _days, series = drawn(alpha)

    assert round(series["Все выводы"][-1], 2) == float(figure(alpha, "withdrawals"))


def test_card_links_to_as_many_rows(alpha):
    counted = figure(alpha, "count")
    alpha.locator('[data-pk-card="count"] .pk-figure').click()

    assert number(alpha.locator(".pk-found strong").inner_text()) == counted


def test_reversed_days_are_an_error_at_the_field(alpha):
    alpha.get_by_label("С", exact=True).fill("2026-11-20")
    alpha.get_by_label("По", exact=True).fill("2026-11-10")
    alpha.keyboard.press("Enter")

    expect(alpha.get_by_text("позже даты «По»")).to_be_visible()
    expect(alpha.locator('[data-pk-card="sum"] .pk-figure')).to_have_text("—")
    alpha.get_by_role("link", name="Сбросить").click()
    alpha.wait_for_url(re.compile(r"/$"))
    assert drawn(alpha)


def test_back_button_restores_the_chart(alpha):
    before = drawn(alpha)
    alpha.get_by_role("button", name="Выводы", exact=True).click()
    alpha.wait_for_url("**/?*tab=withdrawals*")
    drawn(alpha)
    alpha.go_back()
    alpha.wait_for_url(re.compile(r"/$"))

    assert drawn(alpha) == before


def test_two_quick_choices_both_apply(alpha):
    held = []
    alpha.route("**/?*measure=count*", lambda route: held.append(route), times=1)
    alpha.get_by_role("button", name="Количество", exact=True).click()
    alpha.get_by_role("button", name="Гистограмма", exact=True).click()
    held.pop().continue_()

    alpha.wait_for_url("**/?*measure=count*chart=bar*")


def test_quick_choice_and_checkbox_both_apply(alpha):
    held = []
    alpha.route("**/?*measure=count*", lambda route: held.append(route), times=1)
    alpha.get_by_role("button", name="Количество", exact=True).click()
    alpha.get_by_role("checkbox", name="bKash").uncheck()
    held.pop().continue_()

    alpha.wait_for_url(lambda address: "measure=count" in address and "systems=paytm" in address)
    expect(alpha.get_by_role("checkbox", name="bKash")).not_to_be_checked()


def test_click_on_a_day_opens_its_transactions(alpha):
    drawn(alpha)
    chart = alpha.locator("canvas")
    chart.focus()
    chart.press("Home")
    first = alpha.locator("#days tbody a").first.get_attribute("href")
    chart.press("Enter")

    alpha.wait_for_url(f"**{first}")


# The point of a payment system that stands furthest from all the others.
LONELIEST_POINT = """
    () => {
        const chart = Chart.getChart(document.querySelector('.pk-panel canvas'));
        const points = chart.data.datasets.flatMap(({ label }, place) =>
            chart.getDatasetMeta(place).data.map(({ x, y }, index) => ({ label, index, x, y })));
        const room = (point) =>
            Math.min(...points.map((other) =>
                other === point ? Infinity : Math.hypot(other.x - point.x, other.y - point.y)));
        return points
            .filter(({ label }) => label !== 'Все транзакции')
            .reduce((best, point) => (room(point) > room(best) ? point : best));
    }
"""


def test_click_on_a_point_opens_its_transactions(alpha):
    drawn(alpha)
    point = alpha.evaluate(LONELIEST_POINT)
    names = [name.strip() for name in alpha.locator("#days thead th").all_text_contents()]
    column = next(i for i, name in enumerate(names) if name.startswith(point["label"]))
    cells = alpha.locator("#days tbody tr").nth(point["index"]).locator("th, td")
    address = cells.nth(column).locator("a").get_attribute("href")
    assert "payment_system=" in address

    alpha.locator("canvas").click(position={"x": point["x"], "y": point["y"]})

    alpha.wait_for_url(f"**{address}")


def test_arrow_keys_choose_a_series_and_enter_opens(alpha):
    drawn(alpha)
    chart = alpha.locator("canvas")
    chart.focus()
    for key in ("End", "ArrowLeft", "ArrowDown", "ArrowDown"):  # today may have nothing yet
        chart.press(key)
    name, figure = alpha.locator("[data-pk-chart-spoken]").inner_text().split(": ")
    chart.press("Enter")

    alpha.wait_for_url("**/payments/transactions/?payment_system=*")
    expect(alpha.locator(".pk-found")).to_contain_text(figure.split("\N{NO-BREAK SPACE}USD")[0])
    assert name != "Все транзакции"


def test_day_is_drawn_and_read_by_hour(alpha):
    alpha.get_by_role("link", name="Вчера", exact=True).click()
    alpha.wait_for_url("**/?*date_from=*")

    hours, _series = drawn(alpha)
    alpha.locator("canvas").focus()
    alpha.locator("canvas").press("Home")

    assert len(hours) == 24
    assert "00:00\N{EN DASH}00:59" in alpha.locator("[data-pk-chart-spoken]").inner_text()


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_link_that_proves_a_number_stands_in_its_card(alpha, width):
    alpha.set_viewport_size({"width": width, "height": 900})

    for card in alpha.locator("[data-pk-card]").all():
        link, edge = card.get_by_text("Почему это число?").bounding_box(), card.bounding_box()
        assert edge["x"] < link["x"] and edge["y"] < link["y"]
        assert link["x"] + link["width"] < edge["x"] + edge["width"]
        assert link["y"] + link["height"] < edge["y"] + edge["height"]


def test_figure_of_a_day_is_never_broken(alpha):
    alpha.set_viewport_size({"width": 390, "height": 900})
    alpha.goto("/?currency=INR")
    alpha.get_by_text("Таблица по дням").click()

    lines = alpha.locator("#days tbody td a").evaluate_all(
        "links => links.map(link => new Set([...link.getClientRects()].map(line => line.y)).size)"
    )

    assert set(lines) == {1}
