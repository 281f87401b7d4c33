import re

import pytest
from django.db import connection

from paykassma_admin.database.client_keys import partitions

pytestmark = pytest.mark.django_db

NOT_OF_A_CLIENT = "the same for all Clients"
BEFORE_THE_CLIENT = "read before the Client is known"
EXCEPTED = {
    "clients_timezone": NOT_OF_A_CLIENT,
    "wallets_paymentsystem": NOT_OF_A_CLIENT,
    "wallets_paymentsystemstatus": NOT_OF_A_CLIENT,
    "wallets_paymentsystemchange": NOT_OF_A_CLIENT,
    "wallets_exchangerate": NOT_OF_A_CLIENT,
    "accounts_user": f"{BEFORE_THE_CLIENT}: sign-in looks a login up",
    "accounts_session": f"{BEFORE_THE_CLIENT}: it says who asks",
    "accounts_wrongcodes": f"{BEFORE_THE_CLIENT}: the second step counts by account",
    "accounts_failedsignins": f"{BEFORE_THE_CLIENT}: sign-in counts by login and address",
    "mfa_authenticator": f"{BEFORE_THE_CLIENT}: sign-in asks for the second factor of a user",
    "accounts_user_groups": "Django's rights of administrators, who have no Client",
    "accounts_user_user_permissions": "Django's rights of administrators, who have no Client",
    "auth_group": "Django's rights of administrators, who have no Client",
    "auth_group_permissions": "Django's rights of administrators, who have no Client",
    "auth_permission": "Django's list of rights",
    "django_admin_log": "what administrators did in the back office, which no member enters",
    "account_emailaddress": "allauth's; stays empty, since nobody signs in by e-mail",
    "account_emailconfirmation": "allauth's; stays empty, since nobody signs in by e-mail",
    "django_content_type": "Django's list of models",
    "procrastinate_jobs": "the queue: the id of a job and nothing else of it; web has no right",
    "procrastinate_events": "the queue's history, as long as a job is queued; web has no right",
    "procrastinate_periodic_defers": "when upkeep was started last; web has no right",
    "procrastinate_workers": "when each worker was there last; web has no right",
    "django_migrations": "Django's list of migrations",
}
PROTECTED = {
    "clients_client",
    "accounts_membership",
    "accounts_apikey",
    "accounts_idempotentrequest",
    "accounts_invitation",
    "audit_auditevent",
    "workspace_savedview",
    "jobs_job",
    "imports_importfile",
    "imports_refusedrow",
    "imports_columnchoice",
    "wallets_wallet",
    "wallets_balance",
    "wallets_balancesource",
    "wallets_upstreamrequest",
    "transactions_transaction",
    "transactions_change",
    "transactions_source",
    "transactions_note",
    "transactions_delta",
    "transactions_daytotal",
    "transactions_monthtotal",
    "transactions_kindtotal",
    "accumulations_accumulation",
    "accumulations_accumulationentry",
}
PARTITIONS = {
    part
    for table in ("transactions_transaction", "transactions_change")
    for part in partitions(table)
}
CLIENT_KEYED = {
    "accounts_idempotentrequest",
    "workspace_savedview",
    "imports_importfile",
    "imports_refusedrow",
    "imports_columnchoice",
    "wallets_wallet",
    "wallets_balance",
    "wallets_balancesource",
    "wallets_upstreamrequest",
    "transactions_transaction",
    "transactions_change",
    "transactions_source",
    "transactions_note",
    "accumulations_accumulation",
    "accumulations_accumulationentry",
}
ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}
READ = {"SELECT"}
READ_AND_ADD = {"SELECT", "INSERT"}
ALL_BUT_DELETE = ALL - {"DELETE"}
LESS_THAN_ALL = {
    "paykassma_web": {
        "clients_timezone": READ,
        "wallets_paymentsystem": READ,
        "wallets_paymentsystemstatus": READ,
        "wallets_paymentsystemchange": READ,
        "wallets_exchangerate": READ,
        "transactions_change": READ,
        "transactions_source": READ_AND_ADD,
        "transactions_note": READ_AND_ADD,
        "transactions_delta": READ,
        "transactions_daytotal": READ,
        "transactions_monthtotal": READ,
        "transactions_kindtotal": READ,
        "audit_auditevent": READ_AND_ADD,
        "jobs_job": READ_AND_ADD,  # and changes some of its columns: tests/jobs/test_queue.py
        "imports_importfile": ALL_BUT_DELETE,
        "imports_columnchoice": ALL_BUT_DELETE,
        "procrastinate_jobs": set(),
        "procrastinate_events": set(),
        "procrastinate_periodic_defers": set(),
        "procrastinate_workers": set(),
        "clients_client": READ,
        "wallets_wallet": READ,
        "wallets_balance": ALL_BUT_DELETE,
        "wallets_balancesource": READ,
        "wallets_upstreamrequest": ALL_BUT_DELETE,
        "transactions_transaction": ALL_BUT_DELETE,
        "accumulations_accumulation": ALL_BUT_DELETE,
        "accumulations_accumulationentry": ALL_BUT_DELETE,
    },
    "paykassma_worker": {
        "clients_timezone": READ,
        "wallets_exchangerate": READ_AND_ADD,
        "transactions_change": READ_AND_ADD,
        "wallets_paymentsystemchange": READ_AND_ADD,
        "transactions_source": READ_AND_ADD,
        "transactions_note": READ_AND_ADD,
        "transactions_delta": ALL | {"MAINTAIN"},  # it vacuums
        "audit_auditevent": READ_AND_ADD,
    },
}


