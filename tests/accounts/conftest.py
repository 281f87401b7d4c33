import pytest

from tests.support.second_factors import set_up_app, sign_in


@pytest.fixture
def secret(client, alice):
    """Return the secret of alice's app; she has signed out."""
    sign_in(client, "alice")
    secret = set_up_app(client)
    client.post("/logout/")
    return secret
