import pytest
from django.utils import translation

from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import ONCE_A_MINUTE, Actor, record_event
from tests.support.factories import make_member, make_wallet, seeing
from tests.support.pages import csv_rows, words
from workspace.audit_log.words import details_in_words, target_in_words

pytestmark = pytest.mark.django_db
TRANSACTIONS = "/payments/transactions/export.csv"
TOLD = [
    (Kind.SIGN_IN, {"factor": "password"}, "Подтверждение: пароль"),
    (Kind.SIGN_IN, {"factor": "recovery_code"}, "Подтверждение: код восстановления"),
    (
        Kind.SECOND_FACTOR_REMOVED,
        {"factor": "app,passkey"},
        "Второй фактор: приложение с кодами, ключ доступа",
    ),
    (
        Kind.SECOND_FACTOR_ADDED,
        {"factor": "passkey", "name": "YubiKey"},
        "Второй фактор: ключ доступа · Название: YubiKey",
    ),
    (Kind.RECOVERY_CODE_USED, {"left": 9}, "Осталось кодов восстановления: 9"),
    (Kind.SESSIONS_ENDED, {"ended": 1, "browser": "Firefox"}, "Завершено сеансов: 1 · Браузер"),
    (Kind.MEMBER_INVITED, {"role": "auditor"}, "Роль: Аудитор"),
    (Kind.MEMBER_CHANGED, {"before": "auditor", "after": "operator"}, "Роль: Аудитор → Оператор"),
    (Kind.CLIENT_VIEWED, {"looking": "begun", "minutes": 30}, "Просмотр: начат"),
    (Kind.BALANCE_REQUEST, {"wallet": "switched_off"}, "Кошелёк: отключён"),
    (Kind.BALANCE_REQUEST, {"wallet": "active"}, "Кошелёк: доступен"),
    (Kind.IMPORT_ENDED, {"new": 12, "refused": 1}, "Новых: 12 · Отклонённых: 1"),
    (Kind.CHANGED, {"changed": "time zone, Is active"}, "Изменено: часовой пояс, действует"),
    (Kind.REFUSAL, {"method": "GET", "status": 403}, "Метод: GET · Ответ: 403"),
    (
        Kind.SIGN_IN,
        dict(ONCE_A_MINUTE),
        "Такие же в следующие 60 секунд: каждый процесс сервера записывает не больше одного",
    ),
    (
        Kind.SIGN_IN,
        {"same_within_minute": "not_recorded"},  # of an event from before
        "Такие же в следующие 60 секунд: каждый процесс сервера записывает не больше одного",
    ),
    (
        Kind.KEY_MADE,
        {"scopes": "balance", "last_day": "2026-12-01"},
        "Что открывает: Запросы баланса · Последний день: 01.12.2026",
    ),
    (Kind.KEY_MADE, {"last_day": "none"}, "Последний день: не ограничен"),
]


def event(kind, details, target=""):
    return AuditEvent(kind=kind, details=details, target=target)


@pytest.mark.parametrize(("kind", "details", "told"), TOLD)
def test_each_kind_is_told_in_words(kind, details, told):
    assert told in details_in_words(event(kind, details))


@pytest.mark.parametrize(("kind", "details", "told"), TOLD)
def test_no_key_is_left_untranslated(kind, details, told):
    russian = details_in_words(event(kind, details))
    with translation.override("en"):
        english = details_in_words(event(kind, details))

    assert not any(f"{key}: " in russian for key in details)
    assert russian != english


@pytest.mark.parametrize("kind", [Kind.SIGN_IN, Kind.SECOND_FACTOR_REMOVED])
def test_a_detail_that_says_nothing_has_no_label(kind):
    assert details_in_words(event(kind, {"factor": ""})) == ""


def test_an_unknown_key_is_shown_as_it_stands():
    assert details_in_words(event(Kind.SIGN_IN, {"weather": "rain"})) == "weather: rain"


def test_an_export_is_told_by_the_labels_of_its_fields():
    asked = {"status": "active", "type": "real,fake", "date_from": "2026-11-17", "country": "IN"}
    asked |= {"label": "user-7", "counterparty": "…", "gone": "1"}

    told = details_in_words(event(Kind.EXPORT, asked, TRANSACTIONS))

    assert told == (
        "С: 17.11.2026 · Лейбл: user-7 · Контрагент: не записывается"
        " · Тип транзакции: Настоящая, Фейковая · Статус: Активные · Страна: Индия · gone: 1"
    )


def test_a_list_that_is_gone_leaves_the_keys_of_its_export():
    told = details_in_words(event(Kind.EXPORT, {"label": "user-7"}, "/gone/export.csv"))

    assert told == "label: user-7"


