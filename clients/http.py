from django.http import HttpRequest

from clients.models import Client, Membership, User


class TenantRequest(HttpRequest):
    """A request that has passed TenantMiddleware: whose rows it may see, None for no Client's."""

    client: Client | None
    membership: Membership | None


class ClientRequest(TenantRequest):
    """A request of a signed-in member: what every page of a Client gets."""

    user: User
    client: Client
    membership: Membership
