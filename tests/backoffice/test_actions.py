import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import ApiKey, FailedSignIns
from audit.kinds import Kind
from audit.models import AuditEvent
from backoffice.site import back_office
from tests.support.back_office import client_form
from tests.support.factories import (
    worker,
)
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def test_an_action_says_how_many_it_was_done_for(office, alice):
    form = {"action": "remove_second_factors", "_selected_action": [alice.pk]}

    page = office.post("/admin/accounts/user/", form, follow=True)

    assert "Выполнено для 0 из 1 выбранных." in words(page)
    with worker():
        assert not AuditEvent.unscoped.filter(kind=Kind.SECOND_FACTOR_REMOVED).exists()


def test_a_sign_in_without_a_wrong_attempt_is_not_listed(office):
    at = timezone.now()
    for login, count in (("NOBODY", 0), ("MALLORY", 2)):
        FailedSignIns.objects.create(login=login, address="192.0.2.1", count=count, since=at)

    page = words(office.get("/admin/accounts/failedsignins/"))

    assert "MALLORY" in page and "NOBODY" not in page


def test_lock_shows_its_end_and_no_beginning(office):
    at = timezone.now()
    for login, count in (("MALLORY", 5), ("TRUDY", 2)):
        FailedSignIns.objects.create(login=login, address="192.0.2.1", count=count, since=at)

    page = office.get("/admin/accounts/failedsignins/").content.decode()

    cells = re.findall(r'<td class="field-(?:counted_from|locked_until)[^"]*">([^<]*)', page)
    locked, counted = sorted([cells[:2], cells[2:]])[::-1]
    assert locked == ["—", "24.11.2026 12:15:00"] and counted == ["24.11.2026 12:00:00", "—"]


def count_failures(login, address, count):
    return FailedSignIns.objects.create(
        login=login, address=address, count=count, since=timezone.now()
    )


def unlock(office, failed):
    form = {"action": "unlock", "_selected_action": [failed.pk]}
    return words(office.post("/admin/accounts/failedsignins/", form, follow=True))


def removed_locks():
    with worker():
        found = AuditEvent.unscoped.filter(kind=Kind.LOCK_REMOVED).order_by("target")
        return list(found.values_list("target", flat=True))


@pytest.mark.parametrize("chosen", ["192.0.2.1", ""])
def test_a_login_is_unlocked_everywhere(office, chosen):
    rows = {at: count_failures("MALLORY", at, 100) for at in ("192.0.2.1", "192.0.2.2", "")}
    count_failures("TRUDY", "192.0.2.1", 5)

    page = unlock(office, rows[chosen])

    assert "Блокировка снята. Можно войти сразу." in page
    assert removed_locks() == ["MALLORY", "MALLORY · 192.0.2.1", "MALLORY · 192.0.2.2"]
    assert [each.login for each in FailedSignIns.objects.all()] == ["TRUDY"]


def test_unlocking_says_what_still_locks_and_until_when(office):
    of_login = count_failures("MALLORY", "192.0.2.1", 5)
    of_address = count_failures("", "192.0.2.1", 50)
    count_failures("TRUDY", "192.0.2.1", 5)

    page = unlock(office, of_login)
    assert "Блокировка снята. Ещё заблокировано: 192.0.2.1 до 24.11.2026 12:15:00." in page
    page = unlock(office, of_address)
    assert "Ещё заблокировано: TRUDY · 192.0.2.1 до 24.11.2026 12:15:00." in page
    assert "Можно войти сразу" not in page


def test_nothing_is_removed_where_nothing_was_locked(office):
    few = count_failures("MALLORY", "192.0.2.1", 2)

    page = unlock(office, few)

    assert "Ничего не было заблокировано." in page and "Блокировка снята" not in page
    assert removed_locks() == [] and not LogEntry.objects.exists()
    assert FailedSignIns.objects.get() == few


ACTIONS = [
    (model, name)
    for model, of_model in back_office._registry.items()
    for name in of_model.actions or ()
    if name not in ("impersonate", "unlock")  # one changes nothing, one leaves no row
]


@pytest.mark.parametrize(("model", "action"), ACTIONS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_action_is_in_the_history_of_its_row(office, rows, model, action, language):
    listed = model._meta.label_lower.replace(".", "/")
    row = rows[listed]
    with worker():
        Authenticator.objects.create(user=rows["accounts/user"], type="totp", data={})

    office.post(f"/admin/{listed}/", {"action": action, "_selected_action": [row.pk]})

    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    history = words(office.get(f"/admin/{listed}/{row.pk}/history/"))
    assert HISTORY[action][language] in history


HISTORY = {
    "revoke": {"ru": "Отзыв ключа API", "en": "API key revoked"},
    "end_all_sessions": {"ru": "Завершение сеансов", "en": "Sessions ended"},
    "remove_second_factors": {"ru": "Отключение второго фактора", "en": "Second factor removed"},
}


def test_a_key_is_seen_without_its_digest_and_can_be_revoked(office, rows):
    key = rows["accounts/apikey"]
    page = office.get(f"/admin/accounts/apikey/{key.pk}/change/").content.decode()

    office.post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [key.pk]})

    assert key.prefix in page and key.sha256 not in page
    with worker():
        assert ApiKey.unscoped.get().revoked_at is not None


def test_form_saved_as_it_was_is_no_event(office, alice):
    address = f"/admin/clients/client/{alice.client.pk}/change/"
    page = words(office.post(address, client_form(), follow=True))

    with worker():
        assert not AuditEvent.unscoped.filter(kind=Kind.CHANGED).exists()
    assert "Ничего не изменилось" in page and "успешно" not in page
    assert not LogEntry.objects.exists()
