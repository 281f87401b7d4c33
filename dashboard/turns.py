"""Long periods take turns, so that they hold up each other and nobody else.

To add up and draw a year keeps a process busy for as long as it takes to answer ten other pages;
a few at once would hold its connections to the database, too.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from threading import Lock

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

LONG = timedelta(days=100)
turn = Lock()  # of one process


class TurnsMiddleware:
    """Stands before all that asks the database: who waits for his turn holds no connection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_long(request):
            return self.get_response(request)
        with turn:
            return self.get_response(request)


@cache
def addresses() -> frozenset[str]:
    return frozenset(map(reverse, ("dashboard:dashboard", "dashboard:chart")))


def is_long(request: HttpRequest) -> bool:
    if request.path not in addresses():
        return False
    try:
        first, last = day_of(request, "date_from"), day_of(request, "date_to")
    except ValueError:  # the form says what is wrong with it
        return False
    return last - first > LONG


def day_of(request: HttpRequest, name: str) -> date:
    """Where none is given, today's, of the server: a few days more or less do not matter here."""
    text = request.GET.get(name, "").strip()
    return date.fromisoformat(text) if text else date.today()
