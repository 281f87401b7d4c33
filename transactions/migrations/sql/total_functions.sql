-- Moving the delta into the totals, checking the totals against the rows, and rebuilding them.

-- One at a time; another caller has nothing left to do. What is moved is added up by days once, and kinds and months
-- are added up from that: 12,000 rows of a delta come to 800 totals.
create function compact_totals() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    compacted bigint;
begin
    if not pg_try_advisory_xact_lock(hashtext('compact_totals')) then return 0; end if;
    with moved as (delete from transactions_delta returning *),
        added as materialized (
            select client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted, sum(count)::bigint as count, sum(amount)::numeric as amount,
                sum(amount_usd)::numeric as amount_usd
            from moved
            group by client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted
        ),
        of_kinds as (
            select client_id, day, transaction_kind(direction, type, status)::varchar(10) as kind, direction,
                payment_system_id, currency, country, is_converted, count, amount, amount_usd
            from added
        ),
        of_months as (select *, date_trunc('month', day)::date as month from added),
        days as (
            insert into transactions_daytotal as kept (client_id, day, direction, type, status, wallet_id,
                payment_system_id, currency, country,
                is_converted, count, amount, amount_usd)
            select client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted, sum(count)::bigint as count, sum(amount)::numeric as amount,
                sum(amount_usd)::numeric as amount_usd
            from added
            group by client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted
            on conflict (client_id, day, direction, type, status, wallet_id, payment_system_id, currency,
                country,
                is_converted) do update set
                count = kept.count + excluded.count,
                amount = kept.amount + excluded.amount,
                amount_usd = kept.amount_usd + excluded.amount_usd
        ),
        kinds as (
            insert into transactions_kindtotal as kept (client_id, day, kind, direction, payment_system_id,
                currency, country, is_converted, count, amount, amount_usd)
            select client_id, day, kind, direction, payment_system_id, currency, country, is_converted,
                sum(count)::bigint as count, sum(amount)::numeric as amount,
                sum(amount_usd)::numeric as amount_usd
            from of_kinds
            group by client_id, day, kind, direction, payment_system_id, currency, country, is_converted
            order by client_id, day, kind, direction, payment_system_id, currency, country, is_converted
            on conflict (client_id, day, kind, direction, payment_system_id, currency, country,
                is_converted) do update set
                count = kept.count + excluded.count,
                amount = kept.amount + excluded.amount,
                amount_usd = kept.amount_usd + excluded.amount_usd
        ),
        months as (
            insert into transactions_monthtotal as kept (client_id, month, direction, type, status,
                wallet_id, payment_system_id, currency, country,
                is_converted, count, amount, amount_usd)
            select client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted, sum(count)::bigint as count, sum(amount)::numeric as amount,
                sum(amount_usd)::numeric as amount_usd
            from of_months
            group by client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted
            on conflict (client_id, month, direction, type, status, wallet_id, payment_system_id, currency,
                country,
                is_converted) do update set
                count = kept.count + excluded.count,
                amount = kept.amount + excluded.amount,
                amount_usd = kept.amount_usd + excluded.amount_usd
        )
    select count(*) into compacted from moved;
    return compacted;
end $$;

-- What the rows of a Client, or of all, come to, less what the totals of the days have.
create function total_differences(of_client bigint) returns setof transactions_delta
language sql stable set search_path = public, pg_temp as $$
    select * from (
        select client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
            is_converted, sum(count)::bigint as count, sum(amount)::numeric as amount,
            sum(amount_usd)::numeric as amount_usd
        from (
            select row.client_id, day_of(zone.since, zone.day_offset, row.logged_at) as day,
                direction, type, status, wallet_id, payment_system_id, currency, country,
                usd_rate is not null as is_converted, 1 as count, amount,
                coalesce(amount_usd, 0) as amount_usd
            from transactions_transaction row
            join clients_client client on client.id = row.client_id
            join clients_timezone zone on zone.name = client.time_zone
            where $1 is null or row.client_id = $1
            union all
            select client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
                is_converted, -count, -amount, -amount_usd
            from transactions_days where $1 is null or client_id = $1
        ) both_sides
        group by client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
            is_converted
    ) difference where (count, amount, amount_usd) <> (0, 0, 0)
$$;

