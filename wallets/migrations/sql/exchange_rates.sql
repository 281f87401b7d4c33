-- The one rule of which rate counts: the newest of the day or of the seven days before; wallets/rates.py.
create function exchange_rate_on(wanted_currency text, wanted_day date)
returns table (usd_rate numeric, source text, day date)
language sql stable as $$
    select 1::numeric, 'USD', wanted_day where wanted_currency = 'USD'
    union all
    (select rate.usd_rate, rate.source, rate.day from wallets_exchangerate rate
     where rate.currency = wanted_currency
       and rate.day <= wanted_day and rate.day >= wanted_day - 7
     order by rate.day desc, rate.recorded_at desc, rate.id desc
     limit 1)
$$;

-- The rate that a new one is compared with.
create function nearest_exchange_rate(wanted_currency text, wanted_day date)
returns table (day date, usd_rate numeric)
language sql stable as $$
    select * from (
        (select rate.day, rate.usd_rate from wallets_exchangerate rate
         where rate.currency = wanted_currency and rate.day < wanted_day
         order by rate.day desc, rate.recorded_at desc, rate.id desc limit 1)
        union all
        (select rate.day, rate.usd_rate from wallets_exchangerate rate
         where rate.currency = wanted_currency and rate.day > wanted_day
         order by rate.day, rate.recorded_at desc, rate.id desc limit 1)
    ) near order by near.day > wanted_day limit 1
$$;
