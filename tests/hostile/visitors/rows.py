from datetime import timedelta
from decimal import Decimal

from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.models import ApiKey, FailedSignIns, Invitation, Membership
from backoffice.site import back_office
from jobs.models import Job
from tests.support.factories import make_accumulation, make_balance, make_job, worker
from transactions.models import Transaction
from wallets.models import PaymentSystem
from workspace.models import LISTS, SavedView

# Rows show neither Client nor wallet in most places: so each says in a text whose it is.
MARK_TRANSACTIONS = """
    update transactions_transaction set counterparty = trim(counterparty || ' ' || slug)
    from clients_client client where client.id = client_id
"""


def make_rows(user):
    with worker():
        wallet = user.client.wallet_set(manager="unscoped").first()
        systems = list(PaymentSystem.objects.filter(wallet__client=user.client)[:3])
        for name in LISTS:
            view = {"list_name": name, "name": user.client.slug, "is_shared": True}
            SavedView.unscoped.create(client=user.client, user=user, **view)
    # An answer about a balance has numbers alone: findings.py knows this one.
    commission = Decimal(f"77.31{user.client.slug[-2:]}")
    for system in systems:
        make_balance(user, system.code, currency=system.currency, commission_percent=commission)
    for number in range(60):
        formed = timezone.now() - timedelta(hours=number)
        label = f"user-{number} {user.client.slug}"
        make_accumulation(user, f"A{number}", wallet=wallet, formed_at=formed, label=label)
    for _each in range(2):
        make_job(user, "fill_rates", actor=user.client.slug)
    FailedSignIns.objects.get_or_create(
        login="NOBODY", address="198.51.100.8", defaults={"count": 5, "since": timezone.now()}
    )


def ids(*clients):
    """Return ids of some rows of each Client, by the names that addresses use."""
    found = {}
    models = {
        "jobs": Job,
        "keys": ApiKey,
        "members": Membership,
        "payments": Transaction,
        "views": SavedView,
    }
    for name, model in models.items():
        rows = [model.unscoped.filter(client=client).order_by("pk")[:2] for client in clients]
        found[name] = [row.pk for each in rows for row in each]
    found["members/invitations"] = list(Invitation.unscoped.values_list("pk", flat=True))
    found["security"] = list(Authenticator.objects.values_list("pk", flat=True))
    return found | back_office_ids()


def back_office_ids():
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": list(
            model._base_manager.order_by("pk").values_list("pk", flat=True)[:2]
        )
        for model in back_office._registry
    }
