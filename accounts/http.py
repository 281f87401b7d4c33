from django.http import HttpRequest

from accounts.models import Membership, User
from accounts.roles import Role
from audit.kinds import ActorKind
from clients.models import Client


class TenantRequest(HttpRequest):
    """A request that has passed TenantMiddleware: whose rows it may see, None for no Client's."""

    client: Client | None
    membership: Membership | None
    role: Role | None  # what he may do on the Client's pages
    is_impersonating: bool  # an administrator, as accounts/impersonation.py lets him
    actor: str  # who asks, in words: a login, "key pk_…", or "" for a visitor
    actor_kind: ActorKind
    duty: str  # the page that he has to go to before any other; see accounts/required_actions.py


class ClientRequest(TenantRequest):
    """What every page of a Client gets: of a signed-in member, or an administrator who looks."""

    user: User
    client: Client
    membership: Membership  # on pages of owners; an administrator who looks has none
    role: Role
