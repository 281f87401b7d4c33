"""Failures of the database that are no fault of the code."""

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError

# Where it cannot be reached or has no connection left; no SQLSTATE at all where none was made.
AWAY = ("08", "53", "57P")


def is_outage(error: BaseException | None) -> bool:
    """Return whether it passes by itself: the database is away, or takes no changes for a while."""
    if is_timeout(error):
        return False
    return isinstance(error, OperationalError | InterfaceError) or is_read_only(error)


def is_away(error: BaseException | None) -> bool:
    """Return whether the database is away; a deadlock passes, too, but is the code's own."""
    state = getattr(error and error.__cause__, "sqlstate", None)
    return is_outage(error) and (state is None or state.startswith(AWAY))


def is_timeout(error: BaseException | None) -> bool:
    return is_caused_by(error, psycopg.errors.QueryCanceled)


def is_read_only(error: BaseException | None) -> bool:
    """Return whether the database is a replica, or a server that is being replaced."""
    return is_caused_by(error, psycopg.errors.ReadOnlySqlTransaction)


def is_caused_by(error: BaseException | None, kind: type[psycopg.Error]) -> bool:
    return isinstance(error, DatabaseError) and isinstance(error.__cause__, kind)
