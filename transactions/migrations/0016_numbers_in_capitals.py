"""Whoever says that a payment system's numbers are the same in any case has those from before put so."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("transactions", "0015_counterparty_key"),
        ("wallets", "0008_number_ignores_case"),
    ]

    operations = [
        migrations.RunSQL(
            """
            create function put_numbers_in_capitals() returns trigger
            language plpgsql set search_path = public, pg_temp as $$
            begin
                update transactions_transaction set number = upper(number collate "pg_c_utf8")
                where payment_system_id = new.id and number <> upper(number collate "pg_c_utf8");
                return null;
            end $$
            """,
            "drop function put_numbers_in_capitals",
        ),
        migrations.RunSQL(
            "create trigger put_numbers_in_capitals"
            " after update of number_ignores_case on wallets_paymentsystem for each row"
            " when (new.number_ignores_case and not old.number_ignores_case)"
            " execute function put_numbers_in_capitals()",
            "drop trigger put_numbers_in_capitals on wallets_paymentsystem",
        ),
    ]
