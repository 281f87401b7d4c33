"""`check --deploy --database default`."""

import psycopg
import pytest
from django.core.checks import Warning, run_checks
from django.db import connections

from accounts import checks
from accounts.models import User
from devtools.postgres.server import SUPERUSER
from paykassma_admin.database import requirements
from tests.support.factories import worker


def faults(**kwargs):
    return [message.id for message in run_checks(**kwargs) if message.id.startswith("clients.")]


def header_faults():
    return faults(include_deployment_checks=True)


def of_deployed_database():
    return faults(databases=["default"], include_deployment_checks=True)


def of_database():
    return faults(databases=["default"])


# Checks of models ask each connection for its version.
pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def without(settings, name):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != name]


def test_deployment_checks_find_nothing_wrong():
    assert header_faults() == []


def test_pages_without_a_policy_are_found(settings):
    without(settings, checks.CSP)

    assert header_faults() == ["clients.E001"]


def test_a_policy_without_a_default_is_found(settings):
    settings.SECURE_CSP = {"img-src": ["'self'"]}

    assert header_faults() == ["clients.E001"]


UNSAFE = "'unsafe-inline'"


@pytest.mark.parametrize(
    "sources",
    [["'self'", UNSAFE], ("'self'", UNSAFE), {UNSAFE}, UNSAFE, f"'self' {UNSAFE}", UNSAFE.upper()],
)
def test_an_unsafe_policy_is_found_however_it_is_written(settings, sources):
    settings.SECURE_CSP = settings.SECURE_CSP | {"script-src": sources}

    assert header_faults() == ["clients.E002"]


@pytest.mark.parametrize("sources", ["'self'", True, False, None])
def test_a_safe_policy_is_good_however_it_is_written(settings, sources):
    settings.SECURE_CSP = settings.SECURE_CSP | {"upgrade-insecure-requests": sources}

    assert header_faults() == []


def test_pages_that_caches_keep_are_found(settings):
    without(settings, checks.NO_STORE)

    assert header_faults() == ["clients.E003"]


@pytest.fixture
def worker_goes_to(settings, monkeypatch):
    def go(host, **options):
        way = settings.DATABASES["worker"] | {"HOST": host, "OPTIONS": options}
        monkeypatch.setitem(settings.DATABASES, "worker", way)

    return go


@pytest.mark.parametrize("options", [{}, {"sslmode": "require"}, {"sslmode": "verify-ca"}])
def test_unverified_connection_is_found(worker_goes_to, options):
    worker_goes_to("db.example.com", **options)

    assert header_faults() == ["clients.W002"]


@pytest.mark.parametrize(
    ("host", "options"),
    [("db.example.com", {"sslmode": "verify-full"}), ("localhost", {}), ("/run/postgresql", {})],
)
def test_verified_or_local_connections_pass(worker_goes_to, host, options):
    worker_goes_to(host, **options)

    assert header_faults() == []


def test_database_checks_find_nothing_wrong():
    assert of_database() == []


def test_demo_logins_are_no_part_of_a_deployed_database(dora):
    with worker():
        User.objects.filter(pk=dora.pk).update(is_demo=True)
    assert of_deployed_database() == ["clients.E007"]
    assert of_database() == []

    with worker():
        User.objects.filter(pk=dora.pk).update(is_active=False)
    assert of_deployed_database() == []


@pytest.mark.parametrize(
    ("query", "shown", "number"),
    [
        ("MAY_BYPASS", "select true", "E004"),
        ("MAY_BE_WORKER", "select true", "E005"),
    ],
)
def test_role_that_bypasses_row_security_is_found(monkeypatch, query, shown, number):
    monkeypatch.setattr(checks, query, shown)

    assert of_database() == [f"clients.{number}"]


