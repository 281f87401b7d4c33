"""Recording of audit events: `record_event(Kind.EXPORT, by=actor_of(request), …)`.

An event is written in the transaction of its action. A refusal is written after the savepoint of
its action is rolled back: an answer below 500 commits, and the event stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS

from audit.kinds import ActorKind, Kind, Result
from audit.models import ACTOR_LENGTH, TARGET_LENGTH, AuditEvent
from clients.models import Client
from paykassma_admin.cache_keys import Part, cache_key

DETAIL_LENGTH = 200
MINUTE = 60
NOBODY = "—"
# In details of an event that stands for all of its kind within its minute that this process saw.
ONCE_A_MINUTE = {"same_within_minute": "once_per_process"}


@dataclass(frozen=True)
class Actor:
    """A login, "key pk_…" or a command, with its address unless it is this machine."""

    name: str
    address: str | None = None
    kind: ActorKind = ActorKind.COMMAND


def record_event(
    kind: Kind,
    *,
    by: Actor,
    client: Client | None = None,
    target: str = "",
    result: Result = Result.OK,
    details: Mapping[str, object] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Record an event; no password, key or payer's name may be in its few, short details."""
    AuditEvent.unscoped.using(using).create(
        kind=kind,
        result=result,
        client_id=client.pk if client else None,
        client_name=client.name if client else "",
        actor=truncate(by.name, ACTOR_LENGTH) or NOBODY,
        actor_kind=by.kind,
        address=by.address,
        target=truncate(target, TARGET_LENGTH),
        details={name: detail_value(value) for name, value in (details or {}).items()},
    )


def is_first_within_minute(client: Client | None, *what: Part) -> bool:
    """Remember `what` for a minute. Return False if it was remembered: it must not fill the log.

    Each process remembers by itself, so that of two the log may have two within a minute. The
    details of what is recorded then say so: ONCE_A_MINUTE.
    """
    key = cache_key("first of a minute", client.pk if client else None, *what)
    return cache.add(key, True, MINUTE)


def detail_value(value: object) -> str | int:
    return value if isinstance(value, int) else truncate(str(value), DETAIL_LENGTH)


def truncate(text: str, most: int) -> str:
    """Cut the text, and replace what a column cannot hold or a terminal would obey."""
    text = text.replace("\N{NO-BREAK SPACE}", " ")  # of figures
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(c if c.isprintable() else "�" for c in cut)
