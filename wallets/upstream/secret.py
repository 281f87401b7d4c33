"""The secret of a source, encrypted by the secret key: a copy of the database gives none away."""

from cryptography.fernet import InvalidToken

from accounts.mfa.encryption import encryption

PURPOSE = "secrets of balance sources"


class LostSecret(Exception):
    """It was encrypted under a secret key that is gone."""


def encrypt(secret: str) -> str:
    return encryption(PURPOSE).encrypt(secret.encode()).decode() if secret else ""


def decrypt(encrypted: str) -> str:
    if not encrypted:
        return ""
    try:
        return encryption(PURPOSE).decrypt(encrypted).decode()
    except InvalidToken:
        raise LostSecret from None
