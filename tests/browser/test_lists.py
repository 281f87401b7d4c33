"""The list of transactions, beyond what the journeys walk through."""

from playwright.sync_api import expect

LIST = "/payments/transactions/"
LABELS = """
    select label, count(*) from transactions_transaction t
        join clients_client c on c.id = t.client_id
    where slug = 'alpha' and label <> '' group by 1 having count(*) between 2 and 20
    order by 1 limit 1
"""


def test_a_label_finds_its_rows_and_no_others(alpha, sql):
    [(label, count)] = sql(LABELS)
    alpha.goto(f"{LIST}?date_from=")
    alpha.get_by_label("Лейбл").fill(f" {label} ")
    alpha.get_by_role("button", name="Найти").click()
    alpha.wait_for_url("**label=*")

    found = alpha.locator("tbody tr td:nth-child(6) span:first-child").all_inner_texts()

    assert found == [label] * count


def test_refreshing_keeps_page_and_focus_and_tells_a_later_time(alpha):
    alpha.goto(f"{LIST}?date_from=&date_to=2026-11-20&page=2")
    rows = alpha.locator("tbody").inner_text()
    refreshed = alpha.locator("time").inner_text()
    refresh = alpha.get_by_role("link", name="Обновить")
    alpha.wait_for_timeout(1100)  # the clock shows seconds
    refresh.focus()
    refresh.press("Enter")

    expect(alpha.locator("time")).not_to_have_text(refreshed)
    assert alpha.locator("tbody").inner_text() == rows
    assert "page=2" in alpha.url
    expect(refresh).to_be_focused()


def test_a_page_beyond_the_last_is_told_and_shows_no_rows(alpha):
    alpha.goto(f"{LIST}?page=9999")

    expect(alpha.get_by_text("Страницы 9999 нет")).to_be_visible()
    expect(alpha.locator("tbody tr")).to_have_count(0)
