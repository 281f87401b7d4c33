import pytest
from django.test import Client as Browser

from accounts.models import User
from tests.support.factories import PASSWORD, make_transaction, worker
from tests.support.pages import words

pytestmark = pytest.mark.django_db

ADDRESS = "/preferences/"
LIST = "/payments/transactions/"


def stored_preferences(user):
    with worker():
        return User.objects.values_list("language", "theme", "page_size").get(pk=user.pk)


def test_the_language_is_chosen_before_sign_in_too(client):
    client.post(ADDRESS, {"language": "en", "next": "/login/"})

    assert "Password" in words(client.get("/login/"))


def test_what_was_chosen_is_there_again_on_another_machine(client, alice):
    client.force_login(alice)
    client.post(ADDRESS, {"language": "en"})
    client.post(ADDRESS, {"theme": "dark"})

    other = Browser()
    other.post("/login/", {"login": "alice", "password": PASSWORD})
    page = other.get("/").content.decode()

    assert '<html lang="en" data-pk-theme="dark">' in page


def test_choosing_one_leaves_the_others(client, alice):
    client.force_login(alice)
    for chosen in ({"language": "en"}, {"theme": "light"}, {"page_size": "50"}):
        client.post(ADDRESS, chosen)

    assert stored_preferences(alice) == ("en", "light", 50)


def test_preferences_of_others_stay(client, alice, bob):
    client.force_login(alice)
    client.post(ADDRESS, {"language": "en", "theme": "dark", "page_size": "100"})

    assert stored_preferences(bob) == ("", "", 25)


def test_the_page_size_is_that_of_the_next_list_unless_the_address_says_another(client, alice):
    for number in range(60):
        make_transaction(alice, f"number-{number}")
    client.force_login(alice)
    client.post(ADDRESS, {"page_size": "50"})

    assert len(client.get(LIST).context["table"].page.object_list) == 50
    assert len(client.get(f"{LIST}?per_page=25").context["table"].page.object_list) == 25


def test_preferences_lead_back_to_their_page(client, alice):
    client.force_login(alice)

    by_its_word = client.post(ADDRESS, {"theme": "dark", "next": f"{LIST}?status=active"})
    by_the_browser = client.post(
        ADDRESS, {"theme": "dark"}, headers={"Referer": f"http://testserver{LIST}?page=2"}
    )

    assert by_its_word["Location"] == f"{LIST}?status=active"
    assert by_the_browser["Location"] == f"http://testserver{LIST}?page=2"


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "\0", "javascript:1"])
def test_preferences_never_lead_to_another_site(client, after):
    response = client.post(
        ADDRESS, {"language": "en", "next": after}, headers={"Referer": "https://evil.example/"}
    )

    assert response["Location"] == "/"


def test_an_address_that_looks_like_a_name_is_no_failure(client):
    assert client.post(ADDRESS, {"theme": "dark", "next": "2026-13-01"}).status_code == 302


@pytest.mark.parametrize("sent", [{"language": "xx"}, {"theme": "\0"}, {"page_size": "26"}])
def test_what_is_not_offered_is_refused_and_changes_nothing(client, alice, sent):
    client.force_login(alice)

    response = client.post(ADDRESS, {"theme": "dark"} | sent)

    assert response.status_code == 400
    assert stored_preferences(alice) == ("", "", 25)
    assert "theme" not in client.cookies


def test_reading_the_address_changes_nothing(client):
    assert client.get(f"{ADDRESS}?language=en").status_code == 405