OWN = (
    r"\({column} = \( SELECT "
    r"\(NULLIF\(current_setting\('app\.client_id'::text, true\), ''::text\)\)::bigint"
    r" AS \"nullif\"\)\)"
)


def rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables():
    return {name for (name,) in rows("select tablename from pg_tables where schemaname = 'public'")}


def test_every_table_is_protected_or_excepted_with_a_reason():
    assert tables() == PROTECTED | PARTITIONS | set(EXCEPTED)


@pytest.mark.parametrize("table", sorted(PROTECTED | PARTITIONS))
def test_a_protected_table_shows_its_client_to_web_and_all_to_worker(table):
    ((enabled, forced),) = rows(
        "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", table
    )
    policies = rows(
        "select policyname, cmd, roles::text[], with_check from pg_policies where tablename = %s",
        table,
    )

    assert enabled and forced
    assert ("tenant", "ALL", ["public"], None) in policies
    assert ("worker", "ALL", ["paykassma_worker"], None) in policies


def test_the_policy_of_a_client_compares_nothing_but_his_id():
    conditions = rows("select tablename, qual from pg_policies where policyname = 'tenant'")

    for table, condition in conditions:
        column = "id" if table == "clients_client" else "client_id"
        assert re.fullmatch(OWN.format(column=column), condition), table


def test_further_policies_show_a_user_his_membership_and_take_events_of_no_client():
    further = rows(
        "select tablename, policyname, cmd, with_check from pg_policies"
        " where policyname not in ('tenant', 'worker') order by 1"
    )

    assert further == [
        ("accounts_membership", "own", "SELECT", None),
        ("audit_auditevent", "without_client", "INSERT", "(client_id IS NULL)"),
    ]


def test_a_table_with_a_client_is_protected():
    with_client = rows(
        "select relname from pg_class join pg_attribute on attrelid = pg_class.oid"
        " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        " and attname = 'client_id'"
    )

    assert {name for (name,) in with_client} == (PROTECTED | PARTITIONS) - {"clients_client"}


@pytest.mark.parametrize("table", sorted(CLIENT_KEYED))
def test_every_key_of_a_clients_table_carries_the_client(table):
    keys = rows(
        "select conname, array(select attname::text from unnest(conkey) join pg_attribute"
        " on attrelid = conrelid and attnum = unnest) from pg_constraint"
        " where conrelid = %s::regclass and (contype in ('p', 'u')"
        " or contype = 'f' and confrelid = any(%s::regclass[]))",
        table,
        sorted(CLIENT_KEYED),
    )

    assert all("client_id" in columns for _name, columns in keys)
    assert {"id", "client_id"} in [set(columns) for _name, columns in keys]


def test_a_view_shows_what_its_reader_may_see():
    views = rows(
        "select relname, reloptions from pg_class where relkind = 'v'"
        " and relnamespace = 'public'::regnamespace"
    )

    assert sorted(views) == [
        ("transactions_days", ["security_invoker=true"]),
        ("transactions_kinds", ["security_invoker=true"]),
        ("transactions_months", ["security_invoker=true"]),
    ]


@pytest.mark.parametrize("role", LESS_THAN_ALL)
def test_a_role_may_do_what_is_written_here(role):
    granted = rows(
        "select relname, privilege_type from pg_class, aclexplode(relacl)"
        " where grantee = %s::regrole and relkind in ('r', 'p')"
        " and relnamespace = 'public'::regnamespace",
        role,
    )

    rights = {table: {right for name, right in granted if name == table} for table in tables()}
    rights.pop("django_migrations")
    others = {part: set() for part in PARTITIONS} | LESS_THAN_ALL[role]
    assert rights == {table: others.get(table, ALL) for table in rights}


def test_neither_role_may_more_by_being_somebody():
    roles = rows(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
        " where rolname ~ '^paykassma_'"
    )
    owned = rows("select distinct tableowner from pg_tables where schemaname = 'public'")

    assert len(roles) == 4
    assert not any(super_ or bypass or creator for _n, super_, bypass, creator, _db in roles)
    assert owned == [("paykassma_owner",)]


def test_owner_and_back_office_alone_inherit_worker():
    grants = rows(
        "select pg_get_userbyid(roleid), pg_get_userbyid(member), inherit_option, set_option"
        " from pg_auth_members where roleid::regrole::text ~ '^paykassma_' order by 1, 2"
    )

    assert grants == [
        ("paykassma_web", "paykassma_backoffice", False, True),
        ("paykassma_worker", "paykassma_backoffice", True, True),
        ("paykassma_worker", "paykassma_owner", True, True),
    ]


WORKERS = [
    "api_key_client(text)",
    "compact_totals()",
    "invitation_client(text)",
    "keep_changes()",
    "keep_totals_on_delete()",
    "keep_totals_on_insert()",
    "keep_totals_on_truncate()",
    "keep_totals_on_update()",
    "queue_job()",
    "rebuild_totals(bigint)",
    "rebuild_totals_in_another_zone()",
    "rebuild_totals_of_a_zone()",
    "renew_choices()",
]


@pytest.mark.parametrize("function", WORKERS)
def test_a_function_that_crosses_clients_is_workers(function):
    ((owner, definer, config),) = rows(
        "select pg_get_userbyid(proowner), prosecdef, proconfig from pg_proc"
        " where oid = %s::regprocedure",
        function,
    )

    assert (owner, definer) == ("paykassma_worker", True)
    assert config[0] == "search_path=public, pg_temp"


def test_no_other_function_runs_as_somebody_else():
    definers = rows(
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
    )

    assert sorted(name for (name,) in definers) == [head.split("(")[0] for head in WORKERS]
