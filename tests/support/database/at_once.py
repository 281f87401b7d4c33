from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(closing, acts))


def closing(act):
    try:
        return act()
    finally:
        connections.close_all()
