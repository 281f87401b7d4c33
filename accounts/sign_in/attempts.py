"""Attempts to sign in that fail, in the audit log of the Client whose user was named."""

from accounts.http import TenantRequest
from accounts.models import Membership, User
from accounts.sign_in.lockout import LONGEST_LOGIN, capitals, network_of
from audit.client_ip import client_ip
from audit.kinds import ActorKind, Kind, Result
from audit.record import Actor, bounded, is_first_of_a_minute, record_event
from clients.models import Client
from paykassma_admin.database.tenancy import set_tenant

NONE = 0  # no user's id and no Client's


def record_attempt(request: TenantRequest, result: Result) -> None:
    """The same queries whether or not there is such a user: their time must tell nothing."""
    login = bounded(login_in(request), LONGEST_LOGIN)
    user = User.objects.filter(username__iexact=login).first()
    client = see_client_of(user.pk if user else NONE)
    actor = Actor(user.username if user else login, client_ip(request), ActorKind.VISITOR)
    details = {"factor": "password"} if result == Result.FAILED else None  # nothing else is tried
    record_event(Kind.SIGN_IN, by=actor, client=client, result=result, details=details)
    set_tenant(None)


def see_client_of(user_id: int) -> Client | None:
    set_tenant(None, user_id=user_id)
    membership = Membership.unscoped.filter(user_id=user_id).first()
    client_id = membership.client_id if membership else NONE
    set_tenant(client_id)
    return Client.objects.filter(pk=client_id).first()


def login_in(request: TenantRequest) -> str:
    return request.POST.get("login", "").strip()


def record_unbounded_attempt(request: TenantRequest, result: Result) -> None:
    """No pause ends it, since it is not tried: what cannot be a password, or comes in the pause."""
    login = capitals(login_in(request))
    if is_first_of_a_minute(None, "sign-in", login, network_of(request), result):
        record_attempt(request, result)


def record_flood(request: TenantRequest) -> None:
    """From a network that asks too often: anything may be typed there, so once a minute."""
    if is_first_of_a_minute(None, "sign-in", client_ip(request)):
        record_attempt(request, Result.REFUSED)
