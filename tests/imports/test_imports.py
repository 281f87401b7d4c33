"""A file is sent, tried, imported and mended in the browser."""

import csv
import io
import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains, assertNotContains

from accounts.roles import Role
from audit.models import AuditEvent
from imports.models import ImportFile, RefusedRow
from imports.removal import remove_old_files
from jobs.models import Job, State
from jobs.running import run_job
from tests.support.factories import (
    make_member,
    make_payment_system,
    make_wallet,
    seeing,
    worker,
)
from transactions.models import Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
HEAD = (
    "number,payment_system,wallet,direction,type,status,amount,currency,country,logged_at,label\n"
)


def row(number, amount="100.50", status="activated", wallet="w1"):
    return (
        f"{number},upi_l,{wallet},incoming,real,{status},{amount},INR,IN,"
        f"2026-11-24T10:00:00+05:30,user-{number}\n"
    )


@pytest.fixture
def as_alice(client, alice):
    make_payment_system("upi_l")
    make_wallet(alice.client, "w1")
    client.force_login(alice)
    return client


def send(client, text, content="transactions", name="rows.csv"):
    sent = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post("/imports/", {"content": content, "file": sent})


def columns(page):
    return {field.name: field.initial for field in page.context["form"]}


def press(client, address, button, **changed):
    chosen = columns(client.get(address)) | changed
    answer = client.post(address, chosen | {button: "yes"})
    assert answer.status_code == 302, answer.context["form"].errors
    with worker():
        waiting = list(Job.unscoped.filter(state=State.QUEUED).values_list("pk", flat=True))
    for job in waiting:
        run_job(job)
    return client.get(address)


def counts(results):
    return {str(title): count for title, count in results.counts if count}


def stored(user):
    with seeing(user):
        return {
            row.number: (row.amount, row.status)
            for row in Transaction.objects.for_client(user.client)
        }


def test_file_is_tried_and_then_imported(as_alice, alice):
    address = send(as_alice, HEAD + row(1) + row(2)).url

    page = press(as_alice, address, "try")

    assert counts(page.context["trial"]) == {"новых": 2}
    assert stored(alice) == {}

    page = press(as_alice, address, "import")

    assert counts(page.context["run"]) == {"новых": 2}
    assert stored(alice).keys() == {"1", "2"}


def test_trial_says_what_the_sums_would_become(as_alice, alice, monkeypatch):
    monkeypatch.setattr("paykassma_admin.imports.batches.BATCH_ROWS", 2)
    send_and_import(as_alice, row(1) + row(2, status="pending"))

    text = HEAD + row(1) + row(2) + row(3, amount="0.5") + row(4, status="declined")
    address = send(as_alice, text).url
    [changed] = press(as_alice, address, "try").context["trial"].sums

    assert (changed.direction, changed.currency) == ("incoming", "INR")
    assert (changed.count, changed.amount) == (1, Decimal("100.50"))
    assert (changed.count_after, changed.amount_after) == (3, Decimal("201.50"))
    press(as_alice, address, "import")
    active = [amount for amount, status in stored(alice).values() if status == "activated"]
    assert (len(active), sum(active)) == (changed.count_after, changed.amount_after)


def send_and_import(client, rows):
    address = send(client, HEAD + rows).url
    press(client, address, "try")
    return press(client, address, "import")


def test_same_file_again_changes_nothing(as_alice, alice):
    for _time in range(2):
        address = send(as_alice, HEAD + row(1) + row(2)).url
        press(as_alice, address, "try")
        page = press(as_alice, address, "import")

    assert counts(page.context["run"]) == {"без изменений": 2}


def test_refused_rows_come_back_and_are_mended(as_alice, alice):
    bad = row(2, amount="1,5").replace("1,5", '"1,5"')
    address = send(as_alice, HEAD + row(1) + bad + row(3, wallet="nobody")).url
    press(as_alice, address, "try")
    page = press(as_alice, address, "import")
    assert counts(page.context["run"]) == {"новых": 1, "отклонено": 2}

    text = as_alice.get(f"{address}refused.csv").content.decode("utf-8-sig")
    refused = [*csv.DictReader(io.StringIO(text))]
    assert [(each["number"], each["refused_line"]) for each in refused] == [("2", "3"), ("3", "4")]
    assert [each["refused_column"] for each in refused] == ["amount", "wallet"]

    mended = text.replace('"1,5"', "1.5").replace("nobody", "w1")
    address = send(as_alice, mended).url
    press(as_alice, address, "try")
    page = press(as_alice, address, "import")

    assert counts(page.context["run"]) == {"новых": 2}
    assert stored(alice).keys() == {"1", "2", "3"}


