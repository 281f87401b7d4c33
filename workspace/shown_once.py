"""A new secret between the POST that makes it and the page that shows it.

It is in the session, encrypted: in no address, no cookie and no readable copy of the database. One
GET shows it, within a minute.
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
    """Return the secret to show on `page`; "" if there is none, or its time is over."""
    if request.method != "GET":
        return ""
    encrypted = request.session.pop(SESSION_KEY % page, "")
    try:
        return encryption(PURPOSE).decrypt(encrypted, ttl=SECONDS).decode() if encrypted else ""
    except InvalidToken:
        return ""
