"""What the audit log says of proofs: by what somebody has shown who he is, and what was wrong."""

from collections.abc import Mapping
from typing import cast

from allauth.mfa.models import Authenticator
from django.forms import Form

from clients import audit
from clients.attempts import see_client_of
from clients.audit import Actor, Kind, Result, actor_of
from clients.http import TenantRequest
from clients.models import User
from clients.origins import address_of
from clients.second_factor import name_of, proved_last
from paykassma_admin.tenancy import act_for

TOO_MANY = "too_many_login_attempts"
TRIED = {"password": "password", "code": "code", "credential": "passkey"}  # by fields of forms


def result_of(form: Form) -> Result | None:
    """How an attempt ended that its form refuses; None where nothing was tried."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if TOO_MANY in codes:
        return Result.REFUSED
    return None if codes <= {"required"} else Result.FAILED


def tried_in(form: Form) -> str:
    return next(factor for field, factor in TRIED.items() if field in form.fields)


# At the door, where nobody is signed in yet


def record_second_step(request: TenantRequest, user: User, form: Form) -> None:
    """Wrong, after the right password. What no pause bounds is written once a minute."""
    result, factor = result_of(form), tried_in(form)
    is_bounded = result == Result.FAILED and factor == "code"
    if result and (is_bounded or audit.is_first_of_a_minute(user.pk, factor, result)):
        record_failed_step(request, user, factor, result)


def record_failed_step(request: TenantRequest, user: User, factor: str, result: Result) -> None:
    audit.record(
        Kind.SIGN_IN,
        by=Actor(user.username, address_of(request)),
        client=see_client_of(user.pk),
        result=result,
        details={"factor": factor},
    )
    act_for(None)


def record_unknown_passkey(request: TenantRequest) -> None:
    """Anybody may send one in anybody's name: it is nobody's, and written once a minute."""
    by = Actor("", address_of(request))
    if audit.is_first_of_a_minute("passkey", by.address):
        details = {"factor": "passkey"}
        audit.record(Kind.SIGN_IN, by=by, result=Result.FAILED, details=details)


# Of whoever is signed in


def record_own(
    kind: Kind,
    request: TenantRequest,
    details: Mapping[str, object] | None = None,
    *,
    result: Result = Result.OK,
) -> None:
    """What somebody does about his own account, in the log of his Client.

    An administrator has none, and of the one that he looks at it is no affair.
    """
    by, client = actor_of(request), request.client if request.membership else None
    audit.record(kind, by=by, client=client, target=by.name, result=result, details=details)


def record_confirmation(request: TenantRequest) -> None:
    factor = proved_last(request, cast(User, request.user))
    record_own(Kind.REAUTHENTICATION, request, {"factor": factor})


def record_wrong_confirmation(request: TenantRequest, form: Form) -> None:
    """One too many is answered with 429, and so written as every refusal is."""
    if (result := result_of(form)) == Result.FAILED:
        record_own(Kind.REAUTHENTICATION, request, {"factor": tried_in(form)}, result=result)


def record_recovery_code(request: TenantRequest, used: Authenticator | None) -> None:
    """Where it was one: whoever has none left is locked out when he loses his phone."""
    if used and used.type == Authenticator.Type.RECOVERY_CODES:
        used.refresh_from_db()  # the library has marked the code in another copy of the row
        left = len(used.wrap().get_unused_codes())
        record_own(Kind.RECOVERY_CODE_USED, request, {"left": left})


def told(factor: Authenticator) -> dict[str, str]:
    """A passkey has the name that its user gave it."""
    if factor.type == Authenticator.Type.WEBAUTHN:
        return {"factor": name_of(factor), "name": factor.wrap().name}
    return {"factor": name_of(factor)}
