"""Rows at given moments, and the days that pages and files tell of them: for another database."""

import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from io import StringIO
from tempfile import NamedTemporaryFile

import time_machine
from django.core.management import call_command
from django.test.utils import setup_test_environment

from tests.support.factories import make_client, make_member, seeing
from tests.support.pages import csv_rows, numbers
from tests.support.visitors import Browser
from transactions.models import DayTotal

LIST = "/payments/transactions/"
HEADER = "number,payment_system,wallet,direction,type,status,amount,currency,country,logged_at"
ROW = "upi_l,w-1,incoming,real,activated,1.00,USD,IN"


def tell():
    """Reads zone → moments; writes zone → where it is told → day → how many rows."""
    setup_test_environment()  # pages keep what they were made of
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=True):
        print(json.dumps({zone: told(zone, at) for zone, at in json.load(sys.stdin).items()}))


def told(zone, moments):
    slug = zone.replace("/", "-").lower()
    member = make_member(slug, client=make_client(slug, time_zone=zone))
    import_rows(slug, moments)
    browser = Browser()
    browser.force_login(member)
    places = defaultdict(Counter)
    for day in days_about(moments):
        of_day = {"date_from": day, "date_to": day}
        places["card"][day] += browser.get("/", of_day).context["summary"].pay_ins.total.count
        places["list"][day] += len(numbers(browser.get(LIST, of_day)))
        for row in csv_rows(browser.get(f"{LIST}export.csv", of_day)):
            places["file"][row["logged_at"][:10]] += 1
    with seeing(member):
        for day, count in DayTotal.unscoped.values_list("day", "count"):
            places["kept totals"][f"{day}"] += count
    return {place: +days for place, days in places.items()}


def import_rows(slug, moments):
    with NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("\n".join([HEADER, *(f"{at},{ROW},{at}" for at in moments)]))
        file.flush()
        options = {"client": slug, "create_wallets": True, "stdout": StringIO()}
        call_command("import_transactions", file.name, **options)


def days_about(moments):
    own = {datetime.fromisoformat(moment).date() for moment in moments}
    return sorted({f"{day + timedelta(days=n)}" for day in own for n in (-1, 0, 1)})
