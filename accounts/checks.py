"""System checks of a deployment, beside Django's own.

`manage.py check --deploy` runs them all, as the role that serves.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from clients.time_zones import has_time_zones, outdated_time_zones
from paykassma_admin.database.requirements import query_column, setup_faults, unreachable_warning

CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
NO_STORE = "paykassma_admin.middleware.headers.ResponseHeadersMiddleware"

MAY_BYPASS = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
# Inherited or by SET ROLE, through whatever grants.
MAY_BE_WORKER = "select pg_has_role(current_user, 'paykassma_worker', 'MEMBER')"
# Tables of Clients' rows that do not ask whose they are, or whose owner need not ask.
UNPROTECTED = """
    select relname from pg_class join pg_attribute on attrelid = pg_class.oid
    where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not attisdropped
        and (attname = 'client_id' or relname = 'clients_client' and attname = 'id')
        and not (relrowsecurity and relforcerowsecurity)
    order by 1
"""
# Tables that show or take rows, of others than worker, and ask for no Client and no user. An event
# of no Client is written so; nothing is read so.
UNASKED = r"""
    select distinct tablename::text from pg_policies,
        unnest(array[qual, nullif(with_check, '(client_id IS NULL)')]) as condition
    where schemaname = 'public' and permissive = 'PERMISSIVE'
        and roles <> '{paykassma_worker}' and condition !~ 'app\.(client|user)_id'
    order by 1
"""
HAS_USERS = "select to_regclass('accounts_user') is not null"  # it has been migrated
DEMO_LOGINS = "select username from accounts_user where is_demo and is_active order by 1"


@register(Tags.security, deploy=True)
def check_headers(**_kwargs: Any) -> list[CheckMessage]:
    return list(header_faults())


def header_faults() -> Iterator[CheckMessage]:
    policy = getattr(settings, "SECURE_CSP", None) or {}
    if CSP not in settings.MIDDLEWARE or "default-src" not in policy:
        yield Error("Pages have no Content-Security-Policy.", id="clients.E001")
    if any("unsafe" in source.lower() for source in sources_of(policy)):
        yield Error("The Content-Security-Policy allows something unsafe.", id="clients.E002")
    if NO_STORE not in settings.MIDDLEWARE:
        yield Error("Private pages may be stored in caches.", id="clients.E003")


def sources_of(policy: Mapping[str, Any]) -> Iterator[str]:
    """Yield sources as Django sends them: a single value is a source by itself."""
    for sources in policy.values():
        yield from map(str, sources if isinstance(sources, list | tuple | set) else [sources])


@register(Tags.security, deploy=True)
def check_connections(**_kwargs: Any) -> list[CheckMessage]:
    return list(unverified_connections())


def unverified_connections() -> Iterator[CheckMessage]:
    hint = "Let its address say sslmode=verify-full, as in .env.example."
    for alias, database in settings.DATABASES.items():
        is_verified = database.get("OPTIONS", {}).get("sslmode") == "verify-full"
        if not is_verified and not is_local(database.get("HOST", "")):
            message = f"Others may listen on the way to the database “{alias}”."
            yield Warning(message, hint=hint, id="clients.W002")


def is_local(host: str) -> bool:
    return host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1")


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    return list(database_faults()) if "default" in (databases or ()) else []


def database_faults() -> Iterator[CheckMessage]:
    if query_column(MAY_BYPASS) == [True]:
        yield Error("The role of DATABASE_URL passes row-level security by.", id="clients.E004")
    if query_column(MAY_BE_WORKER) == [True]:
        hint = "Run paykassma_admin/database/roles.sql, and revoke every role from this one."
        yield Error("The role of DATABASE_URL has worker's rights.", hint=hint, id="clients.E005")
    for table in query_column(UNPROTECTED):
        yield Error(f"{table} has no forced row-level security.", id="clients.E006")
    for table in query_column(UNASKED):
        yield Error(f"A policy of {table} does not ask whose its rows are.", id="clients.E006")


@register(Tags.database)
def check_time_zones(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    if "default" not in (databases or ()):
        return []
    if has_time_zones(using="default") and not outdated_time_zones(using="default"):
        return []
    message = "The database cuts days by other time zones than those of the locked tzdata."
    hint = "Run `manage.py migrate --database owner`."
    return [Error(message, hint=hint, id="clients.E012")]


@register(Tags.database, deploy=True)
def check_demo_logins(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    return list(demo_logins()) if "default" in (databases or ()) else []


def demo_logins() -> Iterator[CheckMessage]:
    hint = "Give it another password, or switch it off, in the back office."
    for login in query_column(DEMO_LOGINS) if query_column(HAS_USERS) == [True] else []:
        message = f"Everybody knows the password of the demo login “{login}”."
        yield Error(message, hint=hint, id="clients.E007")


@register(Tags.security, deploy=True)
def check_whole_database(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Run under `check --deploy` alone: with `--database` Django passes fewer connections."""
    if [*(databases or ())] != [*connections]:
        return []
    if trouble := unreachable_warning("default"):
        return [trouble]
    return [*setup_faults("default"), *database_faults(), *demo_logins()]
