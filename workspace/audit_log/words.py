"""Details of audit events in words. The exported file keeps their keys.

An event holds keys and codes, which no translation changes; a key without words is shown as it is,
so that no record is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope
from accounts.roles import Role
from audit.kinds import Kind
from audit.models import AuditEvent
from paykassma_admin import formats
from paykassma_admin.lists.choices import flatten_choices
from workspace.audit_log.changes import change_sentences, changed_row_in_words

type Words = Mapping[str, str | Promise]

OMITTED = "…"  # in place of what may be a payer's name
PROOFS = {
    "password": _("password"),
    "app": _("authenticator app"),
    "passkey": pgettext_lazy("proof", "passkey"),
    "recovery_code": _("recovery code"),
    "code": _("code"),
    "mfa": _("second factor"),
}
LABELS: Words = {
    "factor": _("Proof"),
    "role": _("Role"),
    "left": _("Recovery codes left"),
    "ended": pgettext_lazy("details", "Sessions ended"),
    "browser": _("Browser"),
    "name": _("Name"),
    "owner": _("First owner"),
    "looking": _("Viewing"),
    "minutes": _("Maximum minutes"),
    "method": _("Method"),
    "status": _("Answer"),
    "scopes": _("Access to"),
    "last_day": _("Last day"),
    "time_zone": _("Time zone"),
    "wallet": _("Wallet"),  # of a type: which, the event's target says
    "codes": _("Codes"),
    "same_within_minute": _("More of the same within the next 60 seconds"),
}
FACTOR: Words = {"factor": _("Second factor"), "name": _("Name")}
IMPORT: Words = {
    "new": pgettext_lazy("rows", "New"),
    "changed": pgettext_lazy("rows", "Changed"),
    "unchanged": pgettext_lazy("rows", "Unchanged"),
    "stale": pgettext_lazy("rows", "Older than stored"),
    "refused": pgettext_lazy("rows", "Refused"),
}
CHANGES = (Kind.ADDED, Kind.CHANGED, Kind.DELETED)
LABELS_BY_KIND: dict[str, Words] = {
    Kind.IMPORT_ENDED: IMPORT,
    Kind.JOB_ENDED: {"done": pgettext_lazy("details", "Done")},
    Kind.SECOND_FACTOR_ADDED: FACTOR,
    Kind.SECOND_FACTOR_REMOVED: FACTOR,
}
VALUES: dict[str, Words] = {
    "factor": PROOFS,
    "role": dict(Role.choices),
    "scopes": dict(Scope.choices),
    "last_day": {"none": pgettext_lazy("a key", "none")},
    "same_within_minute": dict.fromkeys(
        ["once_per_process", "not_recorded"],  # the latter of older events
        _("at most one recorded by each server process"),
    ),
    "looking": {"begun": _("begun"), "ended": pgettext_lazy("viewing", "ended")},
    "wallet": {
        "active": _("available"),
        "switched_off": _("switched off"),
        "unknown": pgettext_lazy("a wallet type", "unknown"),
        "ambiguous": _("the name fits several types"),
    },
}


def details_in_words(event: AuditEvent) -> str:
    """Return "Role: Auditor → Operator", "Found by label: user-7 · Status: Active"."""
    return " · ".join(detail_sentences(event.kind, event.target, event.details))


def detail_sentences(kind: str, target: str, details: Mapping[str, Any]) -> Iterator[str]:
    if details.keys() == {"before", "after"}:
        roles = [VALUES["role"].get(details[name], details[name]) for name in ("before", "after")]
        yield f"{gettext('Role')}: {roles[0]} → {roles[1]}"
        return
    if kind in CHANGES:
        yield from change_sentences(target, details)
        return
    filters = export_filters(target) if kind == Kind.EXPORT else {}
    labels = LABELS_BY_KIND.get(kind, LABELS)
    for name, value in sort_details(filters or labels, details):
        if value == "":  # nothing was proved, or nothing was there to remove
            continue
        if name in filters:
            yield f"{filters[name].label}: {filter_value(filters[name], name, str(value))}"
        else:
            yield f"{labels.get(name, name)}: {value_in_words(name, value)}"


def sort_details(known: Mapping[str, Any], details: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Sort details as `known` is: the database keeps no order of keys."""
    places = {name: place for place, name in enumerate(known)}
    return sorted(details.items(), key=lambda each: places.get(each[0], len(places)))


def value_in_words(name: str, value: Any) -> str:
    if name == "last_day":
        value = format_day(value)
    words = VALUES.get(name, {})
    return ", ".join(str(words.get(part, part)) for part in str(value).split(","))


def target_in_words(event: AuditEvent) -> str:
    return changed_row_in_words(event.target) if event.kind in CHANGES else event.target


@cache
def export_filters(address: str) -> Mapping[str, Any]:
    """Return the filters of the exported list; none if its page is gone."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return {}
    filterset = getattr(getattr(view, "view_class", None), "filterset_class", None)
    return filterset.base_filters if filterset else {}


def filter_value(asked: Any, name: str, value: str) -> str:
    if value == OMITTED:
        return gettext("not recorded")
    if name in ("date_from", "date_to"):
        return format_day(value)
    if name == "country":
        return formats.country_name(value)
    offered = getattr(asked, "choices", None)
    if offered is None or callable(offered):  # of a Client: recorded as a reader knows it
        return value
    words = {str(code): str(label) for code, label in flatten_choices(offered)}
    return ", ".join(words.get(part, part) for part in value.split(","))


def format_day(value: str) -> str:
    try:
        return formats.day(date.fromisoformat(value))
    except ValueError:
        return value
