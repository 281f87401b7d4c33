"""The challenge that a passkey signs at sign-in, in a cookie: a visitor has no session."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase, JsonResponse
from fido2.webauthn import UserVerificationRequirement

COOKIE = f"{settings.COOKIE_PREFIX}passkey_challenge"
SECONDS = 5 * 60
USED = "used_challenges"
MOST_USED = 20  # more sign-ins than one passkey makes in five minutes


def offer_challenge() -> JsonResponse:
    server = auth.get_server()
    options, state = server.authenticate_begin([], UserVerificationRequirement.REQUIRED)
    response = JsonResponse({"request_options": dict(options)})
    response.set_signed_cookie(
        COOKIE,
        json.dumps(state),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def take_challenge(request: HttpRequest) -> None:
    """Put the cookie's challenge where allauth looks for it, unless it is old or forged."""
    auth.clear_state()
    if state := request.get_signed_cookie(COOKIE, "", max_age=SECONDS):
        auth.set_state(json.loads(state))


def drop_challenge(response: HttpResponseBase) -> None:
    auth.clear_state()
    response.delete_cookie(COOKIE, samesite="Strict")


def use_up_challenge(authenticator: Authenticator, challenge: str) -> bool:
    """Return whether the passkey signed the challenge for the first time."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    used: list[Any] = kept.data.get(USED, [])
    if challenge in used:
        return False
    kept.data[USED] = [challenge, *used][:MOST_USED]
    kept.save(update_fields=["data"])
    authenticator.data = kept.data
    return True
