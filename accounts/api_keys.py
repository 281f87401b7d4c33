import hashlib
import math
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, AuthorizationError, Throttled
from ninja.security import HttpBearer

from accounts.http import TenantRequest
from accounts.models import ApiKey, Scope
from accounts.turns import Holder, remember
from audit.kinds import ActorKind
from clients.models import Client
from paykassma_admin.database.request_transaction import commit
from paykassma_admin.database.tenancy import set_tenant

PREFIX_LENGTH = 12
MINUTE = timedelta(minutes=1)


def new_key() -> str:
    return f"pk_{secrets.token_urlsafe(32)}"


def prefix_of(key: str) -> str:
    """Return what may be shown of a key: enough to tell it from others."""
    return key[:PREFIX_LENGTH]


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class KeyBearer(HttpBearer):
    """Authenticate a request by a key with `scope`; cookies open nothing."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKey:
        """Raise AuthenticationError in our words if there is no key; ninja's are English."""
        key: ApiKey | None = super().__call__(request)
        if key is None:
            raise AuthenticationError(message=_("The request has no key."))
        return key

    def authenticate(self, request: TenantRequest, token: str) -> ApiKey:  # type: ignore[override]  # narrower: TenantMiddleware stands before it
        key = authenticate_key(token)
        request.client, request.actor = key.client, key.actor
        request.actor_kind = ActorKind.KEY
        request.membership, request.role, request.is_impersonating = None, None, False
        require_open_key(key, self.scope)
        remember(("key", token), Holder("key", key.pk, key.client_id))
        count_request(request, key)
        return key


def authenticate_key(token: str) -> ApiKey:
    client_id = key_client_id(digest_of(token))
    if client_id is None:
        raise AuthenticationError(message=_("The key is unknown."))
    set_tenant(client_id, actor=f"key {prefix_of(token)}")
    client = Client.objects.get(pk=client_id)
    key = ApiKey.objects.for_client(client).get(sha256=digest_of(token))
    key.client = client
    return key


def key_client_id(digest: str) -> int | None:
    """Return the id of the key's Client, by a database function: no tenant is set yet."""
    with connection.cursor() as cursor:
        cursor.execute("select api_key_client(%s)", [digest])
        row = cursor.fetchone()
    return row[0] if row else None


def require_open_key(key: ApiKey, scope: Scope) -> None:
    if key.revoked_at is not None:
        raise AuthenticationError(message=_("The key is revoked."))
    if key.is_expired(timezone.now()):
        raise AuthenticationError(message=_("The key has expired."))
    if scope not in key.scopes:
        raise AuthorizationError(message=_("The key does not allow this request."))
    if not key.client.is_active:
        raise AuthorizationError(message=_("The Client of this key is switched off."))


def count_request(request: TenantRequest, key: ApiKey) -> None:
    """Count this request and record its time, in one statement, so that no two pass as the last.

    Raise Throttled beyond the limit. Requests far beyond it only read, and do not queue for the
    row.
    """
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    most = settings.API_REQUESTS_A_MINUTE
    is_used_up = key.counted_minute == minute and key.counted_requests >= most
    count = None if is_used_up else increment_count(key, now, minute, most=most)
    wait = math.ceil((minute + MINUTE - now).total_seconds())
    request.rate_headers = rate_headers(most, count, wait)
    if count is None:
        raise Throttled(wait=wait)
    commit()  # no other request waits for the key's row, and this one counts whatever comes


def rate_headers(most: int, count: int | None, wait: int) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(0 if count is None else most - count),
        "X-RateLimit-Reset": str(wait),  # in seconds, as Retry-After
    }


INCREMENT = """
    update accounts_apikey
    set last_used_at = %(now)s, counted_minute = %(minute)s,
        counted_requests = 1
            + case when counted_minute = %(minute)s then counted_requests else 0 end
    where id = %(id)s
        and (counted_minute is distinct from %(minute)s or counted_requests < %(most)s)
    returning counted_requests
"""


def increment_count(key: ApiKey, now: datetime, minute: datetime, *, most: int) -> int | None:
    """Return which request of its minute this is; None if others have reached the limit."""
    with connection.cursor() as cursor:
        cursor.execute(INCREMENT, {"now": now, "minute": minute, "id": key.pk, "most": most})
        row = cursor.fetchone()
    return row[0] if row else None
