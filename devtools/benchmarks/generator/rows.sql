-- What transaction number N of a benchmark is: a function of N, of how many there are, and of the
-- market. Everything is drawn by hashing N, so the same number gives the same row on every machine.

create schema benchmark;

-- One of 0 … below - 1. Draws of another `kind` for the same row are independent of each other.
create function benchmark.draw(row_number bigint, kind bigint, below bigint) returns bigint
    language sql immutable parallel safe
    return mod(hashint8extended(row_number, kind) & 9223372036854775807, below);

create table benchmark.payer (country text, place bigint, name text);
create table benchmark.span (begins timestamptz, days integer);
create table benchmark.rate (
    time_zone text, currency text, day date, usd_rate numeric, source text, as_of timestamptz);
create table benchmark.wallet (
    place bigint, wallet_id bigint, client_id bigint, payment_system_id bigint, currency text,
    country text, time_zone text, is_online boolean, unit numeric, units_per_usd bigint);

create procedure benchmark.learn_the_market(last_day date, days integer)
language sql as $$
    insert into benchmark.span values ((last_day + 1 - days)::timestamp at time zone 'UTC', days);

    -- In the order in which clients and wallets were made: the first are the largest Client's.
    insert into benchmark.wallet
    select row_number() over (order by wallet.id) - 1, wallet.id, client_id, payment_system_id,
        wallet.currency, wallet.country, time_zone,
        exists (select from wallets_paymentsystemstatus allowed
                where allowed.payment_system_id = wallet.payment_system_id
                    and allowed.status = 'pending'),
        case when wallet.currency = 'UGX' then 1 else 0.01 end,
        case wallet.currency when 'INR' then 8400 when 'BDT' then 12200 when 'PKR' then 28000
            when 'MMK' then 210000 else 3700 end
    from wallets_wallet wallet join clients_client client on client.id = client_id;

    insert into benchmark.rate
    select time_zone, currency, wanted, found.usd_rate, found.source,
        midnight(time_zone, found.day)
    from (select distinct time_zone from benchmark.wallet),
        (select distinct currency from benchmark.wallet),
        (select last_day + 1 - ago as wanted from generate_series(0, days + 1) ago),
        lateral exchange_rate_on(currency, wanted) found;

    analyze benchmark.payer;
    analyze benchmark.wallet;
    analyze benchmark.rate;
$$;

-- The transactions numbered `first` to `last`, of `whole` that fill the span evenly. `offset 0` has
-- what several columns are made of computed once a row, not once for each of them.
create function benchmark.transactions(first bigint, last bigint, whole bigint)
returns table (
    id bigint, client_id bigint, wallet_id bigint, payment_system_id bigint, number text,
    direction text, type text, status text, amount numeric, currency text, country text, label text,
    order_number text, counterparty text, usd_rate numeric, amount_usd numeric,
    usd_rate_source text, usd_rate_at timestamptz, logged_at timestamptz, activated_at timestamptz,
    recorded_at timestamptz, forced_by text, forced_at timestamptz, forced_reason text,
    source_id bigint, source_row integer)
language sql stable parallel safe as $$
    with happened as (
        select n,
            begins + (n - 1) * (interval '1 day' * days / whole) as logged_at,
            case when benchmark.draw(n, 1, 10) < 4 then 0 else 20 * benchmark.draw(n, 2, 49) + 20 end
                + least(benchmark.draw(n, 3, 20), benchmark.draw(n, 4, 20)) as place,
            benchmark.draw(n, 5, 1000) as is_what,
            benchmark.draw(n, 6, 1000) as ends_how,
            benchmark.draw(n, 7, 100) as is_whose,
            benchmark.draw(n, 8, 300) + 1 as dollars
        from generate_series(first, last) n, benchmark.span
        offset 0
    ),
    on_a_wallet as (
        select happened.*, wallet.*,
            day_of(zone.since, zone.day_offset, logged_at) as day,
            (dollars * dollars * units_per_usd / 100 + benchmark.draw(n, 9, 100) + 1) * unit as amount,
            case when is_what < 30 then 'fake' when is_what < 50 then 'forced'
                when is_what < 850 then 'real' else 'withdrawal' end as type,
            case when ends_how < 820 then 'activated'
                when ends_how < 900 then 'not_activated'
                when ends_how < 940 or not is_online then 'declined'
                when ends_how < 960 then 'failed'
                when ends_how < 975 then 'processing'
                when ends_how < 990 then 'pending'
                else 'cancelled' end as status
        from happened join benchmark.wallet using (place)
            join clients_timezone zone on zone.name = time_zone
        offset 0
    )
    select n, client_id, wallet_id, payment_system_id,
        lpad(mod(n * 7654321, 1000000000000)::text, 12, '0'),
        case when type = 'withdrawal' or is_what between 50 and 99 then 'outgoing' else 'incoming' end,
        type, status, amount, currency, row_.country,
        -- One is everybody's, regulars have some 900 transactions, others some 16.
        case when is_whose < 10 then ''
            when is_whose < 11 then 'guest'
            when is_whose < 20 then 'regular' || benchmark.draw(n, 10, whole / 10000 + 1)
            else 'user' || benchmark.draw(n, 10, whole / 20 + 1) end,
        case when is_whose < 5 then ''
            else 'ORD' || lpad(mod(n * 987654321, 100000000000)::text, 11, '0') end,
        case when is_whose < 40 then payer.name
            when is_whose < 75 then '+9' || 1000000000 + benchmark.draw(n, 11, 9000000000)
            when is_whose < 90 then 'payer' || benchmark.draw(n, 11, 1000000) || '@upi'
            else '' end,
        usd_rate, round(amount * usd_rate, 4), source, as_of,
        logged_at,
        case when status = 'activated'
            then logged_at + interval '1 second' * benchmark.draw(n, 12, 300) end,
        logged_at + interval '5 seconds',
        case when type = 'forced' then 'operator' end,
        case when type = 'forced' then logged_at + interval '1 hour' end,
        case when type = 'forced' then 'The receipt was seen' end,
        null::bigint, null::integer
    from on_a_wallet row_
    left join benchmark.rate using (time_zone, currency, day)
    left join benchmark.payer on is_whose < 40 and payer.country = row_.country
        and payer.place = benchmark.draw(n, 11, 1000)
$$;
