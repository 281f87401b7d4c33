from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
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


def address_of(request: HttpRequest) -> str | None:
    """Where it comes from: by X-Forwarded-For only as far as ALLAUTH_TRUSTED_PROXY_COUNT goes.

    The same that attempts to sign in are counted by. None where no address can be told.
    """
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address
