-- Totals that the database maintains in the commit of the rows themselves, whoever writes them.
-- Writers only append to the delta, so they never wait for one another. Readers add the totals and the delta
-- in one statement. compact_totals() moves the one into the other, whenever it runs; docs/adr/0016.

create table transactions_delta (
    client_id bigint not null,
    day date not null,
    direction varchar(10) collate "C" not null,
    type varchar(10) collate "C" not null,
    status varchar(20) collate "C" not null,
    wallet_id bigint not null,
    payment_system_id bigint not null,
    currency varchar(3) collate "C" not null,
    country varchar(2) collate "C" not null,
    is_converted boolean not null,
    count bigint not null,
    amount numeric not null,
    amount_usd numeric not null
);

create table transactions_daytotal (
    client_id bigint not null,
    day date not null,
    direction varchar(10) collate "C" not null,
    type varchar(10) collate "C" not null,
    status varchar(20) collate "C" not null,
    wallet_id bigint not null,
    payment_system_id bigint not null,
    currency varchar(3) collate "C" not null,
    country varchar(2) collate "C" not null,
    is_converted boolean not null,
    count bigint not null,
    amount numeric not null,
    amount_usd numeric not null,
    constraint day_total_once primary key (
        client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted
    )
);

create table transactions_monthtotal (
    client_id bigint not null,
    month date not null,
    direction varchar(10) collate "C" not null,
    type varchar(10) collate "C" not null,
    status varchar(20) collate "C" not null,
    wallet_id bigint not null,
    payment_system_id bigint not null,
    currency varchar(3) collate "C" not null,
    country varchar(2) collate "C" not null,
    is_converted boolean not null,
    count bigint not null,
    amount numeric not null,
    amount_usd numeric not null,
    constraint month_total_once primary key (
        client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted
    )
);

-- What the dashboard shows, without what only lists tell apart: a year of one kind lies together, in 330 pages
-- instead of 8,850.
create table transactions_kindtotal (
    client_id bigint not null,
    day date not null,
    kind varchar(10) collate "C" not null,
    direction varchar(10) collate "C" not null,
    payment_system_id bigint not null,
    currency varchar(3) collate "C" not null,
    country varchar(2) collate "C" not null,
    is_converted boolean not null,
    count bigint not null,
    amount numeric not null,
    amount_usd numeric not null,
    constraint kind_total_once primary key (
        client_id, kind, day, direction, payment_system_id, currency, country, is_converted
    )
);

-- transactions/totals/kinds.py says the same; a test compares the two.
create function transaction_kind(direction text, type text, status text)
returns text language sql immutable parallel safe
return case
    when direction = 'incoming' and status = 'activated' and type in ('real', 'forced')
        then 'pay_in'
    when direction = 'incoming' and status = 'activated' and type = 'fake' then 'fake'
    when type = 'withdrawal' and status = 'activated' then 'withdrawal'
    when type = 'withdrawal' and status in ('pending', 'processing') then 'under_way'
    else 'other'
end;

-- Each shows its reader what row-level security of the tables shows.
create view transactions_days with (security_invoker = true) as
    select client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted, count, amount, amount_usd
    from transactions_daytotal
    union all
    select client_id, day, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted, count, amount, amount_usd
    from transactions_delta;

create view transactions_months with (security_invoker = true) as
    select client_id, month, direction, type, status, wallet_id, payment_system_id, currency, country,
        is_converted, count, amount, amount_usd
    from transactions_monthtotal
    union all
    select client_id, date_trunc('month', day)::date, direction, type, status, wallet_id, payment_system_id,
        currency, country,
        is_converted, count, amount, amount_usd
    from transactions_delta;

-- The kind has the column's own type: conditions on it would else be asked behind the index.
create view transactions_kinds with (security_invoker = true) as
    select client_id, day, kind, direction, payment_system_id, currency, country, is_converted, count,
        amount, amount_usd
    from transactions_kindtotal
    union all
    select client_id, day, transaction_kind(direction, type, status)::varchar(10) as kind,
        direction, payment_system_id, currency, country, is_converted, count, amount, amount_usd
    from transactions_delta
    where transaction_kind(direction, type, status) is not null;
