"""Mistakes of a query, in sentences that name the nearest thing that is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

MAX_NAMED = 30  # more than a list has fields


@dataclass(frozen=True)
class Mistake:
    sentence: str
    position: int  # in the text, of what is wrong


class BadValue(ValueError):
    """A value that a field cannot have; the message is a sentence."""


def nearest(word: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def no_value(field: str) -> str:
    return _("Write a value after “%(field)s:”.") % {"field": field}


def unknown_field(name: str, known: Mapping[str, str], shown: Iterable[str]) -> str:
    """Return a sentence; `known` has each name with the one to suggest for it."""
    sentence = _("There is no field “%(name)s”.") % {"name": name}
    near = nearest(name.casefold(), known)
    return f"{sentence} {suggestion(known.get(near, name), known.values(), shown)}"


def unknown_parameter(name: str, known: Iterable[str]) -> str:
    sentence = _("The address has “%(name)s”, which is no condition here.") % {"name": name}
    near = nearest(name.casefold(), known)
    return f"{sentence} {_('Did you mean “%(near)s”?') % {'near': near}}" if near else sentence


def unknown_value(field: str, value: str, known: Iterable[str], shown: Iterable[str]) -> str:
    words = {"field": field, "value": value}
    sentence = _("“%(field)s” has no value “%(value)s”.") % words
    return f"{sentence} {suggestion(value, known, shown)}".rstrip()


def suggestion(word: str, known: Iterable[str], shown: Iterable[str]) -> str:
    if near := nearest(word.casefold(), known):
        return _("Did you mean “%(near)s”?") % {"near": near}
    named = list(dict.fromkeys(shown))
    if not named:
        return ""
    rest = ", …" if len(named) > MAX_NAMED else ""
    return _("Known: %(names)s.") % {"names": ", ".join(named[:MAX_NAMED]) + rest}
