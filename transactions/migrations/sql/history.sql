-- Each change of a status, type or rate is recorded by the database, with who acted.
create function keep_changes() returns trigger
language plpgsql security definer
-- A plan that was made for an update of no rows made the next, of 10,000, take 19 s, not 0.4.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
    insert into transactions_change
        (client_id, transaction_id, field, before, after, at, actor)
    select now_.client_id, now_.id, field, before, after, now(),
           coalesce(nullif(current_setting('app.actor', true), ''),
                    'database: ' || session_user)
    from was join now_ using (id), lateral (values
        ('status', was.status, now_.status),
        ('type', was.type, now_.type),
        ('rate', coalesce(was.usd_rate::text, ''), coalesce(now_.usd_rate::text, ''))
    ) change (field, before, after)
    where before <> after;
    return null;
end $$;

create trigger keep_changes after update on transactions_transaction
    referencing old table as was new table as now_
    for each statement execute function keep_changes();
