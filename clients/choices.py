"""The version of what a Client can choose from: paykassma_admin/lists/choices.py keeps by it."""

from django.db import connection


def renew_choices() -> None:
    """Let every process ask again what the current Client has; the rows are committed by then."""
    with connection.cursor() as cursor:
        cursor.execute("select renew_choices()")
