from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.actions import create_api_key, revoke_api_keys
from accounts.members import members
from accounts.models import ApiKey, User
from accounts.roles import Role
from audit.record import Actor
from clients.models import Client
from tests.hostile.visitors.factors import set_up_app, set_up_passkey
from tests.hostile.visitors.rows import ids, make_rows
from tests.hostile.visitors.sessions import (
    open_elsewhere,
    second_step_cookies,
    sign_in_cookies,
    token_alone,
)
from tests.support.factories import PASSWORD, make_administrator, make_member, worker

BY = Actor("hostile")
WAITS = "waiting"  # for the second step, after the password of `twofold`


class Cast:
    def __init__(self):
        with worker():
            self.first, second, third = Client.objects.order_by("pk")[:3]
        self.users = people(self.first, second, third)
        for number in range(5):
            make_member(f"colleague-{number}", client=self.first, role=Role.OPERATOR)
        who_have_apps = ("owner", "administrator", "onlooker", "twofold")
        self.secrets = {name: set_up_app(self.users[name]) for name in who_have_apps}
        self.secrets[WAITS] = self.secrets["twofold"]
        set_up_passkey(self.users["twofold"])
        sessions = [open_elsewhere(name, user) for name, user in self.users.items()]
        for user in (self.users["owner"], self.users["stranger"]):
            make_rows(user)
        with worker():
            self.keys = keys(self.first, third)
            create_api_key(second, name="Till", by=BY)
            invitation = members.invite(self.first, role=Role.AUDITOR, by=BY)
            members.invite(second, role=Role.AUDITOR, by=BY)
            self.ids = ids(self.first, second)
        self.ids |= {"invitation": [invitation, "x"], "security/sessions": sessions}
        switch_off(third)
        self.clients = self.clients_seen()

    def clients_seen(self):
        """Return by visitor the number of the Client that they may see."""
        own = {name: getattr(user, "client", None) for name, user in self.users.items()}
        own |= {"onlooker": self.first, "shut out": None} | dict.fromkeys(self.keys, self.first)
        return {name: client.slug[-2:] for name, client in own.items() if client}

    # Sessions

    def sign_in(self, *, lately):
        """Sign all visitors in; `lately` says whether they have a recent proof."""
        self.lately = lately
        self.cookies = dict.fromkeys(["anonymous", WAITS, *self.keys], token_alone())
        self.has_begun = False
        for visitor in self.users:
            self.sign_in_again(visitor)

    def sign_in_again(self, visitor):
        if visitor in self.users:
            looks_at = self.first if visitor == "onlooker" else None
            self.cookies[visitor] = sign_in_cookies(self.users[visitor], self.lately, looks_at)

    def cookies_for(self, asked):
        if asked.visitor == WAITS and asked.path.startswith(b"/login/") and not self.has_begun:
            self.cookies[WAITS] = second_step_cookies("twofold", PASSWORD)
            self.has_begun = True
        return self.cookies[asked.visitor]

    def follow(self, asked, answer):
        """Take over the new key of a session, after a reauthentication."""
        is_at_the_door = asked.path.startswith(b"/login/")
        if asked.visitor == WAITS:
            self.has_begun &= not is_at_the_door or answer.status == 200
        kept = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if kept and asked.visitor in self.users and not is_at_the_door and not asked.cookies:
            self.cookies[asked.visitor] = token_alone() | {settings.SESSION_COOKIE_NAME: kept}


def people(first, second, third):
    found = {
        "owner": make_member("owner", client=first),
        "operator": make_member("operator", client=first, role=Role.OPERATOR),
        "auditor": make_member("auditor", client=first, role=Role.AUDITOR),
        "twofold": make_member("twofold", client=first),
        "newcomer": make_member("newcomer", client=first),
        "stranger": make_member("stranger", client=second),
        "shut out": make_member("shut-out", client=third),
        "administrator": make_administrator("administrator"),
        "onlooker": make_administrator("onlooker"),
    }
    with worker():
        User.objects.filter(username="newcomer").update(must_change_password=True)
        found["unassigned"] = User.objects.create_user(
            "unassigned", password=PASSWORD, must_change_password=False
        )
    return found


def keys(client, switched_off):
    over = timezone.now() - timedelta(days=1)
    found = {
        "key": create_api_key(client, name="Till", by=BY),
        "revoked key": create_api_key(client, name="Revoked", by=BY),
        "expired key": create_api_key(client, name="Expired", expires_at=over, by=BY),
        "idle key": create_api_key(client, name="Idle", by=BY),
        "key of none": create_api_key(switched_off, name="Till", by=BY),
    }
    revoke_api_keys(ApiKey.unscoped.filter(name="Revoked"), by=BY)
    ApiKey.unscoped.filter(name="Idle").update(scopes=[])
    return found


def switch_off(client):
    with worker():
        Client.objects.filter(pk=client.pk).update(is_active=False)
