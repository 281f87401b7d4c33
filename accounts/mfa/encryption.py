"""Encryption of secrets by the secret key: a copy of the database gives none away."""

import base64
import hashlib
from collections import Counter

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

ENCRYPTED = {"secret", "seed"}  # of an app and of recovery codes, in `Authenticator.data`


SECOND_FACTORS = "second factors"


def encryption(purpose: str = SECOND_FACTORS) -> MultiFernet:
    """Return the encryption of one purpose; earlier secret keys still decrypt."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([fernet(key, purpose) for key in keys])


def fernet(secret_key: str, purpose: str = SECOND_FACTORS) -> Fernet:
    digest = hashlib.sha256(f"{purpose}:{secret_key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def rotate_secrets(*, using: str) -> Counter[str]:
    """Encrypt under the present secret key; count "encrypted", "left" and "lost" rows."""
    with transaction.atomic(using=using):
        return Counter(map(rotate_stored, Authenticator.objects.using(using).select_for_update()))


def rotate_stored(authenticator: Authenticator) -> str:
    names = ENCRYPTED & authenticator.data.keys()
    try:
        data = authenticator.data | {name: rotate(authenticator.data[name]) for name in names}
    except InvalidToken:
        return "lost"
    if data == authenticator.data:
        return "left"
    authenticator.data = data
    authenticator.save(update_fields=["data"])
    return "encrypted"


def rotate(text: str) -> str:
    try:
        fernet(settings.SECRET_KEY).decrypt(text)
    except InvalidToken:
        return encryption().rotate(text).decode()
    return text
