import hashlib
import io
import os
import sys
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from paykassma_admin.imports import batches
from tests.support.factories import seeing
from transactions.models import Source, Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

HEADER = "number,payment_system,wallet,direction,type,status,amount,currency,country,logged_at\n"


def row(number, amount="10.00"):
    return f"{number},upi_l,alpha-1,incoming,real,activated,{amount},INR,IN,2026-11-24T10:00:00Z\n"


@pytest.fixture
def run(alice, tmp_path):
    """Runs the command on a file of that content: (what it printed, refusals, its sentence)."""

    def run(content, *arguments, file=None, client="alpha"):
        if file is None:
            file = tmp_path / "rows.csv"
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err, sentence = io.StringIO(), io.StringIO(), ""
        try:
            call_command(
                "import_transactions",
                str(file),
                *arguments,
                client=client,
                stdout=out,
                stderr=err,
                no_color=True,
            )
        except CommandError as error:
            sentence = str(error)
            assert error.returncode
        return out.getvalue(), err.getvalue(), sentence

    return run


def numbers(owner):
    with seeing(owner):
        return sorted(Transaction.unscoped.values_list("number", flat=True))


def test_valid_file_is_stored_and_counted(run, alice):
    out, err, sentence = run(HEADER + row("T1") + row("T2"))

    assert out == "read 2, new 2, changed 0, unchanged 0, stale 0, refused 0\n"
    assert (err, sentence) == ("", "")
    assert numbers(alice) == ["T1", "T2"]


def test_refused_rows_are_reported_by_the_exit_code(run, alice):
    out, err, sentence = run(HEADER + row("T1") + row("T2", amount="1.5e3") + row("T3"))

    assert out == "read 3, new 2, changed 0, unchanged 0, stale 0, refused 1\n"
    assert err.startswith("строка 3: amount: «1.5e3» — не простое число")
    assert sentence == "Не принята 1 строка."
    assert numbers(alice) == ["T1", "T3"]


def test_standard_input_is_read(run, alice, monkeypatch):
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO((HEADER + row("T1")).encode())))
    monkeypatch.setattr(sys, "stdin", stdin)

    run("", file="-")

    assert numbers(alice) == ["T1"]


def test_json_lines_are_read(run, alice):
    run(
        '{"number": 1, "payment_system": "upi_l", "wallet": "alpha-1", "direction": "incoming",'
        ' "type": "real", "status": "activated", "amount": 10.10, "currency": "INR",'
        ' "country": "IN", "logged_at": "2026-11-24T10:00:00Z"}'
    )

    assert numbers(alice) == ["1"]


def test_line_of_json_with_wrong_keys_is_refused_alone_with_all_that_it_lacks(run, alice):
    good = (
        '{"number": 1, "payment_system": "upi_l", "wallet": "alpha-1", "direction": "incoming",'
        ' "type": "real", "status": "activated", "amount": 10.10, "currency": "INR",'
        ' "country": "IN", "logged_at": "2026-11-24T10:00:00Z"}'
    )
    misspelt = good.replace('"country"', '"lable": "x", "country"')
    lacking = '{"number": "J4", "type": "real", "status": "activated", "amount": 1}'

    _out, said, _sentence = run(f"{misspelt}\n{lacking}\n{good}")

    assert numbers(alice) == ["1"]
    assert "неизвестные столбцы: lable" in said
    assert "нет столбцов: payment_system, wallet, direction, currency, country, logged_at" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "пуст"),
        ("number,label\n", "нет столбцов: payment_system"),
        (HEADER.strip() + ",colour\n", "неизвестные столбцы: colour"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        ("Сумма;Номер\n1;2\n".encode("cp1251"), "UTF-8"),
        ((HEADER + row("T1")).encode("utf-16"), "UTF-8"),
    ],
)
def test_invalid_file_is_explained(run, alice, content, words):
    out, _err, sentence = run(content)

    assert words in sentence
    assert out == ""
    assert numbers(alice) == []


def test_invalid_arguments_are_explained(run, tmp_path):
    assert "нет" in run("", file=tmp_path / "nowhere.csv")[2]
    assert "папка" in run("", file=tmp_path)[2]
    assert run(HEADER, client="nobody")[2] == "Клиента «nobody» нет."


def test_broken_file_reports_the_place_and_the_stored_row(run, alice):
    broken = (HEADER + row("T1")).encode() + "T2,кошелёк\n".encode("cp1251")

    out, _err, sentence = run(broken)

    assert out == "read 1, new 1, changed 0, unchanged 0, stale 0, refused 0\n"
    assert sentence.startswith("Строка 3 — не текст в UTF-8.")
    assert sentence.endswith("Всё, что учтено в отчёте, сохранено.")
    assert numbers(alice) == ["T1"]


@pytest.mark.parametrize(
    ("error", "words"),
    [(OperationalError("server closed"), "server closed"), (KeyboardInterrupt(), "Прервано.")],
)
def test_interrupted_import_reports_committed_rows(run, alice, monkeypatch, error, words):
    monkeypatch.setattr(batches, "BATCH_ROWS", 1)
    attempts = iter([batches.retry_on_conflict])

    def failing(*arguments):
        for store in attempts:
            return store(*arguments)
        raise error

    monkeypatch.setattr("transactions.imports.columns.retry_on_conflict", failing)
    out, _err, sentence = run(HEADER + row("T1") + row("T2"))

    assert words in sentence
    assert out.startswith("read 1, new 1")
    assert numbers(alice) == ["T1"]


def test_source_is_the_file_with_its_digest(run, alice):
    content = HEADER + "\n" + row("T1")

    run(content)
    run("nothing", "--create-wallets")

    with seeing(alice):
        [source] = Source.unscoped.all()
        stored = Transaction.unscoped.get()
    digest = hashlib.sha256(content.encode()).hexdigest()
    assert (source.name, source.sha256) == ("rows.csv", digest)
    assert (stored.source_id, stored.source_row) == (source.pk, 3)


def test_source_of_a_stream_has_no_digest(run, alice, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    Thread(target=pipe.write_text, args=[HEADER + row("T1")]).start()

    run("", file=pipe)

    with seeing(alice):
        assert Source.unscoped.get().sha256 == ""
    assert numbers(alice) == ["T1"]