-- What the totals of the days come to, less what those by kind and by month have.
create function kind_differences(of_client bigint)
returns setof transactions_kindtotal
language sql stable set search_path = public, pg_temp as $$
    select * from (
        select client_id, day, kind, direction, payment_system_id, currency, country, is_converted,
            sum(count)::bigint as count, sum(amount)::numeric as amount,
            sum(amount_usd)::numeric as amount_usd
        from (
            select * from (
                select client_id, day, transaction_kind(direction, type, status)::varchar(10) as kind,
                    direction,
                    payment_system_id, currency, country, is_converted, count, amount, amount_usd
                from transactions_days
                where transaction_kind(direction, type, status) is not null
            ) due where $1 is null or client_id = $1
            union all
            select client_id, day, kind, direction, payment_system_id, currency, country, is_converted,
                -count, -amount, -amount_usd
            from transactions_kinds where $1 is null or client_id = $1
        ) both_sides
        group by client_id, day, kind, direction, payment_system_id, currency, country, is_converted
    ) difference where (count, amount, amount_usd) <> (0, 0, 0)
$$;

create function month_differences(of_client bigint)
returns setof transactions_monthtotal
language sql stable set search_path = public, pg_temp as $$
    select * from (
        select client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
            is_converted, sum(count)::bigint as count, sum(amount)::numeric as amount,
            sum(amount_usd)::numeric as amount_usd
        from (
            select * from (
                select client_id, date_trunc('month', day)::date as month, direction, type, status,
                    wallet_id, payment_system_id, currency, country,
                    is_converted, count, amount, amount_usd
                from transactions_days
            ) due where $1 is null or client_id = $1
            union all
            select client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
            is_converted, -count, -amount, -amount_usd
            from transactions_months where $1 is null or client_id = $1
        ) both_sides
        group by client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
            is_converted
    ) difference where (count, amount, amount_usd) <> (0, 0, 0)
$$;

-- A difference that is added is no longer one: so totals are built, and rebuilt. Compactors wait, and so does
-- another rebuild, which would add the same difference again.
create function rebuild_totals(of_client bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('compact_totals'));
    insert into transactions_delta select * from total_differences(of_client);
    insert into transactions_kindtotal as kept (client_id, day, kind, direction, payment_system_id, currency,
        country, is_converted, count, amount, amount_usd)
    select client_id, day, kind, direction, payment_system_id, currency, country, is_converted,
        sum(count)::bigint as count, sum(amount)::numeric as amount,
        sum(amount_usd)::numeric as amount_usd
    from kind_differences(of_client)
    group by client_id, day, kind, direction, payment_system_id, currency, country, is_converted
    order by client_id, day, kind, direction, payment_system_id, currency, country, is_converted
    on conflict (client_id, day, kind, direction, payment_system_id, currency, country,
        is_converted) do update set
        count = kept.count + excluded.count,
        amount = kept.amount + excluded.amount,
        amount_usd = kept.amount_usd + excluded.amount_usd;
    insert into transactions_monthtotal as kept (client_id, month, direction, type, status, wallet_id,
        payment_system_id, currency, country,
        is_converted, count, amount, amount_usd)
    select client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted, sum(count)::bigint as count, sum(amount)::numeric as amount,
        sum(amount_usd)::numeric as amount_usd
    from month_differences(of_client)
    group by client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted
    order by client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted
    on conflict (client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted) do update set
        count = kept.count + excluded.count,
        amount = kept.amount + excluded.amount,
        amount_usd = kept.amount_usd + excluded.amount_usd;
end $$;
revoke execute on function rebuild_totals(bigint) from public;
grant execute on function rebuild_totals(bigint) to paykassma_worker;

-- A Client that moves to another zone. Whoever writes transactions now would still count by the old days.
create function rebuild_totals_in_another_zone() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    lock table transactions_transaction in share row exclusive mode;
    perform rebuild_totals(new.id);
    return null;
end $$;

create trigger rebuild_totals_in_another_zone after update of time_zone on clients_client
    for each row when (old.time_zone <> new.time_zone)
    execute function rebuild_totals_in_another_zone();

-- A zone whose clocks change otherwise in a newer tzdata: its Clients' days move in the same commit.
create function rebuild_totals_of_a_zone() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    lock table transactions_transaction in share row exclusive mode;
    perform rebuild_totals(id) from clients_client where time_zone = new.name;
    return null;
end $$;

create trigger rebuild_totals_of_a_zone after update on clients_timezone
    for each row execute function rebuild_totals_of_a_zone();
