"""Long periods are costly: to add up and draw a year takes as long as ten other pages."""

from datetime import date, timedelta

from django.http import HttpRequest

LONG = timedelta(days=100)


def is_long(request: HttpRequest) -> bool:
    try:
        first, last = day_of(request, "date_from"), day_of(request, "date_to")
    except ValueError:  # the form says what is wrong with it
        return False
    return last - first > LONG


def day_of(request: HttpRequest, name: str) -> date:
    """Where none is given, today's, of the server: a few days more or less do not matter here."""
    text = request.GET.get(name, "").strip()
    return date.fromisoformat(text) if text else date.today()
