"""The time of a sign-in tells nobody which logins there are."""

import time
from statistics import median

import pytest

from tests.accounts.sign_in.test_lockout import at, hash_times, of_argon2  # noqa: F401 - a fixture
from tests.support.second_factors import sign_in

pytestmark = pytest.mark.django_db


def test_unknown_login_takes_about_as_long(alice, hash_times, settings):  # noqa: F811
    of_argon2(alice)
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

    def seconds(login):
        begun = time.process_time()  # whatever else runs on the machine
        sign_in(at(f"198.51.100.{len(hash_times)}"), login, "wrong")
        return time.process_time() - begun

    pairs = [(seconds("alice"), seconds("nobody")) for _time in range(9)]

    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert 0.6 < known / unknown < 1.6
