"""Details of audit events in words. The exported file keeps their keys.

An event holds keys and codes, which no translation changes; a key without words is shown as it is,
so that no record is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from audit.kinds import Kind
from audit.models import AuditEvent
from paykassma_admin import formats
from paykassma_admin.lists.choices import flatten_choices

type Words = Mapping[str, str | Promise]

BEFORE_AFTER = "before_after"  # in details of a change: what the object was called
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
    "time_zone": _("Time zone"),
    "looking": _("Viewing"),
    "minutes": _("Maximum minutes"),
    "method": _("Method"),
    "status": _("Answer"),
    "wallet": _("Wallet"),  # of a type: which, the event's target says
}
FACTOR: Words = {"factor": _("Second factor"), "name": _("Name")}
IMPORT: Words = {
    "new": pgettext_lazy("rows", "New"),
    "changed": pgettext_lazy("rows", "Changed"),
    "unchanged": pgettext_lazy("rows", "Unchanged"),
    "stale": pgettext_lazy("rows", "Older than stored"),
    "refused": pgettext_lazy("rows", "Refused"),
}
BACK_OFFICE: Words = {
    "added": pgettext_lazy("fields", "Added"),
    "changed": pgettext_lazy("fields", "Changed"),
    "deleted": pgettext_lazy("fields", "Deleted"),
    BEFORE_AFTER: _("Before and after"),
}
CHANGES = (Kind.ADDED, Kind.CHANGED, Kind.DELETED)
LABELS_BY_KIND: dict[str, Words] = {
    Kind.IMPORT_ENDED: IMPORT,
    Kind.SECOND_FACTOR_ADDED: FACTOR,
    Kind.SECOND_FACTOR_REMOVED: FACTOR,
    **dict.fromkeys(CHANGES, BACK_OFFICE),
}
VALUES: dict[str, Words] = {
    "factor": PROOFS,
    "role": dict(Role.choices),
    "looking": {"begun": _("begun"), "ended": pgettext_lazy("viewing", "ended")},
    "wallet": {
        "active": _("available"),
        "switched_off": _("switched off"),
        "unknown": pgettext_lazy("a wallet type", "unknown"),
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
    filters = export_filters(target) if kind == Kind.EXPORT else {}
    labels = LABELS_BY_KIND.get(kind, LABELS)
    for name, value in sort_details(filters or labels, details):
        if value == "":  # nothing was proved, or nothing was there to remove
            continue
        if name in filters:
            yield f"{filters[name].label}: {filter_value(filters[name], name, str(value))}"
        else:
            yield f"{labels.get(name, name)}: {value_in_words(kind, name, value)}"


def sort_details(known: Mapping[str, Any], details: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Sort details as `known` is: the database keeps no order of keys."""
    places = {name: place for place, name in enumerate(known)}
    return sorted(details.items(), key=lambda each: places.get(each[0], len(places)))


def value_in_words(kind: str, name: str, value: Any) -> str:
    if kind in CHANGES and name != BEFORE_AFTER:
        names = field_names()
        return ", ".join(str(names.get(capfirst(each), each)) for each in str(value).split(", "))
    words = VALUES.get(name, {})
    return ", ".join(str(words.get(part, part)) for part in str(value).split(","))


def target_in_words(event: AuditEvent) -> str:
    model, _space, row = event.target.partition(" ")
    if event.kind in CHANGES and model in model_names():
        return f"{capfirst(str(model_names()[model]))} {row}"
    return event.target


@cache
def model_names() -> Words:
    return {str(m._meta.model_name): m._meta.verbose_name or "" for m in apps.get_models()}


@cache
def field_names() -> Words:
    """Return names of fields by their English ones, capitalised as stock admin has them."""
    fields = [field for model in apps.get_models() for field in model._meta.fields]
    with override(None):
        return {capfirst(str(field.verbose_name)): field.verbose_name or "" for field in fields}


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
