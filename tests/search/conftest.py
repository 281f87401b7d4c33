import pytest


@pytest.fixture
def search(client, alice):
    """Search as Alice: `search("6334")` is the answer."""
    client.force_login(alice)

    def ask(text):
        return client.get("/search/", {"q": text})

    return ask
