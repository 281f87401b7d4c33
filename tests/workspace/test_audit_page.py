from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from time_machine import travel

from accounts.roles import Role
from audit.kinds import ActorKind, Kind, Result
from audit.record import Actor, record_event
from paykassma_admin.lists import counting
from tests.conftest import NOON
from tests.support.factories import make_member, seeing
from tests.support.pages import csv_rows, errors, words

pytestmark = pytest.mark.django_db
LIST = "/audit/"
FILE = "/audit/export.csv"
KIND = Kind.BALANCE_REQUEST  # not one that reading the log writes itself


@pytest.fixture
def read(client, bob):
    """Read the log as Bob, the auditor, whose sign-in is an hour later than all else."""
    with travel(NOON + timedelta(hours=1)):
        client.sign_in(bob)
    return lambda **conditions: client.get(LIST, {"kind": KIND} | conditions)


def write(user, *, kind=KIND, actor="alice", actor_kind=ActorKind.USER, at=NOON, **event):
    by = Actor(actor, "203.0.113.9", actor_kind)
    with travel(at, tick=False), seeing(user):
        record_event(kind, by=by, client=user.client, **event)


def actors(response):
    return [row.record.actor for row in response.context["table"].page.object_list]


def test_menu_leads_to_the_audit_log(read):
    assert reverse("audit") == LIST
    assertContains(read(), f'href="{LIST}"')
    assertContains(read(), "Журнал действий")


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUDITOR])
def test_an_owner_and_an_auditor_read_it(client, alice, role):
    client.force_login(make_member("eve", client=alice.client, role=role))

    assert client.get(LIST).status_code == 200
    assertContains(client.get("/"), f'href="{LIST}"')


@pytest.mark.parametrize("address", [LIST, FILE])
def test_an_operator_does_not_and_has_it_in_no_menu(client, alice, address):
    client.force_login(make_member("oleg", client=alice.client, role=Role.OPERATOR))

    response = client.get(address)
    response.getvalue()  # a file that is not read holds the connection

    assert response.status_code == 403
    assertNotContains(client.get("/"), f'href="{LIST}"')


def test_the_menu_of_an_auditor_has_no_balance_request(client, bob):
    client.force_login(bob)

    assertNotContains(client.get(LIST), "/wallets/balance/")


def test_a_client_reads_his_events_and_no_others(read, alice, charlie):
    write(alice, actor="hers")
    write(charlie, actor="his")

    assert actors(read()) == ["hers"]


def test_the_newest_comes_first(read, alice):
    for hour in (1, 3, 2):
        write(alice, actor=str(hour), at=NOON - timedelta(hours=hour))

    assert actors(read()) == ["1", "2", "3"]


def test_a_row_tells_all_of_its_event_in_the_clients_time(read, alice):
    at = datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC)
    details = {"label": "<b>", "date_from": "2026-11-17"}
    write(alice, at=at, target="/x/", result=Result.REFUSED, details=details)

    assert (
        "Когда Кто Действие Результат Над чем IP-адрес Подробности"
        " 24.11.2026 14:02:51 alice пользователь Запрос баланса Отказано /x/ 203.0.113.9"
        " label: <b> · date_from: 2026-11-17" in words(read())
    )
    assertNotContains(read(), "<b>")


def test_on_a_phone_what_does_not_speak_for_itself_has_its_name_beside_it(read, alice):
    """There a row is a card, and no heading stands over it."""
    write(alice)

    for name in ("Над чем", "IP-адрес", "Подробности"):
        assertContains(read(), f'data-label="{name}"')


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"kind": ""}, ["bob", "c", "b", "a"]),
        ({"kind": "balance_request"}, ["b", "a"]),
        ({"actor": "a"}, ["a"]),
        ({"actor": "A"}, []),
        ({"actor": " b "}, ["b"]),
        ({"result": "failed"}, ["b"]),
    ],
)
def test_log_is_filtered_by_kind_actor_and_result(read, alice, conditions, found):
    write(alice, actor="a", at=NOON - timedelta(minutes=3))
    write(alice, actor="b", at=NOON - timedelta(minutes=2), result=Result.FAILED)
    write(alice, actor="c", at=NOON - timedelta(minutes=1), kind=Kind.SIGN_OUT)

    assert actors(read(**conditions)) == found


