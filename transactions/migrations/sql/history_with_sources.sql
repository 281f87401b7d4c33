-- As before, with the source that brought the change, if any.
create or replace function keep_changes() returns trigger
language plpgsql security definer
-- A plan that was made for an update of no rows made the next, of 10,000, take 19 s, not 0.4.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
    iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"';
begin
    insert into transactions_change
        (client_id, transaction_id, field, before, after, at, actor, source_id)
    select now_.client_id, now_.id, field, coalesce(before, ''), coalesce(after, ''), now(),
           coalesce(nullif(current_setting('app.actor', true), ''),
                    'database: ' || session_user),
           nullif(current_setting('app.source_id', true), '')::bigint
    from was join now_ using (id), lateral (values
        ('status', was.status, now_.status),
        ('type', was.type, now_.type),
        ('rate', coalesce(was.usd_rate::text, ''), coalesce(now_.usd_rate::text, '')),
        ('label', was.label, now_.label),
        ('order_number', was.order_number, now_.order_number),
        ('counterparty', was.counterparty, now_.counterparty),
        ('activated_at', to_char(was.activated_at at time zone 'UTC', iso),
                         to_char(now_.activated_at at time zone 'UTC', iso))
    ) change (field, before, after)
    where coalesce(before, '') collate "C" <> coalesce(after, '')
        -- Activation has its moment; alone it is told only where it was lacking.
        and (field <> 'activated_at' or was.status = now_.status);
    return null;
end $$;

