from collections.abc import Iterator
from contextlib import contextmanager

from accounts.http import TenantRequest
from audit.client_ip import client_ip
from audit.record import Actor
from clients.models import Client
from paykassma_admin.database.tenancy import current_actor, restore_actor, set_tenant


def actor_of(request: TenantRequest) -> Actor:
    return Actor(request.actor, client_ip(request), request.actor_kind)


@contextmanager
def member_log(request: TenantRequest) -> Iterator[Client | None]:
    """Yield the Client whose log has what its member does, or None for anybody else.

    One that is switched off has a log, too, and is the tenant only meanwhile.
    """
    if request.membership is None or request.client is not None:
        yield request.client if request.membership else None
        return
    earlier = current_actor()
    set_tenant(request.membership.client_id, user_id=request.user.pk, actor=request.actor)
    yield request.membership.client
    restore_actor(earlier)