def test_the_period_is_a_week_before_today_to_today_in_the_clients_zone(read, alice):
    write(alice, actor="before", at=datetime(2026, 11, 16, 18, 29, 59, tzinfo=UTC))
    write(alice, actor="first", at=datetime(2026, 11, 16, 18, 30, tzinfo=UTC))

    assert actors(read()) == ["first"]
    assert actors(read(date_from="")) == ["first", "before"]


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        ({"kind": "gossip"}, "kind"),
        ({"result": "perhaps"}, "result"),
        ({"actor": "a\0"}, "actor"),
        ({"actor": "x" * 201}, "actor"),
        ({"date_from": "2026-11-25"}, "date_from"),
        ({"page": "99"}, "page"),
    ],
)
def test_a_wrong_value_says_so_at_its_field_and_shows_no_rows(read, alice, condition, field):
    write(alice, actor="hers")

    response = read(**condition)

    assert list(errors(response)) == [field]
    assertNotContains(response, "hers")


def test_log_counts_to_a_bound(read, alice, monkeypatch):
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", 25)
    for minute in range(25):
        write(alice, at=NOON - timedelta(minutes=minute))
    assert "Найдено 25 событий" in words(read())

    write(alice)

    assert "Найдено больше 25 событий" in words(read())
    assert len(actors(read())) == 25


def test_empty_log_says_so(read):
    assert "За выбранные дни таких событий нет." in words(read())


# The file


@pytest.fixture
def export(client, read):
    return lambda **conditions: client.get(FILE, {"kind": KIND} | conditions)


@pytest.mark.parametrize("conditions", [{}, {"actor": "2"}, {"date_from": ""}])
def test_a_file_has_the_rows_of_its_list_in_its_order(read, export, alice, charlie, conditions):
    write(charlie, actor="his")
    for hour in (1, 3, 2, 24 * 30):
        write(alice, actor=str(hour), at=NOON - timedelta(hours=hour))

    rows = [row["actor"] for row in csv_rows(export(**conditions, page=7))]

    assert rows and rows == actors(read(**conditions))


def test_every_column_has_its_place_and_formulas_are_defused(export, alice):
    write(alice, actor="=1+1", target="@cmd", details={"label": "=2"})

    (row,) = csv_rows(export())

    assert list(row.items()) == [
        ("at", "2026-11-24T17:30:00+05:30"),
        ("actor", "'=1+1"),
        ("actor_kind", "user"),
        ("kind", "balance_request"),
        ("result", "ok"),
        ("target", "'@cmd"),
        ("address", "203.0.113.9"),
        ("details", '{"label": "=2"}'),
    ]


def test_a_file_has_the_event_of_its_own_export(export):
    (row,) = csv_rows(export(kind="export"))

    assert (row["actor"], row["target"]) == ("bob", FILE)


def test_the_files_name_tells_client_and_period(client, export):
    assert client.head(FILE).headers["Content-Disposition"] == (
        'attachment; filename="alpha_audit_2026-11-17_2026-11-24.csv"'
    )


def test_the_list_offers_its_own_rows(read):
    assertContains(
        read(actor="bob"),
        f'href="{FILE}?kind={KIND}&amp;actor=bob&amp;date_from=2026-11-17&amp;date_to=2026-11-24"',
    )


def test_list_tells_what_an_actor_is_beside_its_name(read, alice):
    write(alice, actor="create_api_key", actor_kind=ActorKind.USER)
    write(alice, actor="create_api_key", actor_kind=ActorKind.COMMAND)
    write(alice, actor="alice", actor_kind=ActorKind.VISITOR)

    said = words(read())

    assert "create_api_key пользователь" in said
    assert "create_api_key команда" in said
    assert "alice вход не выполнен" in said


def test_query_finds_events(read, alice, charlie):
    write(alice, actor="alice")
    write(alice, actor="bob", result=Result.REFUSED)
    write(charlie, actor="charlie")

    assert actors(read(q="-actor:alice")) == ["bob"]
    assert actors(read(q="actor:alice,bob -result:refused")) == ["alice"]
    assert errors(read(q="label:x"))["q"] == [
        "Поля «label» нет. Известны: действие, кто, результат, дата."
    ]
