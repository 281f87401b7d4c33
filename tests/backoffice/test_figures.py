import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings

from audit.kinds import Kind
from audit.models import AuditEvent
from tests.backoffice.test_money import SEK
from tests.support.factories import (
    make_accumulation,
    make_balance,
    make_rate,
    make_transaction,
    make_wallet,
    worker,
)
from tests.support.pages import words
from wallets.models import Balance, ExchangeRate

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures_of_her(alice):
    make_rate("INR", Decimal("0.012"), date(2026, 11, 23), recorded_at=AT)
    amount = Decimal("1234567890123456.78")
    make_balance(alice, amount=amount, as_of=AT)
    make_transaction(alice, "T1", amount=Decimal("1234.5"), logged_at=AT)
    make_accumulation(alice, "A1", amount=Decimal("1234.5"), formed_at=AT)


AT = datetime(2026, 11, 24, 11, 30, 5, tzinfo=UTC)


READ = {
    "wallets/exchangerate": {
        "ru": ["INR 23.11.2026: 0,012", "24.11.2026 11:30:05"],
        "en": ["INR 23 Nov 2026: 0.012", "24 Nov 2026 11:30:05"],
    },
    "wallets/balance": {
        "ru": ["1 234 567 890 123 456,78 INR", "1,5 %", "24.11.2026 11:30:05"],
        "en": ["1,234,567,890,123,456.78 INR", "1.5%", "24 Nov 2026 11:30:05"],
    },
    "transactions/transaction": {
        "ru": ["1 234,50 INR", "24.11.2026 11:30:05", "14,81 USD"],
        "en": ["1,234.50 INR", "24 Nov 2026 11:30:05", "14.81 USD"],
    },
    "accumulations/accumulation": {
        "ru": ["1 234,50 INR", "24.11.2026 11:30:05"],
        "en": ["1,234.50 INR", "24 Nov 2026 11:30:05"],
    },
}


OTHERWISE = re.compile(r"\d{4,}[.,]\d|\d[.,]\d{2,}00\b|ноября|November|Nov\.|noon|[ap]\.m\.")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("model", READ)
def test_figures_and_moments_have_one_form_in_list_title_and_fields(
    office, figures_of_her, model, language
):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    listed = office.get(f"/admin/{model}/")
    row = listed.context["cl"].result_list[0]

    pages = [words(listed), words(office.get(f"/admin/{model}/{row.pk}/change/"))]

    together = " ".join(pages)
    assert [told for told in READ[model][language] if told not in together] == []
    assert [OTHERWISE.search(page) for page in pages] == [None, None]


def test_titles_have_the_figures_of_the_product(office, figures_of_her):
    with worker():
        balance, rate = Balance.unscoped.get(), ExchangeRate.objects.get()

    titled = words(office.get(f"/admin/wallets/balance/{balance.pk}/change/"))

    assert "Изменить: баланс 1 234 567 890 123 456,78 INR" in titled
    rate_page = words(office.get(f"/admin/wallets/exchangerate/{rate.pk}/change/"))
    assert "Просмотр: курс валюты INR 23.11.2026: 0,012" in rate_page


def test_history_tells_days_and_fields_as_pages_do(office, alice):
    changed = {"name": "Alpha", "slug": "alpha2", "time_zone": "Asia/Dhaka"}
    changed |= {"membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}
    office.post(f"/admin/clients/client/{alice.client.pk}/change/", changed)

    history = words(office.get(f"/admin/clients/client/{alice.client.pk}/history/"))

    assert "24.11.2026 12:00:0" in history
    assert "Короткое имя: alpha → alpha2. Часовой пояс: Asia/Kolkata → Asia/Dhaka." in history
    assert "Действует: да → нет." in history


def test_figures_stand_in_the_log_in_no_language(office, alice):
    system = make_wallet(alice.client).payment_system
    balance = {"client": alice.client.pk, "payment_system": system.pk, "currency": "INR"}
    moment = {"as_of_0": "2026-11-24", "as_of_1": "11:00"}
    office.post("/admin/wallets/balance/add/", balance | moment | {"amount": "-1234567.5"})
    office.post("/admin/wallets/exchangerate/add/", SEK)

    with worker():
        targets = {event.target for event in AuditEvent.unscoped.filter(kind=Kind.ADDED)}

    assert targets == {
        "balance upi_l · -1234567.5 INR · 2026-11-24T11:00:00+00:00",
        "exchangerate SEK 2026-11-23: 0.105",
    }
