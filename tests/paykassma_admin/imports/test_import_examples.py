import io
from pathlib import Path

import pytest
from django.core.management import call_command

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
def test_the_example_files_are_taken_whole(alice):
    def run(command, file, **options):
        out = io.StringIO()
        call_command(command, str(EXAMPLES / file), stdout=out, **options)
        return out.getvalue().splitlines()[-1]

    assert "new 3" in run("import_rates", "rates.csv")
    options = {"client": "alpha", "create_wallets": True}
    assert "new 4" in run("import_transactions", "transactions.csv", **options)
    assert "new 2" in run("import_transactions", "transactions.jsonl", **options)
    assert "new 2" in run("import_accumulations", "accumulations.csv", client="alpha")
    assert "new 3" in run("import_balances", "balances.csv", client="alpha")