def test_columns_are_chosen_and_remembered_for_the_header(as_alice, alice):
    text = (HEAD + row(1)).replace("number,", "UTR,").replace("amount", "Сумма")
    address = send(as_alice, text.replace("country", "number")).url
    page = as_alice.get(address)
    assert columns(page)["amount"] == ""

    own = {"number": "UTR", "amount": "Сумма", "country": "number"}
    press(as_alice, address, "try", **own)
    press(as_alice, address, "import")

    assert stored(alice).keys() == {"1"}
    again = as_alice.get(send(as_alice, text.replace("country", "number")).url)
    assert columns(again) | own == columns(again)


def test_columns_that_are_lacking_are_asked_for(as_alice):
    address = send(as_alice, "number,amount\n1,5\n").url

    page = as_alice.post(address, {"number": "number", "amount": "amount", "try": "yes"})

    assert page.status_code == 200
    assert {"wallet", "currency"} <= page.context["form"].errors.keys()
    assert page.context["form"]["number"].value() == "number"


def test_column_of_the_file_is_chosen_once(as_alice):
    address = send(as_alice, HEAD + row(1)).url

    page = as_alice.post(address, columns(as_alice.get(address)) | {"label": "number", "try": ""})

    assertContains(page, "«number» уже выбран")


def test_import_is_not_begun_before_its_trial(as_alice, alice):
    address = send(as_alice, HEAD + row(1)).url

    page = press(as_alice, address, "import")

    assert page.context["run"] is None
    assert stored(alice) == {}


def test_row_that_repeats_an_earlier_batch_is_told_apart(as_alice, alice, monkeypatch):
    monkeypatch.setattr("paykassma_admin.imports.batches.BATCH_ROWS", 2)
    address = send(as_alice, HEAD + row(1) + row(2) + row(3) + row(1)).url

    page = press(as_alice, address, "try")

    assert counts(page.context["trial"]) == {"новых": 3, "повторяют прежнюю строку файла": 1}
    page = press(as_alice, address, "import")
    assert counts(page.context["run"]) == {"новых": 3, "без изменений": 1}


def test_killed_import_goes_on_and_counts_each_row_once(as_alice, alice, monkeypatch):
    monkeypatch.setattr("paykassma_admin.imports.batches.BATCH_ROWS", 2)
    address = send(as_alice, HEAD + "".join(row(n) for n in range(5)) + row(9, amount="x")).url
    press(as_alice, address, "try")
    as_alice.post(address, columns(as_alice.get(address)) | {"import": "yes"})
    with worker():
        job = Job.unscoped.get(kind="import")
    run_job(job.pk, is_stopping=lambda: True)  # after one batch
    with worker():
        assert Job.unscoped.get(pk=job.pk).done == 2
    run_job(job.pk)

    page = as_alice.get(address)
    assert counts(page.context["run"]) == {"новых": 5, "отклонено": 1}
    with worker():
        assert RefusedRow.unscoped.filter(job_id=job.pk).count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(b"", "Файл пуст"), (b"[1]", "JSON"), (b"number\n\xff", "не текст в UTF-8")],
)
def test_file_that_is_no_table_is_refused_and_not_kept(as_alice, uploads, text, sentence):
    page = send(as_alice, text)

    assertContains(page, sentence)
    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_file_beyond_the_most_is_refused(as_alice, uploads, monkeypatch):
    monkeypatch.setattr("imports.views.MAX_BYTES", -1024 * 1024)

    assertContains(send(as_alice, HEAD + row(1)), "Файл больше 200 МБ")
    assert not uploads.exists()


def test_name_is_no_path(as_alice, uploads):
    send(as_alice, HEAD + row(1), name="../../settings.py")

    with worker():
        assert ImportFile.unscoped.get().name == "settings.py"
    assert [path.parent.parent for path in uploads.rglob("*") if path.is_file()] == [uploads]


def test_disk_has_no_payers_text(as_alice, uploads):
    send(as_alice, HEAD + row(1))

    [path] = [path for path in uploads.rglob("*") if path.is_file()]
    assert b"user-1" not in path.read_bytes()


def test_form_without_its_token_stores_nothing(alice, uploads, client_with_csrf):
    answer = send(client_with_csrf, HEAD + row(1))

    assert answer.status_code == 403
    assert [path for path in uploads.rglob("*") if path.is_file()] == []
    with worker():
        assert not ImportFile.unscoped.exists()


