import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts.http import TenantRequest
from accounts.models import User, WrongCodes
from clients.models import Client

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
NAMES = {
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery_code",
}


def is_required(user: User, client: Client | None) -> bool:
    if user.is_demo:
        return False
    return user.is_staff or (client is not None and client.second_factor_required)


def is_last_with_recovery_codes(factor: Authenticator) -> bool:
    """Return whether its removal deletes recovery codes: allauth keeps none without a factor."""
    others = Authenticator.objects.filter(user=factor.user).exclude(pk=factor.pk)
    types = set(others.values_list("type", flat=True))
    return types == {Authenticator.Type.RECOVERY_CODES}


def is_missing(request: TenantRequest) -> bool:
    user = request.user
    return is_required(user, request.client) and not is_proved(request)  # type: ignore[arg-type]  # asked of the signed-in alone


def is_proved(request: HttpRequest) -> bool:
    return "mfa" in {record["method"] for record in authentication_records(request, request.user)}


def has_recent_proof(request: HttpRequest) -> bool:
    """Return whether a password or second factor was proved within five minutes."""
    latest: float = max(
        (record["at"] for record in authentication_records(request, request.user)), default=0
    )
    return time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def authentication_records(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get_authentication_records(request, user)
    return found


def latest_proof(request: HttpRequest, user: User) -> str:
    """Return "password", a name of a second factor, or "" without any proof."""
    *_earlier, last = [{"method": ""}, *authentication_records(request, user)]
    return str(NAMES.get(last.get("type"), last["method"]))


def factor_name(authenticator: Authenticator) -> str:
    return NAMES[authenticator.type]


def record_proof(request: HttpRequest, authenticator: Authenticator) -> None:
    record_authentication(
        request, request.user, "mfa", id=authenticator.pk, type=authenticator.type
    )


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def remove_factors(user: User) -> list[str]:
    factors = Authenticator.objects.filter(user_id=user.pk).order_by("created_at")
    removed = [factor_name(authenticator) for authenticator in factors]
    factors.delete()
    WrongCodes.objects.filter(user=user).delete()
    return removed
