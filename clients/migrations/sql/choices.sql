-- choices_version grows whenever what a Client's filters offer has changed: paykassma_admin/lists/choices.py.
-- Web changes no Client, and imports run as web.
create function renew_choices() returns void
language sql security definer set search_path = public, pg_temp as $$
    update clients_client set choices_version = choices_version + 1
    where id = nullif(current_setting('app.client_id', true), '')::bigint
$$;

-- A form that was opened before the change saves the version that it read.
create function keep_choices_version() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    new.choices_version := greatest(new.choices_version, old.choices_version);
    return new;
end $$;

create trigger keep_choices_version before update on clients_client
    for each row execute function keep_choices_version();
