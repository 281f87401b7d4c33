"""Choices of a Client, cached for a minute and until the Client's `choices_version` changes."""

import hashlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Protocol

from django.core.cache import cache
from django.utils.translation import get_language

from paykassma_admin.cache_keys import cache_key

CACHE_SECONDS = 60

type Choices = list[tuple[Any, Any]]  # (value, label), or (heading, its choices)


class ClientChoices(list[tuple[Any, Any]]):
    """Choices with a digest, made once, that identifies them on each page."""

    def __init__(self, choices: Choices, digest: str = "") -> None:
        super().__init__(choices)
        self.digest = (
            digest or hashlib.sha256(repr(choices).encode("utf-8", "surrogatepass")).hexdigest()
        )


class CachedChoices(Protocol):
    def __call__(self, request: Any, *, fresh: bool = False) -> ClientChoices: ...


def cached_choices(choices: Callable[[Any], Choices]) -> CachedChoices:
    """Cache the choices that a function makes of its request's Client, by language.

    `fresh` skips the cache: an address may ask for a choice that is new.
    """

    @wraps(choices)
    def of_client(request: Any, *, fresh: bool = False) -> ClientChoices:
        use = f"{choices.__module__}.{choices.__name__}"
        client = request.client
        key = cache_key(use, client.pk, client.choices_version, get_language())
        found: ClientChoices | None = None if fresh else cache.get(key)
        if found is None:
            found = ClientChoices(choices(request))
            cache.set(key, found, CACHE_SECONDS)
        return found

    return of_client


def flatten_choices(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flatten_choices(label)
        else:
            yield value, label
