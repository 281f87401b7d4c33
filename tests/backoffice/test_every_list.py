import re

import pytest
from django.conf import settings

from tests.support.back_office import LISTS
from tests.support.pages import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("listed", LISTS)
def test_every_list_and_every_row_opens(office, rows, listed):
    row = rows[listed]

    assert office.get(f"/admin/{listed}/").status_code == 200
    assert office.get(f"/admin/{listed}/?q=T1").status_code == 200
    assert office.get(f"/admin/{listed}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    "listed",
    [
        "clients/client",
        "accounts/user",
        "wallets/paymentsystem",
        "wallets/wallet",
        "wallets/exchangerate",
        "wallets/balance",
    ],
)
def test_every_form_to_add_opens(office, alice, listed):
    assert office.get(f"/admin/{listed}/add/").status_code == 200


@pytest.mark.parametrize("listed", LISTS)
def test_nothing_that_money_hangs_on_is_deleted(office, rows, listed):
    response = office.post(f"/admin/{listed}/{rows[listed].pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert "delete_selected" not in office.get(f"/admin/{listed}/").content.decode()


@pytest.mark.parametrize(
    "listed",
    [
        "accounts/apikey",
        "audit/auditevent",
        "wallets/exchangerate",
        "transactions/transaction",
        "accumulations/accumulation",
    ],
)
def test_facts_are_not_changed(office, rows, listed):
    assert office.post(f"/admin/{listed}/{rows[listed].pk}/change/", {}).status_code == 403


@pytest.mark.parametrize(
    "listed", ["accounts/apikey", "audit/auditevent", "transactions/transaction"]
)
def test_imported_rows_cannot_be_added(office, listed):
    assert office.get(f"/admin/{listed}/add/").status_code == 403


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_is_named_by_its_rows_and_counted_in_records(office, rows, listed):
    """ "Выберите клиент" and "124 журнал действий" are no Russian."""
    page = words(office.get(f"/admin/{listed}/"))

    assert "Выберите" not in page.replace("— выберите", "")
    assert re.search(r"\d (запись|записи|записей) ", page)


def test_a_form_declines_no_models_name(office, alice):
    added = words(office.get("/admin/wallets/paymentsystem/add/"))
    changed = words(office.get(f"/admin/clients/client/{alice.client.pk}/change/"))

    assert "Новая запись: платёжная система" in added
    assert "Изменить: клиент" in changed


@pytest.mark.parametrize("language", ["ru", "en"])
def test_labels_of_a_form_begin_with_capitals(office, rows, language):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for listed, row in rows.items():
        for path in ("add", f"{row.pk}/change"):
            page = office.get(f"/admin/{listed}/{path}/", follow=True)
            labels = LABEL.findall(page.content.decode().partition('<div id="content"')[2])
            assert [each for each in labels if each != each[0].upper() + each[1:]] == []


LABEL = re.compile(r"<label[^>]*>\s*([^<]*[^<:\s])")
