"""API keys: how one is made, and how a request with one is let in."""

import hashlib
import secrets
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, AuthorizationError
from ninja.security import HttpBearer

from clients.http import TenantRequest
from clients.models import ApiKey, Client, Scope
from paykassma_admin.tenancy import act_for

PREFIX_LENGTH = 12
USE_RECORDED_EVERY = timedelta(minutes=1)


def new_key() -> str:
    return f"pk_{secrets.token_urlsafe(32)}"


def prefix_of(key: str) -> str:
    """What may be shown of a key: enough to tell it from others."""
    return key[:PREFIX_LENGTH]


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class KeyBearer(HttpBearer):
    """Lets a key with `scope` in, to its Client's rows. Cookies open nothing."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: TenantRequest, token: str) -> ApiKey:  # type: ignore[override]  # narrower: TenantMiddleware stands before it
        key = enter_with(token)
        request.client, request.membership, request.actor = key.client, None, key.actor
        refuse_if_closed(key, self.scope)
        record_use(key)
        return key


def enter_with(token: str) -> ApiKey:
    """Let the request see the rows of the key's Client, and act in the key's name."""
    client_id = client_of(digest_of(token))
    if client_id is None:
        raise AuthenticationError(message=_("The key is unknown."))
    act_for(client_id, actor=f"key {prefix_of(token)}")
    client = Client.objects.get(pk=client_id)
    key = ApiKey.objects.for_client(client).get(sha256=digest_of(token))
    key.client = client
    return key


def client_of(digest: str) -> int | None:
    """Whose key this is: asked of a database function, since no Client's rows are seen yet."""
    with connection.cursor() as cursor:
        cursor.execute("select api_key_client(%s)", [digest])
        row = cursor.fetchone()
    return row[0] if row else None


def refuse_if_closed(key: ApiKey, scope: Scope) -> None:
    if key.revoked_at is not None:
        raise AuthenticationError(message=_("The key is revoked."))
    if key.is_expired(timezone.now()):
        raise AuthenticationError(message=_("The key has expired."))
    if scope not in key.scopes:
        raise AuthorizationError(message=_("The key is not for this request."))
    if not key.client.is_active:
        raise AuthorizationError(message=_("The Client of this key is switched off."))


def record_use(key: ApiKey) -> None:
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_RECORDED_EVERY)
    ApiKey.everyones.filter(long_ago, pk=key.pk).update(last_used_at=now)
