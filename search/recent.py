"""Recent searches of a session: they end with it, and no other user or Client has them."""

from django.http import HttpRequest

from paykassma_admin.lists.fields import MAX_TEXT_LENGTH

SESSION_KEY = "searches"
MAX_SEARCHES = 20


def recent_searches(request: HttpRequest, client_id: int) -> list[str]:
    searches: list[str] = request.session.get(SESSION_KEY, {}).get(str(client_id), [])
    return searches


def record_search(request: HttpRequest, client_id: int, text: str) -> None:
    """Put a search before the others. A long list of numbers is none to come back to."""
    before = recent_searches(request, client_id)
    if len(text) > MAX_TEXT_LENGTH or before[:1] == [text]:
        return
    searches = [text, *(each for each in before if each != text)][:MAX_SEARCHES]
    request.session[SESSION_KEY] = {
        **request.session.get(SESSION_KEY, {}),
        str(client_id): searches,
    }
