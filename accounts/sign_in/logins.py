"""Logins that nobody may choose, since they look like a command, a key or another person."""

import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.management import get_commands
from django.utils.translation import gettext_lazy as _

# What the audit log and the history call others by, beside the commands.
RESERVED = {"key", "command", "visitor", "system", "paykassma", "support", "root", "nobody"}


def validate_one_script(login: str) -> None:
    """Raise ValidationError where letters of several scripts stand in a login.

    “аlice” with a Cyrillic “а” reads as “alice”.
    """
    if len(set(scripts_of(login))) > 1:
        raise ValidationError(
            _("Use letters of one alphabet, only Latin or only Cyrillic."),
            code="scripts",
        )


def scripts_of(text: str) -> Iterator[str]:
    """Yield the script of each letter, as the names of Unicode begin: LATIN, CYRILLIC, BENGALI."""
    for character in unicodedata.normalize("NFKC", text):
        if character.isalpha():
            yield unicodedata.name(character, "UNKNOWN").split()[0]


def validate_not_reserved(login: str) -> None:
    """Raise ValidationError for names that the audit log uses for others."""
    if login.casefold() in RESERVED | get_commands().keys():
        raise ValidationError(_("This login is reserved. Choose another."), code="reserved")
