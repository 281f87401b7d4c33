"""An administrator's changes in the words of the audit log and of stock admin's history."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import override

from accounts.models import Membership, User
from audit.kinds import Kind
from clients.models import Client
from workspace.audit_log.words import field_names


def log_target(row: Model) -> str:
    """Return "user alice", in one language, whichever the administrator reads."""
    with override("en"):
        return f"{row._meta.model_name} {getattr(row, 'audit_target', row)}"


def own_parts(message: Any) -> list[dict[str, Any]]:
    """Leave out of stock admin's message the rows of inlines, which have events of their own."""
    return [part for part in message if not any("name" in what for what in part.values())]


def saved_rows(formset: Any) -> Iterator[tuple[Kind, Model, list[str]]]:
    for row in formset.new_objects:
        yield Kind.ADDED, row, []
    for row, changed in formset.changed_objects:
        yield Kind.CHANGED, row, [formset.forms[0].fields[name].label for name in changed]
    for row in formset.deleted_objects:
        yield Kind.DELETED, row, []


def translate_message(message: Any) -> Any:
    if not isinstance(message, list):
        return message
    return [{verb: translate_fields(what) for verb, what in part.items()} for part in message]


def translate_fields(what: dict[str, Any]) -> dict[str, Any]:
    if "fields" not in what:
        return what
    names = field_names()
    with override(None):
        return what | {"fields": [str(names.get(each, each)) for each in what["fields"]]}


def affected_client(changed: Model) -> Client | None:
    if isinstance(changed, Client):
        return changed
    if isinstance(changed, User):
        changed = (
            Membership.unscoped.select_related("client").filter(user=changed).first() or changed
        )
    return getattr(changed, "client", None)


def change_details(message: Any) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for part in message if isinstance(message, list) else []:
        for verb, what in part.items():
            said.setdefault(verb, []).extend(what.get("fields", []))
    return {verb: ", ".join(map(str, names)) for verb, names in said.items() if names}
