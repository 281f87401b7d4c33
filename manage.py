#!/usr/bin/env python
import os
import sys

from paykassma_admin import __version__

if __name__ == "__main__":
    if sys.argv[1:] in (["version"], ["--version"]):  # Django would print its own
        print(__version__)
        sys.exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paykassma_admin.settings")
    os.environ["STATEMENT_TIMEOUT"] = "0"  # pages are awaited, commands take what they need
    from django.core.management import execute_from_command_line
    from django.utils.connection import ConnectionDoesNotExist

    from paykassma_admin.database.roles import COMMAND_CONNECTIONS, example_line

    try:
        execute_from_command_line(sys.argv)
    except ConnectionDoesNotExist as missing:
        lines = [
            f"Set {example_line(name)}"
            for name in COMMAND_CONNECTIONS
            if f"'{name}'" in str(missing)
        ]
        sys.exit("\n".join([str(missing), *lines]))
