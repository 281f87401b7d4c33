"""Requests that may be sent again: one that names an Idempotency-Key is done once in a day."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import KeyRequest
from accounts.models import IdempotentRequest, IdempotentRequestQuerySet
from paykassma_admin.api.problems import Refused
from paykassma_admin.database.request_transaction import commit, pause_transaction
from paykassma_admin.database.tenancy import tenant

HEADER = "Idempotency-Key"
NAME = re.compile(r"[!-~]{1,255}", re.ASCII)
KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)  # without an answer: the process that was at it has died
RETRY_SECONDS = 5

type View = Callable[[KeyRequest], HttpResponse]

# One that is too old, or that nobody is at any more, begins anew.
START = """
    insert into accounts_idempotentrequest as earlier
        (client_id, key_id, name, sha256, started_at, media_type, body)
    values (%(client)s, %(key)s, %(name)s, %(sha256)s, %(now)s, '', '')
    on conflict (key_id, client_id, name) do update
        set sha256 = excluded.sha256, started_at = excluded.started_at,
            status = null, media_type = '', body = ''
        where earlier.started_at < %(expired)s
            or (earlier.status is null and earlier.sha256 = excluded.sha256
                and earlier.started_at < %(abandoned)s)
    returning id
"""


def idempotent(view: View) -> View:
    """Answer a request that comes again as it was answered, without doing it again."""

    @wraps(view)
    def answer(request: KeyRequest) -> HttpResponse:
        if HEADER not in request.headers:
            return view(request)
        started_at = timezone.now()
        if not start(request, started_at):
            return answer_again(request)
        try:
            response = run(view, request)
        except BaseException:
            forget(request, started_at)
            raise
        own_row(request).filter(started_at=started_at).update(
            status=response.status_code,
            media_type=response.headers["Content-Type"],
            body=response.content.decode(),
        )
        return response

    return answer


def start(request: KeyRequest, now: datetime) -> bool:
    """Commit that the request is at work; return False if it was sent before."""
    values: dict[str, Any] = {
        "client": request.client.pk,
        "key": request.auth.pk,
        "name": request_name(request),
        "sha256": request_digest(request),
        "now": now,
        "expired": now - KEPT,
        "abandoned": now - ABANDONED,
    }
    with connection.cursor() as cursor:
        cursor.execute(START, values)
        is_new = cursor.fetchone() is not None
    commit()
    return is_new


def request_name(request: KeyRequest) -> str:
    name: str = request.headers[HEADER]
    if not NAME.fullmatch(name):
        sentence = _("An Idempotency-Key has 1 to 255 visible characters of ASCII.")
        raise Refused(400, sentence)
    return name


def request_digest(request: KeyRequest) -> str:
    encoding = request.headers.get("Content-Encoding", "")
    said = f"{request.method} {request.get_full_path()} {encoding}\n".encode()
    return hashlib.sha256(said + request.body).hexdigest()


def own_row(request: KeyRequest) -> IdempotentRequestQuerySet:
    own = IdempotentRequest.objects.for_client(request.client)
    return own.filter(key=request.auth, name=request_name(request))


def run(view: View, request: KeyRequest) -> HttpResponse:
    try:
        return view(request)
    except Refused as refused:  # an answer as any other
        return refused.response()


def answer_again(request: KeyRequest) -> HttpResponse:
    stored = own_row(request).get()
    if stored.sha256 != request_digest(request):
        raise Refused(422, _("This Idempotency-Key was used for another request."))
    if stored.status is None:
        sentence = _("A request with this Idempotency-Key is still at work. Send it again later.")
        raise Refused(409, sentence, headers={"Retry-After": str(RETRY_SECONDS)})
    headers = {"Idempotency-Replayed": "true"}
    return HttpResponse(
        stored.body, status=stored.status, content_type=stored.media_type, headers=headers
    )


def forget(request: KeyRequest, started_at: datetime) -> None:
    """Let a request that failed be sent again at once, if the database is there."""
    with suppress(DatabaseError), pause_transaction(), tenant(request.client.pk):
        own_row(request).filter(started_at=started_at).delete()


def remove_old_requests(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Remove what is kept no longer, of all Clients, as worker."""
    old = IdempotentRequest.unscoped.using(using).filter(started_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