def test_an_exported_wallet_is_recorded_by_its_name(client, alice):
    wallet = make_wallet(alice.client, "merchant@upi", name="Main")
    client.force_login(alice)
    client.get(TRANSACTIONS, {"wallet": wallet.pk}).getvalue()

    client.get("/audit/")
    assert f"Кошелёк: {wallet}" in words(client.get("/audit/", {"kind": "export"}))


def test_the_changed_row_is_told_with_its_models_name():
    changed = event(Kind.CHANGED, {}, "exchangerate INR 2026-11-24")

    assert target_in_words(changed) == "Курс валюты INR 2026-11-24"
    assert target_in_words(event(Kind.EXPORT, {}, TRANSACTIONS)) == TRANSACTIONS


CHANGES = [
    ("wallet 7", {"is_active": "true → false"}, "Действует: да → нет", "Is active: yes → no"),
    (
        "client Alpha",
        {"time_zone": "Asia/Kolkata → Asia/Dhaka", "slug": "a → b"},
        "Короткое имя: a → b · Часовой пояс: Asia/Kolkata → Asia/Dhaka",
        "Short name: a → b · Time zone: Asia/Kolkata → Asia/Dhaka",
    ),
    ("wallet 7", {"name": " → Main"}, "Название: — → Main", "Name: — → Main"),
    (
        "wallet 7",
        {"country": "IN → BD"},
        "Страна: Индия → Бангладеш",
        "Country: India → Bangladesh",
    ),
    ("balance x", {"amount": "56 → 60.5"}, "Сумма: 56 → 60,5", "Amount: 56 → 60.5"),
    (
        "balance x",
        {"as_of": "2026-11-24T11:00:00+00:00 → 2026-11-2…"},
        "На момент: 24.11.2026 11:00:00 → 2026-11-2…",
        "As of: 24 Nov 2026 11:00:00 → 2026-11-2…",
    ),
]


@pytest.mark.parametrize(("target", "details", "russian", "english"), CHANGES)
def test_changed_fields_are_told_before_and_after(target, details, russian, english):
    assert details_in_words(event(Kind.CHANGED, details, target)) == russian
    with translation.override("en"):
        assert details_in_words(event(Kind.CHANGED, details, target)) == english


def test_balance_is_told_by_its_system_amount_and_moment():
    added = event(Kind.ADDED, {}, "balance bKash · 56 EUR · 2026-11-24T11:00:00+00:00")

    told = target_in_words(added).replace("\N{NO-BREAK SPACE}", " ")
    assert told == "Баланс bKash · 56,00 EUR · 24.11.2026 11:00:00"


def test_the_back_office_tells_them_in_words_too(client, alice, dora):
    with seeing(alice):
        role = {"before": "auditor", "after": "operator"}
        record_event(Kind.MEMBER_CHANGED, by=Actor("alice"), client=alice.client, details=role)
    client.force_login(dora)
    listed = client.get("/admin/audit/auditevent/?kind__exact=member_changed")
    row = listed.context["cl"].result_list[0]

    assert "Роль: Аудитор → Оператор" in words(listed)
    page = words(client.get(f"/admin/audit/auditevent/{row.pk}/change/"))
    assert "Роль: Аудитор → Оператор" in page and "before" not in page


def test_the_file_keeps_the_keys_for_programs(client, alice):
    with seeing(alice):
        role = {"before": "auditor", "after": "operator"}
        record_event(Kind.MEMBER_CHANGED, by=Actor("alice"), client=alice.client, details=role)
    client.force_login(make_member("eve", client=alice.client))

    [row] = csv_rows(client.get("/audit/export.csv?kind=member_changed"))

    assert row["details"] == '{"after": "operator", "before": "auditor"}'


def test_the_back_office_names_a_changed_row_as_the_page_does(client, alice, dora):
    with seeing(alice):
        record_event(Kind.CHANGED, by=Actor("dora"), client=alice.client, target="wallet 777")
    client.force_login(dora)

    listed = client.get("/admin/audit/auditevent/?kind__exact=changed")
    row = listed.context["cl"].result_list[0]

    assert "Кошелёк 777" in words(listed)
    assert "Кошелёк 777" in words(client.get(f"/admin/audit/auditevent/{row.pk}/change/"))


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"colour": "red → blue"}, "colour: red → blue"),  # of a field that is gone
        ({"amount": "many → 5"}, "Сумма: many → 5"),  # of one that was a text once
    ],
)
def test_change_of_a_field_of_before_is_told_as_it_was_kept(details, told):
    assert told in details_in_words(event(Kind.CHANGED, details, "balance 1"))
