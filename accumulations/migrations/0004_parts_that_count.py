"""What an accumulation is made of: counted pay-ins of its label, logged by the time it was formed.

Entries from before are not looked at again.
"""

from django.db import migrations

HEAD = """
create or replace function accumulation_entry_of_one_client() returns trigger
language plpgsql set search_path = public, pg_temp as $$
"""
OF_ONE_CLIENT = """
    if not exists (select from transactions_transaction
                   where id = new.transaction_id and client_id = new.client_id) then
        raise foreign_key_violation using
            message = 'the transaction of an accumulation entry is another Client''s',
            constraint = 'accumulation_entry_transaction_of_client';
    end if;
"""
COUNTS = """
    select case
        when transaction_kind(part.direction, part.type, part.status) <> 'pay_in'
            then 'accumulation_entry_of_a_pay_in'
        when part.label <> whole.label and '' not in (part.label, whole.label)
            then 'accumulation_entry_of_its_label'
        when part.logged_at > whole.formed_at then 'accumulation_entry_logged_before'
    end into broken
    from transactions_transaction part, accumulations_accumulation whole
    where part.id = new.transaction_id and whole.id = new.accumulation_id;
    if broken is not null then
        raise check_violation using
            message = 'the transaction of an accumulation entry cannot be a part of it',
            constraint = broken;
    end if;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accumulations", "0003_nothing_deletes"),
        ("transactions", "0004_kind_totals"),
    ]

    operations = [
        migrations.RunSQL(
            f"{HEAD} declare broken text; begin {OF_ONE_CLIENT} {COUNTS} return new; end $$",
            f"{HEAD} begin {OF_ONE_CLIENT} return new; end $$",
        ),
    ]
