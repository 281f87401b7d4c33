"""Suggestions of the box while one types."""

import pytest

from search.completion import MAX_OPTIONS
from tests.support.factories import make_wallet, worker
from tests.support.pages import words
from workspace.models import SavedView

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


@pytest.mark.parametrize("typed", ["запрос бал", "Balance req", "BALANCE req"])
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

    assert client.get("/search/complete.json", {"q": "запрос бал"}).json()["said"] == "1 подсказка."


@pytest.mark.parametrize("typed", ["", "\x00", "x" * 5000, "<script>", "%", "'"])
def test_any_text_has_an_answer(client, alice, typed):
    client.force_login(alice)

    assert client.get("/search/complete.json", {"q": typed}).status_code == 200


def texts(client, typed):
    answer = client.get("/search/complete.json", {"q": typed}).json()
    return [
        each["text"] for group in answer["groups"] for each in group["options"] if "text" in each
    ]


def test_fields_are_offered_in_the_language_of_the_page(client, alice):
    client.force_login(alice)

    assert "статус:" in texts(client, "стат")
    assert "rahim -статус:" in texts(client, "rahim -stat")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("status:pen", "status:pending"),
        ("статус:в обраб", None),
        ("label:x -type:fa", "label:x -type:fake"),
        ("type:real,fo", "type:real,forced"),
        ("is:uncl", "is:unclaimed"),
        ("system:upi", "system:upi_l"),
        ("статус:ожид", "статус:pending"),
    ],
)
def test_values_are_offered_after_what_stands_before(client, alice, typed, offered):
    client.force_login(alice)

    assert texts(client, typed) == ([offered] if offered else [])


def test_wallets_of_others_are_not_offered(client, alice, charlie, nets):
    make_wallet(alice.client, "ALICES-wallet")
    client.force_login(alice)
    assert texts(client, "wallet:upi_l/ALICES")
    client.force_login(charlie)

    assert texts(client, "wallet:upi_l/ALICES") == []


def test_many_values_are_bounded(client, alice):
    for number in range(MAX_OPTIONS + 5):
        make_wallet(alice.client, f"W-{number}")
    client.force_login(alice)

    assert len(texts(client, "wallet:upi_l/W")) == MAX_OPTIONS


@pytest.fixture
def views(alice, bob, charlie):
    """Views named after whose they are; bob's is shared with his Client."""
    with worker():
        for user, is_shared in ((alice, False), (bob, True), (charlie, True)):
            SavedView.unscoped.create(
                client=user.client,
                user=user,
                list_name="transactions:list",
                name=f"view of {user.username}",
                query="status=active",
                is_shared=is_shared,
            )


def test_own_and_shared_views_are_offered_and_no_strangers(views, offered, client):
    assert offered("view of")["Сохранённые виды"] == ["view of alice", "view of bob"]
    assert offered("")["Сохранённые виды"] == ["view of alice", "view of bob"]
    page = words(client.get("/search/", {"q": "view of"}))

    assert "view of bob" in page
    assert "charlie" not in page


def test_private_view_of_a_member_is_not_offered(views, client, bob):
    client.force_login(bob)

    assert "alice" not in words(client.get("/search/", {"q": "view of"}))
