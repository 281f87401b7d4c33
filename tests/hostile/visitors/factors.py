import base64
from dataclasses import replace

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.sessions import SessionStore
from tests.hostile.values import RIGHT_CODE
from tests.support.second_factors import code_of

KEY_NAME = b"twofold"
PROVED = 0x45  # by its owner, who was there; a new key comes along


def set_up_app(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def set_up_passkey(user):
    key = ES256.from_cryptography_key(ec.derive_private_key(1, ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(bytes(16), KEY_NAME, key)
    seen = AuthenticatorData.create(bytes(32), PROVED, 0, held)
    response = {
        "clientDataJSON": encode_bytes(
            b'{"type": "webauthn.create", "challenge": "", "origin": ""}'
        ),
        "attestationObject": encode_bytes(AttestationObject.create("none", seen, {})),
    }
    names = {"id": encode_bytes(KEY_NAME), "rawId": encode_bytes(KEY_NAME), "type": "public-key"}
    more = {"clientExtensionResults": {"credProps": {"rk": True}}}
    WebAuthn.add(user, "Phone", names | {"response": response} | more)


def encode_bytes(value):
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def insert_right_code(asked, cookies, secrets):
    """Replace the placeholder by the right code, which differs from run to run."""
    if RIGHT_CODE.encode() not in asked.body:
        return asked
    secret = secrets.get(asked.visitor) or secret_being_set_up(cookies)
    code = code_of(secret) if secret else "000000"
    return replace(asked, body=asked.body.replace(RIGHT_CODE.encode(), code.encode()))


def secret_being_set_up(cookies):
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    return SessionStore(key).get(SECRET_SESSION_KEY)
