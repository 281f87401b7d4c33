"""What the box offers while one types."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(client, alice):
    client.force_login(alice)

    def ask(text):
        answer = client.get("/search/complete.json", {"q": text}).json()
        return {
            group["title"]: [each["label"] for each in group["options"]]
            for group in answer["groups"]
        }

    return ask


@pytest.mark.parametrize("typed", ["баланс", "Balance", "BALANCE req"])
def test_pages_are_offered_by_their_names_in_both_languages(offered, typed):
    assert offered(typed) == {"Страницы": ["Запрос баланса"]}


def test_pages_that_a_role_may_not_open_are_not_offered(client, bob):
    client.force_login(bob)

    answer = client.get("/search/complete.json", {"q": "участ"}).json()

    assert answer["groups"] == []


def test_recent_searches_are_offered(offered, client):
    client.get("/search/", {"q": "Rahim Uddin"})

    assert offered("uddin") == {"Недавние поиски": ["Rahim Uddin"]}
    assert offered("nobody") == {}


def test_number_of_suggestions_is_said(client, alice):
    client.force_login(alice)

    assert client.get("/search/complete.json", {"q": "баланс"}).json()["said"] == "1 подсказка."


@pytest.mark.parametrize("typed", ["", "\x00", "x" * 5000, "<script>", "%", "'"])
def test_any_text_has_an_answer(client, alice, typed):
    client.force_login(alice)

    assert client.get("/search/complete.json", {"q": typed}).status_code == 200
