import json
import re

import pytest
from playwright.sync_api import expect

from tests.support.browser.charts import (
    CANVAS,
    figure,
    legend,
    number,
    plain,
    series,
    table,
    ticks,
    tip,
    wait_until_drawn,
)
from tests.support.marks import slow

PHONE = {"width": 360, "height": 780}
CHART_JSON = "**/chart.json*"
# Of each series of the first panel, how large the mark of each point is.
RADII = f"""
    () => {{
        const chart = Chart.getChart(document.querySelector('{CANVAS}'));
        return chart.data.datasets.map((_, place) =>
            chart.getDatasetMeta(place).data.map((point) => point.options.radius));
    }}
"""


@pytest.fixture
def alpha(alpha):
    alpha.goto("/")
    return alpha


def test_series_is_drawn_like_its_legend_sample(alpha):
    found = series(alpha)

    beside = legend(alpha)
    for each in found:
        piece = beside[each["key"]]
        assert (piece["name"], piece["colour"]) == (each["label"], each["colour"])
        assert piece["dash"] == each["dash"]
        assert each["wayToToday"] == [2, 5]
    assert len({each["mark"] for each in found}) == len(found)


@pytest.mark.parametrize(("first", "days", "marked"), [("10-31", 31, 31), ("10-02", 60, 0)])
def test_all_points_or_none_have_marks(alpha, first, days, marked):
    alpha.route(CHART_JSON, lambda route: answer_with(route, range(days)))
    alpha.goto(f"/?date_from=2026-{first}&date_to=2026-11-30&step=day")
    wait_until_drawn(alpha)

    [radii] = alpha.evaluate(RADII)

    assert (len(radii), sum(radius > 0 for radius in radii)) == (days, marked)


def test_lone_point_between_unknown_days_is_visible(alpha):
    points = ["1", *[None] * 20, "2", *[None] * 20, "3", "4"]
    alpha.route(CHART_JSON, lambda route: answer_with(route, points))
    alpha.goto("/?date_from=2026-10-18&date_to=2026-11-30")
    wait_until_drawn(alpha)

    [radii] = alpha.evaluate(RADII)

    assert [place for place, radius in enumerate(radii) if radius and points[place]] == [0, 21]


def test_chart_colours_follow_the_theme(alpha):
    light = [each["colour"] for each in series(alpha)]
    prefer(alpha, "dark")
    dark = [each["colour"] for each in series(alpha)]

    assert all(one != other for one, other in zip(light, dark, strict=True))
    assert dark == [legend(alpha)[each["key"]]["colour"] for each in series(alpha)]
    prefer(alpha, "light")
    assert [each["colour"] for each in series(alpha)] == light


