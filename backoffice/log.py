"""An administrator's changes in the words of the audit log and of stock admin's history."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import override

from accounts.models import Membership, User
from audit.kinds import Kind
from audit.record import DETAIL_LENGTH, truncate
from clients.models import Client
from paykassma_admin.values.money import plain
from workspace.audit_log.changes import ARROW, change_sentences, field_names

VALUES = "values"  # in stock admin's message, which reads names alone
SECRET = re.compile("password|secret|sha256|token")


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


def add_values(message: Any, details: dict[str, str]) -> Any:
    """Add to what a form has changed its values before and after; stock admin has names alone."""
    if not isinstance(message, list):
        return message
    return [
        {"changed": {**part["changed"], VALUES: details}} if is_own_change(part) else part
        for part in message
    ]


def is_own_change(part: dict[str, Any]) -> bool:
    return "changed" in part and "name" not in part["changed"]


def history_in_words(entry: LogEntry) -> str:
    """Return "Is active: yes → no." in the reader's language, and the rest as stock admin does."""
    parts = json.loads(entry.change_message) if entry.change_message.startswith("[") else []
    told = [part["changed"][VALUES] for part in parts if VALUES in part.get("changed", {})]
    if not told:
        return entry.get_change_message()
    model = entry.content_type.model if entry.content_type else ""
    sentences = [f"{each}." for details in told for each in change_sentences(model, details)]
    entry.change_message = json.dumps([part for part in parts if not is_own_change(part)])
    return " ".join([*sentences, *([entry.get_change_message()] if len(parts) > len(told) else [])])


def affected_client(changed: Model) -> Client | None:
    if isinstance(changed, Client):
        return changed
    if isinstance(changed, User):
        changed = (
            Membership.unscoped.select_related("client").filter(user=changed).first() or changed
        )
    return getattr(changed, "client", None)


def change_details(message: Any, row: Model) -> dict[str, str]:
    """Return {"is_active": "true → false"}; names alone of fields whose values are not recorded."""
    changes, names = field_changes(row), field_labels(row)
    details, said = {}, dict[str, list[str]]()
    for part in message if isinstance(message, list) else []:
        for verb, what in part.items():
            for label in map(str, what.get("fields", [])):
                name = names.get(label, "")
                if name in changes:
                    details[name] = changes[name]
                else:
                    said.setdefault(verb, []).append(label)
    return details | {verb: ", ".join(labels) for verb, labels in said.items()}


def field_changes(row: Model) -> dict[str, str]:
    """Return each change since the row was loaded, cut so that a detail has room for both ends."""
    before, now = getattr(row, "values_before", None), stored_values(row)
    if before is None or before.get("client") != now.get("client"):
        return {}  # of another Client's row its new one's log has nothing
    most = (DETAIL_LENGTH - len(ARROW)) // 2
    return {
        name: f"{truncate(before[name], most)}{ARROW}{truncate(value, most)}"
        for name, value in now.items()
        if value != before[name]
    }


def stored_values(row: Model) -> dict[str, str]:
    """Return the fields in no language, without secrets."""
    fields = [field for field in row._meta.fields if not SECRET.search(field.name)]
    return {field.name: stored_value(getattr(row, field.name)) for field in fields}


def stored_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def field_labels(row: Model) -> dict[str, str]:
    """Return names of fields by their labels in stock admin's messages."""
    with override(None):
        return {capfirst(str(field.verbose_name)): field.name for field in row._meta.fields}
