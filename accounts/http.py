from django.http import HttpRequest

from accounts.models import ApiKey, Membership, User
from accounts.roles import Role
from audit.kinds import ActorKind
from clients.models import Client


class TenantRequest(HttpRequest):
    """A request after TenantMiddleware."""

    client: Client | None  # the tenant
    membership: Membership | None
    role: Role | None  # on the Client's pages
    is_impersonating: bool  # see accounts/impersonation.py
    actor: str  # who asks, in words: a login, "key pk_…", or "" for a visitor
    actor_kind: ActorKind
    rate_headers: dict[str, str]  # of a key, once it is counted
    required_action: str  # the name of its page, or ""; see accounts/required_actions.py


class KeyRequest(TenantRequest):
    """A request of the API."""

    client: Client
    auth: ApiKey


class ClientRequest(TenantRequest):
    """A request for a page of a Client, by a member or an impersonating administrator."""

    user: User
    client: Client
    membership: Membership  # on pages of owners; an impersonating administrator has none
    role: Role
