"""Demo data, small but true: two Clients with 90 days of payments, and who may look at them."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from clients.models import Client
from devtools.demo.merchants import MERCHANTS, make_merchant
from devtools.demo.rates import make_rates
from devtools.demo.simulation.market import make_systems

ADMINISTRATOR = "admin"


class NotEmpty(Exception):
    """The database has rows of its own."""


@transaction.atomic
def make_demo(transactions: int) -> bool:
    """All or nothing, so that a run that was killed is run again; False when it stands already.

    Run it as worker: it writes rows of several Clients. Raise NotEmpty: logins with passwords that
    everybody knows are not for a database in use.
    """
    slugs = {merchant.slug for merchant in MERCHANTS}
    is_there = set(Client.objects.values_list("slug", flat=True)) >= slugs
    if not is_there:
        if Client.objects.exists() or User.objects.exists():
            raise NotEmpty
        make_rows(transactions)
    mark_users(slugs | {ADMINISTRATOR})
    return not is_there


def make_rows(transactions: int) -> None:
    now = timezone.now().replace(microsecond=0)
    systems = make_systems()
    make_rates(now.date())
    for merchant in MERCHANTS:
        make_merchant(merchant, systems, transactions=transactions, now=now)
    User.objects.create_superuser(ADMINISTRATOR, password=f"{ADMINISTRATOR}-demo-password")


def mark_users(logins: set[str]) -> None:
    for user in User.objects.filter(username__in=logins, is_demo=False):
        if user.check_password(f"{user.username}-demo-password"):
            User.objects.filter(pk=user.pk).update(is_demo=True)
