from accounts.http import TenantRequest
from audit.client_ip import address_of
from audit.record import Actor


def actor_of(request: TenantRequest) -> Actor:
    return Actor(request.actor, address_of(request), request.actor_kind)
