import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.support.factories import make_source, make_transaction, seeing
from tests.support.pages import words
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def page_of(client, user, transaction):
    client.force_login(user)
    return words(client.get(f"/payments/transactions/{transaction.pk}/"))


def test_birth_names_file_and_row(client, alice):
    source = make_source(alice, "bkash-2026-11-24.csv")
    row = make_transaction(alice, source=source, source_row=118)

    page = page_of(client, alice, row)

    assert "Замечена на кошельке 24.11.2026 16:30:00 Записана" in page
    assert "24.11.2026 17:30:00 · +1 ч · импорт файла bkash-2026-11-24.csv, строка 118" in page


def test_birth_names_the_key(client, alice, both):
    key = alice.client.apikey_set(manager="unscoped")
    with seeing(alice):
        source = make_source(alice, "shop", kind="key", key=key.get(), sha256="")

    assert "API-ключ shop" in page_of(client, alice, make_transaction(alice, source=source))


def test_unknown_source_is_said(client, alice):
    assert "источник не записан" in page_of(client, alice, make_transaction(alice))


def test_stream_is_named_in_words(client, alice):
    source = make_source(alice, "-", sha256="")

    page = page_of(client, alice, make_transaction(alice, source=source, source_row=2))

    assert "импорт из стандартного ввода, строка 2" in page


def test_changes_follow_with_who_and_how_long_after(client, alice):
    at = database_clock() - timedelta(days=2, minutes=5)
    row = make_transaction(alice, status="pending", logged_at=at, recorded_at=at)
    with seeing(alice):
        Transaction.unscoped.filter(pk=row.pk).update(status="activated")

    page = page_of(client, alice, row)

    assert re.search(r"Статус: В ожидании → Активирована [\d. :]+ · \+2 дн\. · alice", page)


def database_clock():
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        return cursor.fetchone()[0]


def test_forcing_stands_in_the_time_line(client, alice):
    forced = {"forced_by": "olga", "forced_at": timezone.now(), "forced_reason": "Receipt seen"}

    page = page_of(client, alice, make_transaction(alice, type="forced", **forced))

    assert "Принудительная: Receipt seen 24.11.2026 17:30" in page
    assert "olga" in page


def test_source_of_a_stranger_is_not_shown(client, alice, charlie, nets):
    row = make_transaction(charlie, source=make_source(charlie, "his.csv"), source_row=2)
    client.force_login(alice)

    response = client.get(f"/payments/transactions/{row.pk}/")

    assert response.status_code == 404
    assert "his.csv" not in words(response)


def test_page_is_written_in_english(client, alice):
    client.cookies["django_language"] = "en"
    row = make_transaction(alice, source=make_source(alice, "bkash.csv"), source_row=118)

    page = page_of(client, alice, row)

    assert "Seen on the wallet 24 Nov 2026 16:30:00 Recorded" in page
    assert "+1 hr · import of the file bkash.csv, row 118" in page
