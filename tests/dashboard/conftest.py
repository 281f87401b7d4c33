from decimal import Decimal

import pytest


@pytest.fixture
def board(client, alice):
    client.force_login(alice)
    return lambda **state: client.get("/", state)


@pytest.fixture
def chart(client, alice):
    """Ask for the chart's JSON as Alice: label of the series → its points, as exact numbers."""
    client.force_login(alice)

    def ask(**state):
        answer = client.get("/chart.json", state).json()
        return {
            d["label"] + d["panel"]: [None if text is None else Decimal(text) for text in d["data"]]
            for d in answer["datasets"]
        }

    return ask
