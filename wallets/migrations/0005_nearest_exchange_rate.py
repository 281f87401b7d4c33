from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallets", "0004_pages_change_no_wallet")]

    operations = [
        # What a new rate is held against; see wallets/rates.py.
        migrations.RunSQL(
            """
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
            $$
            """,
            "drop function nearest_exchange_rate",
        ),
    ]
