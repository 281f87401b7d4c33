"""A file is sent, tried, imported, mended and imported again, with a worker of jobs beside."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, sign_in

HEAD = "number,payment_system,wallet,direction,type,status,Сумма,currency,country,logged_at\n"
WALLET = """
    select w.number, w.currency, w.country from wallets_wallet w
        join wallets_paymentsystem s on s.id = payment_system_id
        join clients_client c on c.id = client_id
    where code = 'upi_l' and slug = 'alpha' order by w.id limit 1
"""
STORED = "select number, amount from transactions_transaction where number like 'BROWSER-%%'"
PATIENCE = 30_000  # of a page that loads itself again each five seconds


@pytest.fixture(scope="module")
def worker_of_jobs(environment, server):
    command = [sys.executable, "manage.py", "run_jobs"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as worker:
        yield
        worker.terminate()


def row(number, wallet, amount):
    account, currency, country = wallet
    place = f"upi_l,{account},incoming,real,declined"
    return f"BROWSER-{number},{place},{amount},{currency},{country},2024-01-15T10:00:00Z\n"


def send(page, name, text):
    page.goto("/imports/")
    page.get_by_label("Файл", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Отправить файл").click()


def try_and_import(page):
    page.locator("#try").click()
    page.locator("#import-rows").click(timeout=PATIENCE)
    expect(page.get_by_text("Выполнена")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Импорт файла")).to_be_visible(timeout=PATIENCE)


def mend_and_import_again(page, sql, key):
    wallet = sql(WALLET)[0]
    text = HEAD + row(f"{key}-1", wallet, "10.50") + row(f"{key}-2", wallet, '"20,50"')

    send(page, f"{key}.csv", text)
    if not page.get_by_label("Сумма", exact=True).is_visible():
        page.locator("summary").filter(has_text="известно").click()
    page.get_by_label("Сумма", exact=True).select_option("Сумма")
    try_and_import(page)
    expect(page.locator("#refused")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as loading:
        page.locator("#refused").click()
    refused = loading.value.path().read_text("utf-8-sig")
    assert f"BROWSER-{key}-2" in refused
    assert f"BROWSER-{key}-1" not in refused

    send(page, f"{key}-mended.csv", refused.replace('"20,50"', "20.50"))
    try_and_import(page)

    expect(page.locator("#refused")).to_have_count(0)
    stored = {number: f"{amount:.2f}" for number, amount in sql(STORED)}
    assert (stored[f"BROWSER-{key}-1"], stored[f"BROWSER-{key}-2"]) == ("10.50", "20.50")


def test_bad_file_is_mended_and_imported_again(alpha, worker_of_jobs, sql):
    mend_and_import_again(alpha, sql, "JS")


@pytest.mark.slow
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_bad_file_is_mended_and_imported_again_without_scripts(page, worker_of_jobs, sql):
    page.goto("/login/")
    sign_in(page)

    mend_and_import_again(page, sql, "PLAIN")


def test_form_of_columns_is_kept_where_one_is_lacking(alpha):
    send(alpha, "short.csv", "number,amount\n1,5\n")
    alpha.get_by_label("Номер", exact=True).select_option("amount")

    alpha.locator("#try").click()

    expect(alpha.get_by_label("Номер", exact=True)).to_have_value("amount")
    expect(alpha.get_by_text("Она нужна каждой строке").first).to_be_visible()
