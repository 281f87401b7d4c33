"""Failed sign-ins in the audit log of the Client whose user was named."""

from accounts.http import TenantRequest
from accounts.models import Membership, User
from accounts.sign_in.lockout import MAX_LOGIN_LENGTH, client_network, normalize_login
from audit.client_ip import client_ip
from audit.kinds import ActorKind, Kind, Result
from audit.record import ONCE_A_MINUTE, Actor, is_first_within_minute, record_event, truncate
from clients.models import Client
from paykassma_admin.database.tenancy import set_tenant

NONE = 0  # no user's id and no Client's


def record_attempt(request: TenantRequest, result: Result, **details: str) -> None:
    """Record the attempt with the same queries for known and unknown users: times tell nothing."""
    login = truncate(submitted_login(request), MAX_LOGIN_LENGTH)
    user = User.objects.filter(username__iexact=login).first()
    client = set_tenant_of_user(user.pk if user else NONE)
    actor = Actor(user.username if user else login, client_ip(request), ActorKind.VISITOR)
    if result == Result.FAILED:
        details["factor"] = "password"  # nothing else is tried
    record_event(Kind.SIGN_IN, by=actor, client=client, result=result, details=details)
    set_tenant(None)


def set_tenant_of_user(user_id: int) -> Client | None:
    set_tenant(None, user_id=user_id)
    membership = Membership.unscoped.filter(user_id=user_id).first()
    client_id = membership.client_id if membership else NONE
    set_tenant(client_id)
    return Client.objects.filter(pk=client_id).first()


def submitted_login(request: TenantRequest) -> str:
    return request.POST.get("login", "").strip()


def record_unbounded_attempt(request: TenantRequest, result: Result) -> None:
    """Record once a minute what no pause bounds: impossible passwords, or any during a pause."""
    login = normalize_login(submitted_login(request))
    if is_first_within_minute(None, "sign-in", login, client_network(request), result):
        record_attempt(request, result, **ONCE_A_MINUTE)


def record_flood(request: TenantRequest) -> None:
    """Record a network's flood once a minute, whatever logins it names."""
    if is_first_within_minute(None, "sign-in", client_ip(request)):
        record_attempt(request, Result.REFUSED, **ONCE_A_MINUTE)
