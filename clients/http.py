from django.http import HttpRequest

from clients.models import Client, Membership, User


class TenantRequest(HttpRequest):
    """A request that has passed TenantMiddleware: whose rows it may see, None for no Client's."""

    client: Client | None
    membership: Membership | None
    actor: str  # who asks, in words: a login, "key pk_…", or "" for a visitor
    duty: str  # the page that he has to go to before any other; see clients/duties.py


class ClientRequest(TenantRequest):
    """A request of a signed-in member: what every page of a Client gets."""

    user: User
    client: Client
    membership: Membership
