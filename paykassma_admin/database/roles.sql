-- The four roles of Paykassma Admin. Safe to run again; run it as a superuser:
--     psql -f roles.sql postgres
--     createdb --owner=paykassma_owner --template=template0 --encoding=UTF8 --locale=C.UTF-8 \
--         --locale-provider=builtin --builtin-locale=C.UTF-8 paykassma
--     psql -c 'alter function textlike(text, text) leakproof' paykassma
--     psql -c 'alter function numeric_eq(numeric, numeric) leakproof' paykassma
--     psql -c 'alter function numeric_ge(numeric, numeric) leakproof' paykassma
--     psql -c 'alter function numeric_le(numeric, numeric) leakproof' paykassma
-- then give each role a password (\password paykassma_web) and name them in DATABASE_URL (web),
-- DATABASE_BACKOFFICE_URL, DATABASE_WORKER_URL and DATABASE_OWNER_URL.

do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'paykassma_owner', 'paykassma_worker', 'paykassma_backoffice', 'paykassma_web'
    ] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I', role_name);
        end if;
        -- Row-level security is what keeps Clients apart: nobody who connects may bypass it.
        execute format('alter role %I login nosuperuser nobypassrls nocreaterole', role_name);
    end loop;
end
$$;

-- Web has no way into another role: what it serves reaches one Client's rows, whatever it says.
revoke paykassma_worker from paykassma_web;

-- The back office sees every Client's rows, and is a process of its own. It begins as web, and takes
-- its own role for a request under /admin/.
grant paykassma_worker to paykassma_backoffice with inherit true, set true;
grant paykassma_web to paykassma_backoffice with inherit false, set true;

-- Forced row-level security binds the owner too; as worker it sees the rows that its migrations change.
grant paykassma_worker to paykassma_owner with inherit true, set true;
