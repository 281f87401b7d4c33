"""Checks of the database itself and of the addresses that the settings need.

`migrate` runs the first before it does anything, `manage.py check --deploy` runs all.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import OperationalError, connections
from psycopg import pq

from paykassma_admin.database.roles import (
    COMMAND_CONNECTIONS,
    LEAKPROOF,
    NOT_LEAKPROOF,
    ROLES,
    example_line,
    variable_name,
)

ENCODING = (
    "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
)
KNOWS_LETTERS = "select lower('ЖÄ') = 'жä'"
# pg_trgm asks the C library what a letter is.
LOCALE = "select datctype from pg_database where datname = current_database()"
MISSING_ROLES = "select unnest(%s::text[]) except select rolname from pg_roles order by 1"
RECREATE_HINT = (
    "It cannot be changed: make another one, and put a pg_dump of this one into it. createdb"
    " --owner=paykassma_owner --template=template0 --encoding=UTF8 --locale=C.UTF-8"
    " --locale-provider=builtin --builtin-locale=C.UTF-8 {name}"
)
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


@register(Tags.database)
def check_database_itself(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Check the first database that may be queried: all connections go to the same one."""
    return [message for alias in [*(databases or ())][:1] for message in setup_faults(alias)]


def setup_faults(alias: str) -> Iterator[CheckMessage]:
    name = connections[alias].settings_dict["NAME"]
    make_anew = RECREATE_HINT.format(name=name)
    [encoding] = query_column(ENCODING, alias=alias)
    if encoding != "UTF8":
        message = f"The database is encoded in {encoding}, not in UTF-8."
        yield Error(message, hint=make_anew, id="clients.E008")
    elif query_column(KNOWS_LETTERS, alias=alias) != [True]:
        message = (
            "The database takes Latin letters alone for letters: no name is found in another case."
        )
        yield Error(message, hint=make_anew, id="clients.E009")
    elif query_column(LOCALE, alias=alias)[0] in ("C", "POSIX"):
        message = "The database's LC_CTYPE knows Latin letters alone: no index finds other names."
        yield Warning(message, hint=make_anew, id="clients.W003")
    for role in query_column(MISSING_ROLES, [[*ROLES.values()]], alias=alias):
        hint = "As superuser: psql --file=paykassma_admin/database/roles.sql postgres"
        yield Error(f"The role {role} does not exist.", hint=hint, id="clients.E010")
    for function in query_column(NOT_LEAKPROOF, [[*LEAKPROOF]], alias=alias):
        line = f"psql --dbname={name} --command='alter function {function} leakproof'"
        message = f"{function} is not LEAKPROOF: no index serves a search by it."
        hint = f"As superuser, after each restore: {line}"
        yield Warning(message, hint=hint, id="clients.W001")


@register(Tags.security, deploy=True)
def check_addresses(**_kwargs: Any) -> list[CheckMessage]:
    return [*missing_addresses(), *unreadable_authorities()]


def missing_addresses() -> Iterator[CheckMessage]:
    """Yield what is missing: a web process needs none of them, commands need all."""
    missing = [alias for alias in COMMAND_CONNECTIONS if alias not in settings.DATABASES]
    is_partly_set = len(missing) < len(COMMAND_CONNECTIONS)
    for alias in missing:
        message = f"{variable_name(alias)} is not set: "
        message += (
            "migrations need it." if alias == "owner" else "run_jobs and other commands need it."
        )
        if is_partly_set:
            yield Warning(message, hint=f"Set {example_line(alias)}", id="clients.W004")
        else:
            hint = f"Right where it only serves. Elsewhere set {example_line(alias)}"
            yield Info(message, hint=hint, id="clients.I001")


def unreadable_authorities() -> Iterator[CheckMessage]:
    """Check sslrootcert: the OpenSSL of psycopg[binary] looks for authorities elsewhere."""
    for alias, database in settings.DATABASES.items():
        if database["OPTIONS"].get("sslrootcert") == "system" and pq.__impl__ == "binary":
            message = f"sslrootcert=system of {variable_name(alias)} finds no authority."
            hint = f"Write sslrootcert={AUTHORITIES} or the file of your own authority."
            yield Warning(message, hint=hint, id="clients.W005")


def query_column(query: str, values: Sequence[Any] = (), *, alias: str = "default") -> list[Any]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values or None)
        return [value for (value,) in cursor.fetchall()]


def unreachable_warning(alias: str) -> CheckMessage | None:
    try:
        connections[alias].ensure_connection()
    except OperationalError as error:
        message = f"The database of {variable_name(alias)} cannot be asked: {error}"
        return Warning(message, hint=f"Look at {example_line(alias)}", id="clients.W006")
    return None
