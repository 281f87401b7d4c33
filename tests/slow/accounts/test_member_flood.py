"""Floods of one member, by what tests/accounts leaves out."""

import pytest

from tests.accounts.sign_in.test_flood import (  # noqa: F401 - fixtures
    alice,
    assert_two_at_a_time,
    connections,
    guesses,
    hashes,
    searches,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.parametrize("act", [guesses, searches])
def test_a_flood_takes_two_connections_and_one_hash_at_a_time(alice, hashes, connections, act):  # noqa: F811
    assert_two_at_a_time(alice, hashes, connections, act)
