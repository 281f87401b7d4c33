"""What a Client can choose from: asked of the database once a minute, not three times a page.

And when it has changed: the Client's row, which each request reads, has a version of its choices.
"""

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
    """Choices, and a digest that tells them from others: it is made once, and read on each page."""

    def __init__(self, choices: Choices, digest: str = "") -> None:
        super().__init__(choices)
        self.digest = (
            digest or hashlib.sha256(repr(choices).encode("utf-8", "surrogatepass")).hexdigest()
        )


class CachedChoices(Protocol):
    def __call__(self, request: Any, *, fresh: bool = False) -> ClientChoices: ...


def cached_choices(choices: Callable[[Any], Choices]) -> CachedChoices:
    """Of a function of the request that reads nothing of it but the Client.

    `fresh` is for an address that asks for what is not among them: it may be new.
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
    """Groups of choices opened."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flatten_choices(label)
        else:
            yield value, label
