"""Cache keys, made in one place: a Client's data must never answer for another."""

import hashlib
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

type Part = str | Promise | int | Decimal | date | list[Part] | tuple[Part, ...] | None


def cache_key(use: str, client_id: int | None, *parts: Part) -> str:
    """Return a key of `use` that only the same Client and the same parts have.

    `client_id` is None for what all Clients share, or before a Client is known.
    """
    exact = exact_text((use, client_id, *parts))
    return hashlib.sha256(exact.encode("utf-8", "surrogatepass")).hexdigest()


def exact_text(part: Part) -> str:
    """Return a text that differs for values of different types: None is not "None".

    Raise TypeError for a value whose text might be that of another, or change with each process.
    """
    if isinstance(part, Promise):
        part = str(part)
    if isinstance(part, list | tuple):
        return f"{type(part).__name__}({','.join(map(exact_text, part))})"
    if part is None or isinstance(part, str | int | Decimal | date):
        return f"{type(part).__name__} {part!r}"
    raise TypeError(f"{type(part).__name__} cannot be part of a key of the cache")
