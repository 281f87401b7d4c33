"""Long periods are costly: adding up and drawing a year takes as long as ten other pages."""

from datetime import date, timedelta

from django.http import HttpRequest

LONG = timedelta(days=100)


def is_long(request: HttpRequest) -> bool:
    try:
        first, last = query_day(request, "date_from"), query_day(request, "date_to")
    except ValueError:  # the form says what is wrong with it
        return False
    return last - first > LONG


def query_day(request: HttpRequest, name: str) -> date:
    """Return the day of the address, or the server's today: a few days do not matter here."""
    text = request.GET.get(name, "").strip()
    return date.fromisoformat(text) if text else date.today()