@pytest.fixture
def superuser(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        connections["owner"].ensure_connection()
    known = connections["owner"].connection.info
    where = {"host": known.host, "port": known.port, "dbname": known.dbname}
    try:
        connection = psycopg.connect(**where, user=SUPERUSER)
    except psycopg.OperationalError:
        pytest.skip("No superuser may connect.")
    yield connection
    connection.rollback()
    connection.close()


@pytest.mark.parametrize(
    "grant",
    [
        "grant paykassma_owner to paykassma_web",
        "grant paykassma_worker to paykassma_web with inherit false, set true",
    ],
)
def test_web_as_member_of_worker_is_found(monkeypatch, superuser, grant):
    superuser.execute(grant)
    superuser.execute("set local role paykassma_web")
    monkeypatch.setattr(requirements, "connections", {"default": superuser})

    assert [each.id for each in checks.database_faults()] == ["clients.E005"]


@pytest.fixture
def as_owner(monkeypatch):
    monkeypatch.setattr(requirements, "connections", {"default": connections["owner"]})

    def do(statement):
        with connections["owner"].cursor() as cursor:
            cursor.execute("set local lock_timeout = '5s'")
            cursor.execute(statement)

    return do


def make_unprotected():
    return [each.msg for each in checks.database_faults() if each.id == "clients.E006"]


@pytest.mark.django_db(databases=["owner"])
@pytest.mark.parametrize(
    "table", ["transactions_transaction", "transactions_change_7", "clients_client"]
)
@pytest.mark.parametrize("taken", ["disable", "no force"])
def test_a_table_without_row_level_security_is_found(as_owner, table, taken):
    as_owner(f"alter table {table} {taken} row level security")

    [found] = make_unprotected()
    assert table in found


@pytest.mark.django_db(databases=["owner"])
@pytest.mark.parametrize(
    "table", ["transactions_transaction", "transactions_transaction_0", "audit_auditevent"]
)
@pytest.mark.parametrize(
    "policy",
    [
        "alter policy tenant on {} using (true)",
        "alter policy tenant on {} with check (true)",
        "create policy more on {} using (true)",
        "create policy more on {} to paykassma_web, paykassma_worker using (true)",
        "create policy more on {} for select using (client_id is null)",
        "create policy more on {} for insert with check (true)",
    ],
)
def test_policy_without_tenant_is_found(as_owner, table, policy):
    as_owner(policy.format(table))

    [found] = make_unprotected()
    assert table in found


@pytest.mark.django_db(databases=["owner"])
def test_restrictive_policy_passes(as_owner):
    as_owner("create policy less on transactions_transaction as restrictive using (amount > 0)")

    assert make_unprotected() == []


def test_check_without_database_queries_none():
    assert faults() == []


# What the database itself must be


@pytest.fixture
def answer(monkeypatch):
    """Replace the database's answer: nobody here may make such a database."""

    def give(query, shown):
        monkeypatch.setattr(requirements, query, shown)

    return give


WRONG = [
    ("ENCODING", "select 'LATIN1'", "clients.E008", "createdb --owner=paykassma_owner"),
    ("KNOWS_LETTERS", "select false", "clients.E009", "--builtin-locale=C.UTF-8"),
    ("LOCALE", "select 'C'", "clients.W003", "--locale=C.UTF-8"),
    (
        "MISSING_ROLES",
        "select 'paykassma_worker' where %s is not null",
        "clients.E010",
        "roles.sql",
    ),
    (
        "NOT_LEAKPROOF",
        "select 'upper(text)' where %s is not null",
        "clients.W001",
        "psql --dbname=test_paykassma",
    ),
]


@pytest.mark.parametrize(("query", "shown", "number", "line"), WRONG)
@pytest.mark.parametrize(
    "asked_by",
    [
        {"include_deployment_checks": True},  # check --deploy
        {"databases": ["owner"]},  # migrate
        {"databases": ["default"], "include_deployment_checks": True},
    ],
)
def test_a_wrong_database_is_found_with_the_line_that_mends_it(
    answer, query, shown, number, line, asked_by
):
    answer(query, shown)

    [message] = [each for each in run_checks(**asked_by) if each.id.startswith("clients.")]
    assert message.id == number
    assert line in message.hint


def test_a_database_that_is_away_is_found(monkeypatch):
    monkeypatch.setattr(
        checks, "unreachable_warning", lambda alias: Warning("away", id="clients.W006")
    )

    assert header_faults() == ["clients.W006"]


# Addresses


@pytest.mark.parametrize(
    ("without", "numbers"),
    [
        (["worker"], ["clients.W004"]),
        (["owner"], ["clients.W004"]),
        (["worker", "owner"], ["clients.I001", "clients.I001"]),  # it only serves
    ],
)
def test_an_address_that_commands_need_is_found_missing(settings, monkeypatch, without, numbers):
    for alias in without:
        monkeypatch.delitem(settings.DATABASES, alias)

    found = requirements.check_addresses()

    assert [each.id for each in found] == numbers
    for alias, message in zip(without, found, strict=True):
        line = f"DATABASE_{alias.upper()}_URL='postgresql://paykassma_{alias}:PASSWORD@"
        assert line in message.hint


def test_authorities_that_nobody_finds_are_found(worker_goes_to):
    worker_goes_to("db.example.com", sslmode="verify-full", sslrootcert="system")

    [message] = requirements.check_addresses()
    assert message.id == "clients.W005"
    assert "sslrootcert=/etc/ssl/certs/ca-certificates.crt" in message.hint
