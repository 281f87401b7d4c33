"""Migration operations for row-level security and for functions of the worker role."""

from django.db.migrations.operations import RunSQL

CURRENT_CLIENT = "nullif(current_setting('app.client_id', true), '')::bigint"


def enable_row_security(table: str, *, column: str = "client_id") -> RunSQL:
    """Limit a table to rows of the current Client; worker sees all, the owner is bound too.

    The sub-select keeps the planner from looking into the setting while it plans. For a Client
    that its statistics do not know, as for every new one, it would expect no rows, and look a
    transaction up by its Client rather than by its number: the second 10,000 rows of a first import
    took 28 s, and take 0.7 s. It is also evaluated once a statement, not once a row.
    """
    return RunSQL(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy tenant on {table} using ({column} = (select {CURRENT_CLIENT}));
        create policy worker on {table} to paykassma_worker using (true);
        """,
        f"""
        drop policy worker on {table};
        drop policy tenant on {table};
        alter table {table} no force row level security;
        alter table {table} disable row level security;
        """,
    )


def revoke_writes(*tables: str) -> RunSQL:
    names = ", ".join(tables)
    return RunSQL(
        f"revoke insert, update, delete on {names} from paykassma_web",
        f"grant insert, update, delete on {names} to paykassma_web",
    )


def revoke_delete(*tables: str) -> RunSQL:
    """Revoke deletion from the web role, which imports use, too."""
    names = ", ".join(tables)
    return RunSQL(
        f"revoke delete on {names} from paykassma_web",
        f"grant delete on {names} to paykassma_web",
    )


def make_append_only(*tables: str) -> RunSQL:
    names = ", ".join(tables)
    return RunSQL(
        f"revoke update, delete on {names} from paykassma_web, paykassma_worker",
        f"grant update, delete on {names} to paykassma_web, paykassma_worker",
    )


def forbid_changes(table: str) -> RunSQL:
    """Do what `make_append_only` does, and add a trigger that stops the schema's owner as well.

    The owner can still drop the trigger, and a superuser passes by everything: that is an act of
    its own, which leaves its trace in the server's log.
    """
    return RunSQL(
        f"""
        revoke update, delete on {table} from paykassma_web, paykassma_worker;
        create function {table}_is_never_changed() returns trigger
        language plpgsql set search_path = public, pg_temp as $$
        begin
            raise insufficient_privilege using message = '{table} is never changed';
        end $$;
        create trigger never_changed before update or delete or truncate on {table}
            for each statement execute function {table}_is_never_changed();
        """,
        f"""
        drop trigger never_changed on {table};
        drop function {table}_is_never_changed;
        grant update, delete on {table} to paykassma_web, paykassma_worker;
        """,
    )


def set_worker_owner(*functions: str) -> RunSQL:
    """Let SECURITY DEFINER functions run as worker, not as owner, whom FORCE binds.

    A new owner needs CREATE on the schema at the moment of the change, and only then.
    """
    changes = "".join(f"alter function {f} owner to paykassma_worker;" for f in functions)
    return RunSQL(
        f"grant create on schema public to paykassma_worker; {changes}"
        " revoke create on schema public from paykassma_worker;",
        RunSQL.noop,
    )
