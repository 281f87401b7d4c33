"""Totals by kind hold all transactions: those of no kind so far are "other".

So a list that asks for no type, status and wallet is summed from a fifth of the rows.
"""

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

kinds = import_module("transactions.migrations.0004_kind_totals")

HEAD = "create or replace function transaction_kind(direction text, type text, status text)"
NATURE = "returns text language sql immutable parallel safe"
OR_OTHER = kinds.KIND_OF.replace("    end\n", "        else 'other'\n    end\n")


class Migration(migrations.Migration):
    dependencies = [("transactions", "0005_kind_total_as_model")]

    operations = [
        RunSQL(f"{HEAD} {NATURE} return {OR_OTHER}", f"{HEAD} {NATURE} return {kinds.KIND_OF}"),
        RunSQL(
            "select rebuild_totals(null)",
            "delete from transactions_kindtotal where kind = 'other'",
        ),
    ]
