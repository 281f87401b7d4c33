"""Sign-in by a passkey, which a key of this test's own stands for; tests/browser has a real one."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.models import Session
from tests.conftest import NOON
from tests.hostile.visitors.factors import KEY_NAME, encode_bytes, set_up_passkey

pytestmark = pytest.mark.django_db

PAGE = "/login/passkey/"
COOKIE = "passkey_challenge"
HOST = "testserver"
THERE_AND_PROVED = bytes([0x05])


@pytest.fixture
def passkey(alice):
    set_up_passkey(alice)
    return lambda challenge: credential(alice, challenge)


def credential(user, challenge):
    said = {"type": "webauthn.get", "challenge": challenge, "origin": f"https://{HOST}"}
    client_data = json.dumps(said).encode()
    seen = hashlib.sha256(HOST.encode()).digest() + THERE_AND_PROVED + bytes(4)
    key = ec.derive_private_key(1, ec.SECP256R1())
    signature = key.sign(seen + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
    response = {
        "clientDataJSON": client_data,
        "authenticatorData": seen,
        "signature": signature,
        "userHandle": user_pk_to_url_str(user).encode(),
    }
    names = {"id": encode_bytes(KEY_NAME), "rawId": encode_bytes(KEY_NAME), "type": "public-key"}
    return json.dumps(
        names | {"response": {n: encode_bytes(value) for n, value in response.items()}}
    )


def ask(browser):
    answer = browser.get(PAGE, headers={"Accept": "application/json"}).json()
    return answer["request_options"]["publicKey"]["challenge"]


def sign_in(browser, signed):
    return browser.post(PAGE, {"credential": signed})


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def test_passkey_that_signs_its_challenge_signs_in(client, passkey):
    sign_in(client, passkey(ask(client)))

    assert is_signed_in(client)
    assert client.cookies[COOKIE].value == ""


def test_stranger_who_asks_for_a_challenge_makes_no_session(client, db):
    ask(client)
    sign_in(client, "{}")

    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()


def test_cookie_of_a_challenge_is_closed_to_scripts_and_other_sites(client, db):
    ask(client)

    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 300)


def test_challenge_ends_after_five_minutes(client, passkey):
    signed = passkey(ask(client))

    with time_machine.travel(NOON + timedelta(minutes=5, seconds=2)):
        sign_in(client, signed)

    assert not is_signed_in(client)


def test_challenge_is_used_once(client, passkey):
    signed = passkey(ask(client))
    kept = client.cookies[COOKIE].value
    sign_in(client, signed)
    client.post("/logout/")

    client.cookies[COOKIE] = kept
    response = sign_in(client, signed)

    assert response.status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("cookie", ["", "{}", '{"challenge": "AAAA"}:forged', "a:b:c"])
def test_challenge_of_ones_own_opens_nothing(client, passkey, cookie):
    signed = passkey(ask(client))
    client.cookies[COOKIE] = cookie

    sign_in(client, signed)

    assert not is_signed_in(client)
