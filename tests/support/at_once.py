"""What happens at the same time, each on connections of its own."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(*acts):
    """What each gives back, in their order; what one of them raises is raised."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(closing, acts))


def closing(act):
    try:
        return act()
    finally:
        connections.close_all()