@pytest.fixture
def client_with_csrf(alice):
    from django.test import Client as Browser

    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(alice)
    return browser


def test_stranger_sees_no_import(as_alice, client, charlie):
    address = send(as_alice, HEAD + row(1)).url
    client.force_login(charlie)

    assert client.get(address).status_code == 404
    assert client.post(address, {"try": "yes"}).status_code == 404
    assert client.get(f"{address}refused.csv").status_code == 404
    assertNotContains(client.get("/imports/"), "rows.csv")


def test_reader_may_not_import(client, bob, uploads):
    client.force_login(bob)

    assert client.get("/imports/").status_code == 403
    assert send(client, HEAD + row(1)).status_code == 403
    assert not uploads.exists()


def test_operator_imports(as_alice, client, alice):
    client.force_login(make_member("olga", client=alice.client, role=Role.OPERATOR))

    assert send(client, HEAD + row(1)).status_code == 302


def test_audit_log_has_who_and_what(as_alice, alice):
    address = send(as_alice, HEAD + row(1)).url
    press(as_alice, address, "try")
    press(as_alice, address, "import")

    with worker():
        ended = AuditEvent.unscoped.filter(kind="import_ended").get()
        file = ImportFile.unscoped.get()
    assert ended.actor == "alice"
    assert ended.target == "rows.csv"
    assert ended.details["new"] == 1
    assert ended.details["sha256"] == file.sha256


def test_file_that_is_gone_is_told(as_alice, uploads):
    address = send(as_alice, HEAD + row(1)).url
    for path in uploads.rglob("*"):
        if path.is_file():
            path.unlink()

    assertContains(as_alice.get(address), "Файла больше нет на диске")


def test_old_files_are_removed(as_alice, uploads, monkeypatch):
    send(as_alice, HEAD + row(1))
    send(as_alice, HEAD + row(2))
    with worker():
        old = ImportFile.unscoped.order_by("pk")[0]
        ImportFile.unscoped.filter(pk=old.pk).update(made_at=old.made_at - timedelta(days=31))
    os.utime(old.path, (0, 0))

    assert remove_old_files() == 1

    with worker():
        [left] = ImportFile.unscoped.all()
    assert [path for path in uploads.rglob("*") if path.is_file()] == [left.path]


def test_job_of_a_file_that_was_removed_says_so(as_alice, uploads):
    address = send(as_alice, HEAD + row(1)).url
    as_alice.post(address, columns(as_alice.get(address)) | {"try": "yes"})
    for path in [path for path in uploads.rglob("*") if path.is_file()]:
        path.unlink()
    with worker():
        job = Job.unscoped.get()
    run_job(job.pk)

    assertContains(as_alice.get(f"/jobs/{job.pk}/"), "Файла больше нет на диске")


def test_file_of_a_bank_is_read_as_was_chosen_and_so_is_the_next(as_alice, alice):
    text = HEAD + (
        '1,upi_l,w1,incoming,real,activated,"1,00,000.50",INR,IN,24.11.2026 10:00,x\n'
        "2,upi_l,w1,incoming,real,activated,1 250,INR,IN,24.11.2026 10:00,x\n"
    )
    address = send(as_alice, text).url
    press(as_alice, address, "try", amounts="commas", times="day_first")
    page = press(as_alice, address, "import")

    assert counts(page.context["run"]) == {"новых": 1, "отклонено": 1}
    with seeing(alice):
        [row] = Transaction.objects.for_client(alice.client)
    assert row.amount == Decimal("100000.50")
    assert row.logged_at.astimezone(alice.client.zone).isoformat() == "2026-11-24T10:00:00+05:30"
    again = columns(as_alice.get(send(as_alice, text).url))
    assert (again["amounts"], again["times"]) == ("commas", "day_first")


def test_file_that_is_no_text_further_on_keeps_what_was_stored_and_says_where(
    as_alice, alice, monkeypatch
):
    monkeypatch.setattr("paykassma_admin.imports.batches.BATCH_ROWS", 1)
    whole = (HEAD + "".join(map(row, range(8)))).encode()
    address = send(as_alice, whole + b"\xff\xff\n").url

    page = press(as_alice, address, "try")

    assert page.context["trial"].job.state == State.FAILED
    assertContains(page, "Строка 10 — не текст в UTF-8")
    assert page.context["file"].is_tried is False
