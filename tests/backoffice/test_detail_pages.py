"""Pages of single rows in the back office: their values and their histories."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import FailedSignIns, Membership
from backoffice.site import back_office
from tests.support.factories import worker
from tests.support.pages import words

pytestmark = pytest.mark.django_db

MACHINE_VALUE = re.compile(r"\bNone\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\+00:00")


@pytest.mark.parametrize("model", back_office._registry, ids=lambda m: m._meta.model_name)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_detail_page_shows_no_machine_value(office, rows, model, language):
    listed = model._meta.label_lower.replace(".", "/")
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = words(office.get(f"/admin/{listed}/{rows[listed].pk}/change/"))

    assert MACHINE_VALUE.findall(page) == []


def test_lock_is_shown_as_in_the_list(office, rows):
    locked = rows["accounts/failedsignins"]

    page = words(office.get(f"/admin/accounts/failedsignins/{locked.pk}/change/"))

    assert "Отсчёт от: —" in page and "Заблокировано до: 24.11.2026 12:15:00" in page
    assert "Заблокирован:" in page and "Закрыт:" not in page


def test_failures_without_a_lock_show_their_beginning(office):
    few = FailedSignIns.objects.create(
        login="TRUDY", address="", count=2, since=timezone.now() - timedelta(minutes=1)
    )

    page = words(office.get(f"/admin/accounts/failedsignins/{few.pk}/change/"))

    assert "Отсчёт от: 24.11.2026 11:59:00" in page and "Заблокировано до: —" in page


def test_lock_is_removed_by_an_action_of_that_name(office, rows):
    page = words(office.get("/admin/accounts/failedsignins/"))

    assert "Снять блокировку" in page and "Открыть" not in page


@pytest.mark.parametrize(
    ("language", "added", "changed"),
    [
        ("ru", "Добавлено: участник «bob».", "Изменено: роль – участник «bob»."),
        ("en", "Added membership “bob”.", "Changed role for membership “bob”."),
    ],
)
def test_history_of_members_mixes_no_languages(office, alice, bob, language, added, changed):
    with worker():
        member = Membership.unscoped.get(user=bob)
    alpha = {"name": "Alpha", "slug": "alpha", "time_zone": "Asia/Kolkata", "is_active": "on"}
    counts = {"membership_set-TOTAL_FORMS": 1, "membership_set-INITIAL_FORMS": 1}
    address = f"/admin/clients/client/{alice.client.pk}"
    row = {"id": member.pk, "user": bob.pk, "role": "operator"}
    gone = row | {"DELETE": "on"}
    new = {"user": bob.pk, "role": "auditor"}
    for sent, initial in ((row, 1), (gone, 1), (new, 0)):
        form = {f"membership_set-0-{name}": value for name, value in sent.items()}
        form |= alpha | counts | {"membership_set-INITIAL_FORMS": initial}
        office.post(f"{address}/change/", form)

    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = words(office.get(f"{address}/history/"))

    assert changed in page and added in page
    assert "Operator" not in page and "Auditor" not in page


@pytest.mark.parametrize("address", ["add", "{pk}/password"])
def test_no_other_way_to_sign_in_is_spoken_of(office, alice, address):
    shown = words(office.get(f"/admin/accounts/user/{address.format(pk=alice.pk)}/"))

    assert "LDAP" not in shown and "Single" not in shown
    assert "If disabled" not in shown


def test_new_user_is_offered_no_account_without_password(office):
    page = office.get("/admin/accounts/user/add/").content.decode()

    assert 'name="password1"' in page and "usable_password" not in page.split("<form", 1)[1]


def test_expiry_of_a_key_names_its_clock(office, rows):
    for page in ("", f"{rows['accounts/apikey'].pk}/change/"):
        assert "Действует до (UTC)" in words(office.get(f"/admin/accounts/apikey/{page}"))


def test_second_factor_is_required_of_members(office, alice):
    for page in ("", f"{alice.client.pk}/change/"):
        shown = words(office.get(f"/admin/clients/client/{page}")).lower()
        assert "второй фактор обязателен для всех участников" in shown
