"""manage.py encrypt_second_factors: secrets under another secret key."""

import io

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from tests.support.second_factors import code_of, recovery_codes, set_up_app, sign_in

# The command is the worker's, on a connection of its own: it sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

ANOTHER = "another" * 10


@pytest.fixture
def secret(client, alice):
    sign_in(client, "alice")
    return set_up_app(client)


def encrypt():
    out, err = io.StringIO(), io.StringIO()
    call_command("encrypt_second_factors", stdout=out, stderr=err)
    return out.getvalue().split()[-1], err.getvalue()


def test_earlier_key_may_leave_after_rotation(client, settings, secret):
    recovery_code, *_others = recovery_codes(client)
    client.post("/logout/")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], ANOTHER

    assert encrypt() == ("2", "")  # the app and the codes
    assert encrypt() == ("0", "")
    settings.SECRET_KEY_FALLBACKS = []

    for code in (code_of(secret, later=1), recovery_code):
        sign_in(client, "alice")
        assert client.post("/login/code/", {"code": code})["Location"] == "/"
        client.post("/logout/")


def test_a_used_recovery_code_stays_used(client, settings, secret):
    code, *_others = recovery_codes(client)
    client.post("/logout/")
    sign_in(client, "alice")
    client.post("/login/code/", {"code": code})
    client.post("/logout/")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], ANOTHER

    encrypt()

    sign_in(client, "alice")
    assert client.post("/login/code/", {"code": code}).status_code == 200


def test_unreadable_secrets_are_counted_and_kept(settings, secret):
    before = list(Authenticator.objects.order_by("pk").values("data"))
    settings.SECRET_KEY = ANOTHER

    encrypted, told = encrypt()

    assert (encrypted, told.split()[-1]) == ("0", "2")
    assert list(Authenticator.objects.order_by("pk").values("data")) == before
