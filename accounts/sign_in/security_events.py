"""Audit events of proofs: sign-ins, reauthentications, and changes of factors."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.forms import Form

from accounts.actors import actor_of, member_log
from accounts.http import TenantRequest
from accounts.mfa.second_factor import factor_name, latest_proof
from accounts.middleware import set_request_tenant
from accounts.models import User
from accounts.sign_in.attempts import set_tenant_of_user
from accounts.sign_in.lockout import client_network
from audit.client_ip import client_ip
from audit.kinds import ActorKind, Kind, Result
from audit.record import ONCE_A_MINUTE, Actor, is_first_within_minute, record_event
from paykassma_admin.database.tenancy import set_tenant

TOO_MANY = "too_many_login_attempts"
COUNTED = {"incorrect_password", "incorrect_code"}  # errors of what was tried
TRIED = {"password": "password", "code": "code", "credential": "passkey"}  # by fields of forms


def form_result(form: Form) -> Result | None:
    """Return the result of an attempt that its form refuses; None if nothing was tried."""
    codes = error_codes(form)
    if TOO_MANY in codes:
        return Result.REFUSED
    return None if codes <= {"required"} else Result.FAILED


def error_codes(form: Form) -> set[str | None]:
    return {error.code for errors in form.errors.as_data().values() for error in errors}


def pause_duration(form: Form) -> timedelta:
    errors = [error for each in form.errors.as_data().values() for error in each]
    params = next(error.params or {} for error in errors if error.code == TOO_MANY)
    return timedelta(minutes=params["minutes"])


def tried_factor(form: Form) -> str:
    return next(factor for field, factor in TRIED.items() if field in form.fields)


def is_bounded(form: Form) -> bool:
    """Return whether the attempt was counted, so that a pause follows. Passkeys never are."""
    return tried_factor(form) != "passkey" and not COUNTED.isdisjoint(error_codes(form))


def should_record(kind: Kind, login: str, request: TenantRequest, form: Form) -> bool:
    """Return True if a pause bounds the attempts; else once a minute, or anybody fills the log."""
    what = kind, login, tried_factor(form), form_result(form), client_network(request)
    return is_bounded(form) or is_first_within_minute(request.client, *what)


def attempt_details(form: Form) -> dict[str, str]:
    return {"factor": tried_factor(form)} | ({} if is_bounded(form) else ONCE_A_MINUTE)


# At the door, where nobody is signed in yet


def record_second_step(request: TenantRequest, user: User, form: Form) -> None:
    result = form_result(form)
    if result and should_record(Kind.SIGN_IN, user.username, request, form):
        details = attempt_details(form)
        record_before_sign_in(Kind.SIGN_IN, request, user, result=result, details=details)


def record_passkey_of_switched_off(request: TenantRequest, user: User) -> None:
    details = {"factor": "passkey"}
    record_before_sign_in(Kind.SIGN_IN, request, user, result=Result.FAILED, details=details)


def record_wasted_recovery_code(
    request: TenantRequest, user: User, used: Authenticator | None
) -> None:
    if left := codes_left(used):
        target = user.username
        record_before_sign_in(Kind.RECOVERY_CODE_USED, request, user, target=target, details=left)


def record_before_sign_in(kind: Kind, request: TenantRequest, user: User, **more: Any) -> None:
    """Record in the log of the user's Client, which is not yet the tenant."""
    by = Actor(user.username, client_ip(request), ActorKind.VISITOR)
    record_event(kind, by=by, client=set_tenant_of_user(user.pk), **more)
    set_tenant(None)


def record_unknown_passkey(request: TenantRequest) -> None:
    """Record a passkey without naming its user, whom anybody could claim, once a minute."""
    by = Actor("", client_ip(request), ActorKind.VISITOR)
    if is_first_within_minute(None, "passkey", by.address):
        details = {"factor": "passkey"} | ONCE_A_MINUTE
        record_event(Kind.SIGN_IN, by=by, result=Result.FAILED, details=details)


# Members and administrators who are signed in


@receiver(user_logged_in)
def record_sign_in(sender: object, request: TenantRequest, user: User, **kwargs: object) -> None:
    set_request_tenant(request, user)
    details = {"factor": latest_proof(request, user)}
    with member_log(request) as client:
        record_event(Kind.SIGN_IN, by=actor_of(request), client=client, details=details)


@receiver(user_logged_out)
def record_sign_out(
    sender: object, request: TenantRequest, user: User | None, **kwargs: object
) -> None:
    """Record a sign-out; an administrator's stands in no Client's log, impersonated or not."""
    if user is not None:
        with member_log(request) as client:
            record_event(Kind.SIGN_OUT, by=actor_of(request), client=client)


def record_own(
    kind: Kind,
    request: TenantRequest,
    details: Mapping[str, object] | None = None,
    *,
    result: Result = Result.OK,
) -> None:
    """Record what a member does about their own account, in the Client's log.

    An administrator's stands in none, even during impersonation.
    """
    by = actor_of(request)
    with member_log(request) as client:
        record_event(kind, by=by, client=client, target=by.name, result=result, details=details)


def record_confirmation(request: TenantRequest) -> None:
    factor = latest_proof(request, cast(User, request.user))
    record_own(Kind.REAUTHENTICATION, request, {"factor": factor})


def record_wrong_confirmation(request: TenantRequest, form: Form) -> None:
    """Record a failure; attempts beyond the limit are recorded as refusals."""
    kind, result = Kind.REAUTHENTICATION, form_result(form)
    if result == Result.FAILED and should_record(kind, request.actor, request, form):
        record_own(kind, request, attempt_details(form), result=result)


def record_recovery_code(request: TenantRequest, used: Authenticator | None) -> None:
    if left := codes_left(used):
        record_own(Kind.RECOVERY_CODE_USED, request, left)


def codes_left(used: Authenticator | None) -> dict[str, int] | None:
    if used is None or used.type != Authenticator.Type.RECOVERY_CODES:
        return None
    used.refresh_from_db()  # the library has marked the code in another copy of the row
    return {"left": len(used.wrap().get_unused_codes())}


def factor_details(factor: Authenticator) -> dict[str, str]:
    if factor.type == Authenticator.Type.WEBAUTHN:
        return {"factor": factor_name(factor), "name": factor.wrap().name}
    return {"factor": factor_name(factor)}
