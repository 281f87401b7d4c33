"""A secret that was just made, between the POST that made it and the page that shows it.

Kept in the session, encrypted: neither an address nor a cookie holds it, and a copy of the database
gives it away to nobody. It is shown to one GET, within a minute.
"""

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from accounts.mfa.encryption import encryption

SESSION_KEY = "shown_once:%s"  # in the session, by the name of the page
SECONDS = 60
PURPOSE = "shown once"


def store_secret(request: HttpRequest, page: str, secret: str) -> None:
    request.session[SESSION_KEY % page] = encryption(PURPOSE).encrypt(secret.encode()).decode()


def pop_secret(request: HttpRequest, page: str) -> str:
    """Return what `page` is to show now; "" where there is nothing, or its time is over."""
    if request.method != "GET":
        return ""
    encrypted = request.session.pop(SESSION_KEY % page, "")
    try:
        return encryption(PURPOSE).decrypt(encrypted, ttl=SECONDS).decode() if encrypted else ""
    except InvalidToken:
        return ""
