from accounts.http import TenantRequest
from audit.client_ip import client_ip
from audit.record import Actor


def actor_of(request: TenantRequest) -> Actor:
    return Actor(request.actor, client_ip(request), request.actor_kind)
