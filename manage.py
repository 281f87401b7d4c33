#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paykassma_admin.settings")
    os.environ["STATEMENT_TIMEOUT"] = "0"  # pages are awaited, commands take what they need
    from django.core.management import execute_from_command_line
    from django.utils.connection import ConnectionDoesNotExist

    try:
        execute_from_command_line(sys.argv)
    except ConnectionDoesNotExist as missing:
        sys.exit(f"{missing} Set DATABASE_WORKER_URL, as .env.example says.")
