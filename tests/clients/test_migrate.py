import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as djangos
from django.db import connections, transaction

from clients.management.commands import migrate
from devtools.postgres.server import SUPERUSER

ROOT = Path(__file__).parents[2]
transactional = pytest.mark.django_db(transaction=True, databases=["default", "worker", "owner"])


@pytest.fixture
def changing(monkeypatch):
    tried = []

    def change(self, *args, **options):
        tried.append(self)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("lock table clients_client in access exclusive mode")

    monkeypatch.setattr(djangos.Command, "handle", change)
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrate, "PAUSES", (0.1,) * 20)
    yield tried
    connections["owner"].close()  # and its lock_timeout with it


@pytest.fixture
def reader(transactional_db):
    with connections["worker"].cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("select from clients_client")
        yield cursor
        cursor.execute("rollback")


@transactional
def test_a_migration_waits_in_turns_for_who_reads_a_table(changing, reader):
    connection = connections["worker"].connection
    Timer(0.5, connection.rollback).start()

    call_command("migrate", verbosity=0)

    assert len(changing) > 1


@transactional
def test_a_table_that_stays_in_use_is_told(changing, reader, monkeypatch):
    monkeypatch.setattr(migrate, "PAUSES", (0.1, 0.1))

    with pytest.raises(CommandError, match="pg_stat_activity"):
        call_command("migrate", verbosity=0)

    assert len(changing) == 2


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "x" * 50, **environment},
        capture_output=True,
        text=True,
    )


def test_without_owners_address_it_says_which_line_is_missing():
    done = manage("migrate", DATABASE_URL="postgresql://web@db.example.com/paykassma")

    assert done.returncode == 1
    assert "DATABASE_OWNER_URL='postgresql://paykassma_owner:PASSWORD@" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_runs_only_as_owner():
    done = manage("migrate", "--database=default", DATABASE_URL="postgresql://web@h/paykassma")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.fixture
def elsewhere(django_db_setup):
    folder, made = Path(connections["owner"].settings_dict["HOST"]), []
    superuser = psycopg.connect(host=folder, user=SUPERUSER, dbname="postgres", autocommit=True)

    def make(kind):
        name = f"elsewhere_{os.getpid()}_{len(made)}"
        superuser.execute(f"create database {name} owner paykassma_owner template template0 {kind}")
        made.append(name)
        return f"{os.environ['DATABASE_OWNER_URL'].rsplit('/', 1)[0]}/{name}"

    yield make
    for name in made:
        superuser.execute(f"drop database {name}")
    superuser.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("encoding 'SQL_ASCII' locale_provider libc locale 'C'", "SQL_ASCII, not in UTF-8"),
        ("encoding 'UTF8' locale_provider libc locale 'C'", "takes Latin letters alone"),
    ],
)
def test_migrate_refuses_a_database_without_utf_8(elsewhere, kind, reason):
    address = elsewhere(kind)

    done = manage("migrate", DATABASE_URL=address, DATABASE_OWNER_URL=address)

    assert done.returncode == 1
    assert reason in done.stderr
    assert "createdb --owner=paykassma_owner --template=template0" in done.stderr
    assert "Traceback" not in done.stderr
