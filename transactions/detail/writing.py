from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.kinds import Kind
from audit.record import Actor, record_event
from clients.models import Client
from paykassma_admin.values.identifiers import trim
from transactions.models import Note, Transaction
from transactions.notes import TEXT_LENGTH

TOO_LONG = _("A note has at most %(limit_value)d characters; this one has %(show_value)d.")


class NoteField(forms.CharField):
    """A text without invisible characters around it; an end of a line is one character."""

    def to_python(self, value: Any) -> str:
        return trim(str(super().to_python(value) or "").replace("\r\n", "\n"))


class NoteForm(forms.Form):
    text = NoteField(
        label=_("New note"),
        max_length=TEXT_LENGTH,
        strip=False,
        error_messages={"required": _("Write the note first."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3, "autocomplete": "off"}),
    )
    form_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


def write_note(
    transaction: Transaction, *, client: Client, text: str, form_key: UUID, by: Actor
) -> bool:
    """Write a note and its event. Return False where the same form had been sent before."""
    _note, is_new = Note.objects.for_client(client).get_or_create(
        client=client,
        transaction=transaction,
        form_key=uuid5(form_key, text),  # what was changed and sent again is another note
        defaults={"author": by.name, "text": text},
    )
    if is_new:
        record_event(Kind.NOTE_WRITTEN, by=by, client=client, target=transaction.number)
    return is_new
