"""The version of a Client's choices, by which paykassma_admin/lists/choices.py caches them."""

from django.core.cache import cache
from django.db import connection

from clients.models import Client
from paykassma_admin.cache_keys import cache_key

OFFERED_SECONDS = 60 * 60


def renew_choices() -> None:
    """Invalidate the tenant's choices in all processes, after the commit of its rows."""
    with connection.cursor() as cursor:
        cursor.execute("select renew_choices()")


def offer_choices(client: Client, brought: set[tuple[str, str]]) -> None:
    """Renew the choices for countries and currencies of new rows, once for each in a while.

    A program that writes a row a second would have every page read them anew otherwise.
    """
    key = cache_key("offered", client.pk)
    offered: set[tuple[str, str]] = cache.get(key, set())
    if not brought <= offered:
        renew_choices()
        cache.set(key, offered | brought, OFFERED_SECONDS)
