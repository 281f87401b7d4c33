"""The version of a Client's choices, by which paykassma_admin/lists/choices.py caches them."""

from django.db import connection


def renew_choices() -> None:
    """Invalidate the tenant's choices in all processes, after the commit of its rows."""
    with connection.cursor() as cursor:
        cursor.execute("select renew_choices()")
