"""A new or changed wallet, and a changed payment system, is offered at once in every process."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

WALLETS = "select client_id from changed"
SYSTEMS = """
    select wallet.client_id from wallets_wallet wallet
    where wallet.payment_system_id in (select id from changed)
"""


def renews_choices(name: str, clients: str) -> RunSQL:
    return RunSQL(
        f"""
        create function {name}() returns trigger
        language plpgsql set search_path = public, pg_temp as $$
        begin
            update clients_client set choices_version = choices_version + 1
            where id in ({clients});
            return null;
        end $$;
        """,
        f"drop function {name}",
    )


def fires(name: str, table: str, event: str) -> RunSQL:
    return RunSQL(
        f"create trigger {name}_on_{event} after {event} on {table}"
        f" referencing new table as changed for each statement execute function {name}()",
        f"drop trigger {name}_on_{event} on {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("wallets", "0005_nearest_exchange_rate"),
        ("clients", "0014_choices_version"),
    ]

    operations = [
        renews_choices("renew_choices_of_wallets", WALLETS),
        fires("renew_choices_of_wallets", "wallets_wallet", "insert"),
        fires("renew_choices_of_wallets", "wallets_wallet", "update"),
        renews_choices("renew_choices_of_systems", SYSTEMS),
        fires("renew_choices_of_systems", "wallets_paymentsystem", "update"),
    ]
