"""Keys of the cache, made in one place: what a Client typed must never answer for another."""

import hashlib
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

type Part = str | Promise | int | Decimal | date | list[Part] | tuple[Part, ...] | None


def cache_key(use: str, client_id: int | None, *parts: Part) -> str:
    """Return the key of `use` that the same Client and the same parts have, and no others.

    `client_id` is None for what is the same for every Client, or of nobody who is known yet.
    """
    exact = exact_text((use, client_id, *parts))
    return hashlib.sha256(exact.encode("utf-8", "surrogatepass")).hexdigest()


def exact_text(part: Part) -> str:
    """Return a text that tells a value of one type from all others: None is not "None".

    Raises TypeError for a value whose text might be that of another, or change with each process.
    """
    if isinstance(part, Promise):
        part = str(part)
    if isinstance(part, list | tuple):
        return f"{type(part).__name__}({','.join(map(exact_text, part))})"
    if part is None or isinstance(part, str | int | Decimal | date):
        return f"{type(part).__name__} {part!r}"
    raise TypeError(f"{type(part).__name__} cannot be part of a key of the cache")
