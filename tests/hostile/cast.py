"""Who asks, on a database that is put back between the batches."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.utils import timezone

from clients import members
from clients.actions import create_api_key
from clients.audit import Actor
from clients.models import ApiKey, Client, Invitation, Membership, User
from clients.roles import Role
from tests.factories import (
    make_accumulation,
    make_administrator,
    make_balance,
    make_member,
    worker,
)
from tests.hostile.known import CSRF
from tests.visitors import Browser
from transactions.models import Transaction
from wallets.models import PaymentSystem

# Large, or growing on purpose; nobody can change what is in them.
LEFT_ALONE = ("transactions_%", "clients_auditevent", "django_migrations")
TABLES = """
    select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and not relname like any (%s)
"""


class Cast:
    def __init__(self):
        by = Actor("hostile")
        with worker():
            self.numbers = {each.pk: each.slug[-2:] for each in Client.objects.all()}
        with worker():
            first, second = Client.objects.order_by("pk")[:2]
        self.users = {
            "owner": make_member("owner", client=first),
            "operator": make_member("operator", client=first, role=Role.OPERATOR),
            "auditor": make_member("auditor", client=first, role=Role.AUDITOR),
            "stranger": make_member("stranger", client=second),
            "administrator": make_administrator("administrator"),
        }
        for number in range(5):
            make_member(f"colleague-{number}", client=first, role=Role.OPERATOR)
        two_factors(make_member("twofold", client=first))
        with worker():
            self.key = create_api_key(first, name="Till", by=by)
            create_api_key(second, name="Till", by=by)
            self.invitation = members.invite(first, role=Role.AUDITOR, by=by)
            members.invite(second, role=Role.AUDITOR, by=by)
            self.ids = ids(first, second) | {"invitation": [self.invitation, "x"]}
        self.let_in_at_first = self.let_in()
        clients = {name: self.let_in_at_first.get(user.pk) for name, user in self.users.items()}
        self.clients = {name: self.numbers.get(client) for name, client in clients.items()}
        self.clients["key"] = "00"
        for user in (self.users["owner"], self.users["stranger"]):
            make_rows(user)

    def let_in(self):
        """Who may see which Client's pages, or those of no Client."""
        active = User.objects.filter(
            pk__in=[user.pk for user in self.users.values()], is_active=True
        )
        with worker():
            administrators = dict.fromkeys(
                active.filter(is_staff=True).values_list("pk", flat=True)
            )
            members = active.filter(membership__client__is_active=True)
            return administrators | dict(members.values_list("pk", "membership__client"))

    @property
    def is_whole(self):
        """Nobody was shut out, alone or with his Client: he would see nothing from then on."""
        return self.let_in() == self.let_in_at_first

    def sign_in(self, *, lately):
        """The cookies of each; who has proved himself `lately` need not do it again."""
        self.lately = lately
        self.cookies = {name: signed_in(user, lately) for name, user in self.users.items()}
        self.cookies["anonymous"] = self.cookies["key"] = {settings.CSRF_COOKIE_NAME: CSRF}

    def sign_in_again(self, visitor):
        if visitor in self.users:
            self.cookies[visitor] = signed_in(self.users[visitor], self.lately)


def signed_in(user, lately):
    browser = Browser()
    browser.force_login(user)
    browser.prove(user, at=timezone.now().timestamp() if lately else 0)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {settings.SESSION_COOKIE_NAME: cookie, settings.CSRF_COOKIE_NAME: CSRF}


def two_factors(user):
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def make_rows(user):
    """What the generator leaves out."""
    with worker():
        wallet = user.client.wallet_set(manager="everyones").first()
        systems = PaymentSystem.objects.filter(wallet__client=user.client)[:3]
    for system in systems:
        make_balance(user, system.code, currency=system.currency)
    for number in range(60):
        formed = timezone.now() - timedelta(hours=number)
        make_accumulation(user, f"A{number}", wallet=wallet, formed_at=formed)


def ids(*clients):
    """Of rows, by what addresses call them: of each Client some."""
    found = {}
    for name, model in (("keys", ApiKey), ("members", Membership), ("payments", Transaction)):
        rows = [model.everyones.filter(client=client)[:2] for client in clients]
        found[name] = [row.pk for each in rows for row in each]
    found["members/invitations"] = list(Invitation.everyones.values_list("pk", flat=True))
    found["security"] = list(Authenticator.objects.values_list("pk", flat=True))
    return found | back_office_ids()


def back_office_ids():
    from clients.back_office import back_office

    return {
        f"{model._meta.app_label}_{model._meta.model_name}": list(
            model._base_manager.order_by("pk").values_list("pk", flat=True)[:2]
        )
        for model in back_office._registry
    }


class Kept:
    """The small tables as they were."""

    def __init__(self, connection):
        self.connection = connection
        connection.execute("set session_replication_role = replica")  # no triggers, no foreign keys
        found = connection.execute(TABLES, [list(LEFT_ALONE)]).fetchall()
        self.tables = sorted(name for (name,) in found)
        connection.execute("create schema kept")
        for table in self.tables:
            connection.execute(f"create table kept.{table} as table {table}")

    def put_back(self):
        with self.connection.transaction():
            for table in self.tables:
                self.connection.execute(f"delete from {table}")
                self.connection.execute(f"insert into {table} select * from kept.{table}")
