"""The page of a job: its bar goes on by itself, survives a reload, and can be stopped."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import connect, sign_in

MAKE = """
    insert into jobs_job (client_id, kind, state, made_by_id, actor, arguments, position, reason,
        reason_values, done, total, attempt, started_at, heartbeat_at)
    select client_id, 'fill_rates', 'running', u.id, username, '{}', '{}', '', '{}', 250, 1000, 1,
        now() - interval '60 s', now()
    from accounts_membership join accounts_user u on u.id = user_id where username = 'alpha'
    returning id
"""


@pytest.fixture
def execute(environment):
    with connect(environment["DATABASE_WORKER_URL"], autocommit=True) as connection:
        yield lambda query, *values: connection.execute(query, values)


@pytest.fixture
def job(execute):
    [(pk,)] = execute(MAKE)
    yield pk
    execute("delete from jobs_job where id = %s", pk)


def test_bar_goes_on_and_survives_a_reload(alpha, execute, job):
    alpha.goto(f"/jobs/{job}/")
    bar = alpha.locator("progress")
    expect(bar).to_have_attribute("value", "25")
    expect(alpha.get_by_text("250 из 1")).to_be_visible()
    alpha.get_by_role("button", name="Отменить задачу").focus()

    execute("update jobs_job set done = 500 where id = %s", job)

    expect(bar).to_have_attribute("value", "50")
    expect(alpha.get_by_role("button", name="Отменить задачу")).to_be_focused()
    alpha.reload()
    expect(bar).to_have_attribute("value", "50")


def test_cancel_is_told_until_the_job_has_ended(alpha, execute, job):
    alpha.goto(f"/jobs/{job}/")

    alpha.get_by_role("button", name="Отменить задачу").click()

    state = alpha.locator(".pk-job-state .pk-status")
    expect(state).to_have_text("Отменяется")
    execute("update jobs_job set state = 'cancelled', ended_at = now() where id = %s", job)
    expect(state).to_have_text("Отменена")
    expect(alpha.locator("progress")).to_have_count(0)


@pytest.mark.slow
def test_list_goes_on_by_itself(alpha, execute, job):
    alpha.goto("/jobs/")
    row = alpha.get_by_role("row").filter(has=alpha.get_by_role("link", name=f"курсов {job}"))
    expect(row.locator("progress")).to_have_attribute("value", "25")

    execute("update jobs_job set done = 750 where id = %s", job)

    expect(row.locator("progress")).to_have_attribute("value", "75")


@pytest.mark.slow
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_the_page_loads_itself_again(page, execute, job):
    page.goto("/login/")
    sign_in(page)
    page.goto(f"/jobs/{job}/")
    expect(page.locator("progress")).to_have_attribute("value", "25")

    execute("update jobs_job set done = 500 where id = %s", job)

    expect(page.locator("progress")).to_have_attribute("value", "50", timeout=15_000)
    page.get_by_role("button", name="Отменить задачу").click()
    expect(page.locator(".pk-job-state .pk-status")).to_have_text("Отменяется")