def prefer(page, scheme):
    """A browser that has taken it up tells a page of it with the next frame."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_total_is_a_line_over_stacked_bars(alpha):
    alpha.goto("/?chart=bar")

    total, *systems = series(alpha)

    assert (total["kind"], {each["kind"] for each in systems}) == ("line", {"bar"})
    assert {each["stack"] for each in systems} == {"systems"} != {total["stack"]}
    assert total["colour"] == legend(alpha)["total"]["colour"]
    for each in systems:
        assert each["bar"] == legend(alpha)[each["key"]]["colour"]
        assert each["barToday"] == each["bar"].replace("rgb(", "rgba(").replace(")", ", 0.3)")


def test_today_is_labelled_as_unfinished(alpha):
    for width in (1440, 360):
        alpha.set_viewport_size({"width": width, "height": 900})
        alpha.wait_for_timeout(500)  # the chart follows a moment later

        *others, (_place, today) = ticks(alpha, "x")

        assert re.fullmatch(r"\d+ \S+ не закончен", today)
        assert not any("закончен" in text for _place, text in others)
    assert len(others) < 7


@pytest.mark.parametrize(("language", "short"), [("ru", "1,5 млн"), ("en", "1.5M")])
def test_axis_abbreviates_large_numbers(alpha, language, short):
    alpha.context.add_cookies([{"name": "django_language", "value": language, "url": alpha.url}])
    alpha.route(CHART_JSON, lambda route: answer_with(route, [0, 1_050_000, 1_400_000]))
    alpha.goto("/?date_from=2026-11-01&date_to=2026-11-03")

    texts = [plain(text) for _value, text in ticks(alpha, "y")]

    assert texts[0] == "0"
    assert short in texts
    assert len(set(texts)) == len(texts)


def answer_with(route, points, **more):
    answer = route.fetch(max_retries=3).json()  # the server may just have ended the connection
    answer["datasets"] = [{**answer["datasets"][0], "data": list(points)}]
    route.fulfill(body=json.dumps(answer | more), content_type="application/json")


@pytest.mark.parametrize("address", ["/", *slow("/?measure=count&chart=bar", "/?currency=BDT")])
def test_arrow_keys_read_each_day(alpha, address):
    alpha.goto(address)
    wait_until_drawn(alpha)
    headings, *days, _total = table(alpha)
    currency = f" {alpha.get_by_label('Валюта').input_value()}" if "count" not in address else ""
    alpha.locator(CANVAS).focus()

    for day, *figures in days:
        alpha.keyboard.press("ArrowRight")
        title, numbers = tip(alpha)
        assert int(re.search(r"\d+", title).group()) == int(day[:2])
        expected = zip(headings[1:], figures, strict=True)
        assert numbers == {label: text + currency for label, text in expected}
        assert next(iter(numbers)) == "Все транзакции"
        values = [number(text) for text in numbers.values()][1:]
        assert values == sorted(values, reverse=True)


def test_day_is_announced_and_escape_leaves(alpha):
    wait_until_drawn(alpha)
    spoken = alpha.locator("[aria-live=polite][data-pk-chart-spoken]")
    chart = alpha.get_by_role("application", name="Сумма, USD")
    chart.focus()
    expect(spoken).to_be_empty()
    alpha.keyboard.press("End")
    title, numbers = tip(alpha)

    assert plain(spoken.inner_text()).startswith(
        f"{title}. Все транзакции: {numbers['Все транзакции']}."
    )
    assert re.search(r"^\w+, \d+ \w+ \d{4} г., не закончен$", title)
    alpha.keyboard.press("ArrowLeft")
    assert ".." not in spoken.inner_text()
    alpha.keyboard.press("End")
    alpha.keyboard.press("Escape")
    expect(spoken).to_be_empty()
    expect(alpha.locator(".pk-tip")).to_be_hidden()
    expect(chart).to_be_focused()
    alpha.keyboard.press("ArrowLeft")
    assert tip(alpha)[0] == title
    alpha.keyboard.press("Tab")
    expect(alpha.locator(".pk-tip")).to_be_hidden()


def test_pointer_reads_a_day(alpha):
    wait_until_drawn(alpha)

    alpha.locator(CANVAS).hover()

    assert next(iter(tip(alpha)[1])) == "Все транзакции"


@pytest.mark.parametrize("address", ["/?detail=on", *slow("/")])
def test_layout_is_stable_while_the_chart_loads(alpha, complaints, address):
    held = []
    alpha.route(CHART_JSON, lambda route: held.append(route))
    alpha.goto(address, wait_until="load")  # only then the fonts are asked for
    alpha.locator('[data-pk-chart-state="drawing"]').wait_for()
    alpha.evaluate("document.fonts.ready.then(() => true)")
    loading = places(alpha)
    held.pop().abort()
    alpha.locator('[data-pk-chart-state="failed"]').wait_for()
    failed = places(alpha)
    complaints.clear()  # the browser told of the request that was broken off
    alpha.unroute(CHART_JSON)
    alpha.get_by_role("button", name="Повторить").press("Enter")
    wait_until_drawn(alpha)

    assert loading == failed == places(alpha)
    expect(alpha.locator(CANVAS).first).to_be_focused()


def places(page):
    """Below the legend, which moves with what is above it while fonts arrive; at one moment of a
    page that may be scrolling."""
    boxes = [".pk-legend", ".pk-chart", ".pk-panel:last-of-type", ".pk-days summary"]
    legend, *others = page.evaluate(
        """boxes => boxes.map(box => document.querySelector(box).getBoundingClientRect())
            .map(({ y, height }) => [y, height])""",
        boxes,
    )
    return [(y - legend[0], height) for y, height in others]


def test_chart_that_is_newer_than_its_page_says_so(alpha):
    newer = alpha.get_by_role("status").filter(has_text="Пока график загружался")
    wait_until_drawn(alpha)
    expect(newer).to_be_hidden()

    alpha.route(
        CHART_JSON, lambda route: answer_with(route, range(8), fingerprint="of later"), times=1
    )
    alpha.goto("/")
    expect(newer).to_be_visible()
    newer.get_by_role("link", name="Обновить").click()

    wait_until_drawn(alpha)
    expect(newer).to_be_hidden()


def test_table_opens_by_key_and_stays_open(alpha):
    expect(alpha.get_by_role("columnheader", name="День")).to_be_hidden()
    alpha.locator(".pk-days summary").press("Enter")
    alpha.get_by_role("button", name="Количество", exact=True).click()
    alpha.wait_for_url("**/?*measure=count*")

    expect(alpha.get_by_role("columnheader", name="День")).to_be_visible()
    *_, (_total, counted, *_systems) = table(alpha)
    assert number(counted) == figure(alpha, "count")


def test_day_of_the_table_links_to_its_rows(alpha):
    alpha.goto("/?measure=count&tab=withdrawals")
    alpha.locator(".pk-days summary").click()
    day = alpha.locator(".pk-days tbody tr").nth(3)
    counted = number(day.locator("td").first.inner_text())
    day.get_by_role("link").first.click()
    alpha.wait_for_url("**/payments/transactions/?*type=withdrawal*")

    assert number(alpha.locator(".pk-found strong").first.inner_text()) == counted


def test_table_scrolls_in_its_box_on_a_phone(alpha):
    alpha.set_viewport_size(PHONE)
    width = alpha.evaluate("document.documentElement.scrollWidth")
    alpha.locator(".pk-days summary").click()
    box = alpha.locator(".pk-days-box")
    day = box.get_by_role("rowheader").first
    before = day.bounding_box()["x"]
    box.evaluate("box => box.scrollBy(200, 0)")

    assert box.evaluate("box => box.scrollLeft") == 200
    assert day.bounding_box()["x"] == before
    assert alpha.evaluate("document.documentElement.scrollWidth") == width


def test_print_has_open_table_and_light_chart(alpha):
    light = [each["colour"] for each in series(alpha)]
    prefer(alpha, "dark")
    dark = [each["colour"] for each in series(alpha)]
    alpha.evaluate("dispatchEvent(new Event('beforeprint'))")
    alpha.emulate_media(media="print")

    assert [each["colour"] for each in series(alpha)] == light
    expect(alpha.get_by_role("columnheader", name="День")).to_be_visible()
    alpha.emulate_media(media="screen")
    alpha.evaluate("dispatchEvent(new Event('afterprint'))")
    assert [each["colour"] for each in series(alpha)] == dark
    expect(alpha.get_by_role("columnheader", name="День")).to_be_hidden()


def test_picture_of_the_chart_is_saved_by_a_script_of_its_own(alpha):
    scripts = []
    alpha.on("request", lambda request: scripts.append(request.url))
    wait_until_drawn(alpha)
    assert not any("chart_picture" in url for url in scripts)

    with alpha.expect_download() as saving:
        alpha.get_by_role("button", name="PNG графика").click()

    assert re.fullmatch(r"alpha_chart_[-\d]+_[-\d]+\.png", saving.value.suggested_filename)
    assert saving.value.path().read_bytes().startswith(b"\x89PNG")


def test_one_system_is_looked_at_with_one_click_and_back(alpha):
    alpha.get_by_role("link", name="только этот: bKash").click()
    alpha.wait_for_url("**/?*total=off*")
    assert [each["label"] for each in series(alpha)] == ["bKash"]
    alpha.get_by_role("link", name="снова все").click()
    alpha.wait_for_url(re.compile(r"/$"))

    assert len(series(alpha)) > 2


@pytest.mark.parametrize("kind", ["line", "bar"])
def test_weeks_are_read_in_the_words_of_the_table(alpha, kind):
    alpha.goto(f"/?date_from=2026-09-20&date_to=2026-11-24&chart={kind}")
    wait_until_drawn(alpha)
    week = table(alpha)[1][0]
    alpha.locator(CANVAS).focus()
    alpha.keyboard.press("Home")

    assert tip(alpha)[0] == "20.09.2026, неполная неделя"
    assert week == "20.09.2026 неполная неделя"


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_dashboard_works_without_javascript(alpha):
    expect(alpha.get_by_role("columnheader", name="UPI")).to_be_visible()
    alpha.get_by_role("checkbox", name="UPI").uncheck()
    alpha.get_by_role("button", name="Применить").click()

    expect(alpha.get_by_role("columnheader", name="Paytm")).to_be_visible()
    expect(alpha.get_by_role("columnheader", name="UPI")).to_be_hidden()
    alpha.get_by_role("button", name="Платёжные системы (Все)").click()
    expect(alpha.get_by_role("columnheader", name="UPI")).to_be_visible()
