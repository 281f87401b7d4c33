"""The database as production has it, and the cast of every test."""

import gc
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
import tablericons
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.members.members import invite
from accounts.models import ApiKey, IdempotentRequest
from accounts.roles import Role
from audit.kinds import Kind
from audit.record import Actor, record_event
from imports.models import ColumnChoice
from paykassma_admin.lists import rendered_fields
from tests.support import factories
from tests.support.database import nets_apart
from tests.support.random_cases.runner import Stage
from tests.support.visitors import Browser
from transactions.models import Transaction
from transactions.totals.maintenance import compact_totals
from workspace.models import SavedView

FILLED_BY_MIGRATE = {"django_content_type", "auth_permission"}
NEVER_CHANGED = ("audit_auditevent", "transactions_note")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def pytest_collection_finish(session):
    """Exempt what is loaded by now from collection, which would look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Owner makes the database; tests query it as web, under row-level security."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"owner"})
        let_tests_empty_tables()
        yield
        for connection in connections.all():
            connection.close()
            connection.close_pool()
        teardown_databases(made, verbosity=0)


def let_tests_empty_tables():
    """Transactional tests leave every table truncated, but those that `migrate` fills.

    A trigger forbids it of two; and nothing is left for post_migrate to write again.
    """
    operations = connections["owner"].ops
    truncate = operations.sql_flush

    def sql_flush(style, tables, **options):
        disabled, enabled = (
            [f"alter table {table} {change} trigger never_changed" for table in NEVER_CHANGED]
            for change in ("disable", "enable")
        )
        emptied = [table for table in tables if table not in FILLED_BY_MIGRATE]
        return [*disabled, *truncate(style, emptied, **options), *enabled]

    operations.sql_flush = sql_flush
    flush.emit_post_migrate_signal = lambda *args, **kwargs: None


@pytest.fixture(scope="session", autouse=True)
def uploads_of_tests(tmp_path_factory):
    settings.UPLOADS_DIR = tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once():
    """Each browser makes the middleware anew, and it would look at hundreds of files."""
    finds = WhiteNoiseMiddleware.add_files_from_finders
    found = {}

    def add_files(middleware):
        if not found:
            finds(middleware)
            found.update(middleware.files)
        middleware.files = found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files)
        yield


@pytest.fixture(scope="session", autouse=True)
def icons_opened_once():
    """Each of forty icons reads the list of all 6,000 in its archive anew."""
    with (
        ZipFile(Path(tablericons.__file__).with_name("tablericons.zip")) as archive,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(tablericons, "ZipFile", lambda *args: nullcontext(archive))
        yield


@pytest.fixture(scope="session", autouse=True)
def fields_drawn_once():
    """Each test has a Client of its own, and with it none of the fields that others have drawn."""
    render, drawn = rendered_fields.render_to_string, {}

    def render_once(template, context):
        state = repr(rendered_fields.field_state(context["field"]))
        if state not in drawn:
            drawn[state] = render(template, context)
        return drawn[state]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendered_fields, "render_to_string", render_once)
        yield


@pytest.fixture(autouse=True)
def noon():
    """Every test happens at noon UTC of 24 November 2026: 17:30 in Kolkata, 15:00 in Moscow."""
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture(autouse=True)
def no_memory_of_earlier_sign_ins():
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["tests.support.hashers.QuickPasswordHasher"]


@pytest.fixture
def client():
    return Browser()


@pytest.fixture
def alice(db):
    """Owns the Client Alpha in Kolkata, which has one wallet."""
    with factories.worker():
        return factories.make_member("alice", client=factories.make_client("alpha"))


@pytest.fixture
def bob(alice):
    """Alice's colleague, who only reads."""
    return factories.make_member("bob", client=alice.client, role=Role.AUDITOR)


@pytest.fixture
def charlie(db):
    """Owns another Client, in Moscow. Must never see anything of Alice's, nor she of his."""
    with factories.worker():
        client = factories.make_client("gamma", time_zone="Europe/Moscow")
        return factories.make_member("charlie", client=client)


@pytest.fixture
def both(alice, charlie):
    """Rows of both Clients in every protected table."""
    with factories.worker():
        for user in (alice, charlie):
            source = factories.make_source(user)
            transaction = factories.make_transaction(
                user, status="pending", source=source, source_row=2
            )
            factories.make_balance(user)
            factories.make_import_file(user, trial=factories.make_job(user), refused="no number")
            ColumnChoice.unscoped.create(
                client=user.client, content="balances", header_sha256="0" * 64, columns={}
            )
            factories.make_source_of_balances(user, kind="reported", url="")
            factories.make_upstream_request(user)
            key = ApiKey.unscoped.create(
                client=user.client,
                name="shop",
                prefix="pk_1",
                sha256=f"{user.pk:064}",
                scopes=["balance"],
            )
            IdempotentRequest.unscoped.create(
                client=user.client, key=key, name="one", sha256="0" * 64, started_at=NOON
            )
            SavedView.unscoped.create(
                client=user.client, user=user, list_name="audit", name="all", is_shared=True
            )
            invite(user.client, role="auditor", by=Actor(user.username))
            record_event(Kind.EXPORT, by=Actor(user.username), client=user.client)
            Transaction.unscoped.filter(pk=transaction.pk).update(status="activated")
            factories.make_note(user, transaction)
            factories.make_accumulation(user, transactions=[transaction])
        compact_totals()
        Transaction.unscoped.update(type="forced")  # and so stands in the delta, too
    return alice, charlie


@pytest.fixture(params=[None, nets_apart.without_scopes, nets_apart.without_row_security])
def nets(request, monkeypatch):
    """Between two Clients: as they are, then each of the two by itself."""
    if request.param:
        request.param(monkeypatch)


@pytest.fixture
def dora(db):
    """An administrator: of no Client."""
    return factories.make_administrator("dora")


@pytest.fixture
def stage(alice, charlie):
    """The stage of random scenes."""
    return Stage(alice, charlie)


@pytest.fixture
def ask(client, alice, stage):
    """Ask for an address as Alice, once the stage is there."""
    client.force_login(alice)
    return client.get
