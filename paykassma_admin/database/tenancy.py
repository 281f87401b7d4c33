"""The tenant, actor and source of a transaction: settings for row-level security and triggers.

Each lasts until its transaction ends, so a pooled connection never carries one Client to the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, connections, transaction
from django.db.utils import DEFAULT_DB_ALIAS

WORKER = "worker"  # the connection of what crosses Clients: commands, shared tables
BACK_OFFICE_ROLE = "paykassma_backoffice"


def set_tenant(
    client_id: int | None,
    *,
    user_id: int | None = None,
    actor: str = "",
    source_id: int | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Let the current transaction see the rows of `client_id` and no others.

    All four are written each time, empty ones too: nothing of an earlier caller may remain.
    `actor` and `source_id` are stored as `Change.actor` and `Change.source`.
    """
    _write_tenant(_text(client_id), _text(user_id), actor, _text(source_id), using=using)


def _write_tenant(*settings: str, using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "select set_config('app.client_id', %s, true), set_config('app.user_id', %s, true),"
            " set_config('app.actor', %s, true), set_config('app.source_id', %s, true)",
            settings,
        )


def use_back_office_role(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Let the current transaction see every Client's rows.

    PostgreSQL refuses it to a process without the back office's address.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(f"set local role {BACK_OFFICE_ROLE}")


class Actor(NamedTuple):
    client_id: str
    user_id: str
    actor: str
    source_id: str
    is_back_office: bool


def current_actor() -> Actor:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(current_setting('app.client_id', true), ''),"
            " coalesce(current_setting('app.user_id', true), ''),"
            " coalesce(current_setting('app.actor', true), ''),"
            " coalesce(current_setting('app.source_id', true), ''), current_user = %s",
            [BACK_OFFICE_ROLE],
        )
        return Actor(*cursor.fetchone())


def restore_actor(earlier: Actor) -> None:
    _write_tenant(earlier.client_id, earlier.user_id, earlier.actor, earlier.source_id)
    if earlier.is_back_office:
        use_back_office_role()


@contextmanager
def use_worker_by_default() -> Iterator[None]:
    """Let a command, alone in its process, write as worker whatever it calls."""
    serving = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[WORKER]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = serving


@contextmanager
def tenant(
    client_id: int,
    *,
    actor: str = "",
    source_id: int | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Iterator[None]:
    """Open a transaction that acts for one Client: for commands, streams and keys."""
    with transaction.atomic(using=using):
        set_tenant(client_id, actor=actor, source_id=source_id, using=using)
        yield


def _text(identifier: int | None) -> str:
    return "" if identifier is None else str(identifier)
