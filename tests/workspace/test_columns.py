import re

import pytest
from django.urls import reverse

from accounts.models import User
from tests.support.factories import make_transaction, worker
from tests.support.pages import words

pytestmark = pytest.mark.django_db

ADDRESS = "/preferences/columns/"
LIST = "/payments/transactions/"
NAMES = [
    "payment_system",
    "amount",
    "number",
    "counterparty",
    "logged_at",
    "label_and_order",
    "country",
    "status",
]


@pytest.fixture
def choose(client, alice):
    client.force_login(alice)
    make_transaction(alice, "NUMBER-1")

    def choose(columns, **more):
        said = {"list": "transactions:list", "order": NAMES, "column": columns, "next": LIST}
        return client.post(ADDRESS, said | more)

    return choose


def columns(client, address=LIST):
    page = client.get(address).content.decode()
    return re.findall(r'<th scope="col" data-pk-column="(\w+)"', page)


def test_address_is_one_of_preferences():
    assert reverse("columns") == ADDRESS


def test_list_shows_the_chosen_columns_alone(client, choose):
    assert choose(["number", "amount"])["Location"] == LIST

    assert columns(client) == ["amount", "number"]


def test_nonsense_to_go_back_to_is_no_failure(client, choose):
    assert choose(["number"], next="no such page").status_code == 302


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ({"up": "number"}, ["payment_system", "number", "amount"]),
        ({"down": "payment_system"}, ["amount", "payment_system", "number"]),
        ({"up": "payment_system"}, ["payment_system", "amount", "number"]),
    ],
)
def test_column_moves_by_one_place(client, choose, move, order):
    choose(NAMES, **move)

    assert columns(client)[:3] == order


def test_defaults_come_back(client, choose):
    choose(["number"])
    choose(["number"], reset="yes")

    assert columns(client) == NAMES


def test_no_column_at_all_means_all(client, choose):
    choose([])

    assert columns(client) == NAMES


def test_columns_of_other_lists_and_users_stay(client, choose, alice, bob):
    choose(["number"])
    with worker():
        stored = User.objects.get(pk=bob.pk).list_columns

    assert stored == {}
    make_transaction(alice)
    client.post(ADDRESS, {"list": "audit", "order": ["at", "kind"], "column": ["kind"]})
    assert columns(client) == ["number"]


@pytest.mark.parametrize("name", ["", "nothing", "dashboard:dashboard", "transactions:detail"])
def test_only_a_list_has_columns(client, choose, name):
    assert choose(["number"], list=name).status_code == 400


def test_unknown_columns_are_left_out(client, choose):
    choose(["number", "secret"], order=["secret", "number", "number"])

    assert columns(client) == NAMES
    choose(["number", "secret"], order=["secret", "number"])
    assert columns(client) == ["number"]


def test_rows_are_dense_unless_they_are_to_be_roomy(client, choose):
    choose(NAMES)
    assert "pk-dense" in client.get(LIST).content.decode()

    client.post("/preferences/", {"density": "roomy"})

    assert "pk-dense" not in client.get(LIST).content.decode()


def test_refreshing_by_itself_is_turned_off_again(client, alice):
    client.force_login(alice)
    for seconds in ("30", "0"):
        client.post("/preferences/", {"refresh_seconds": seconds})
        with worker():
            assert User.objects.get(pk=alice.pk).refresh_seconds == int(seconds)


def head(client, name, **conditions):
    page = client.get(LIST, conditions).content.decode()
    [found] = re.findall(rf'<th scope="col" data-pk-column="{name}"(.*?)</th>', page)
    return found


def test_head_of_the_date_turns_the_order(client, choose):
    choose(NAMES)

    assert 'aria-sort="descending"' in head(client, "logged_at")
    assert "sort=date" in head(client, "logged_at", status="active")
    assert 'aria-sort="ascending"' in head(client, "logged_at", sort="date")
    assert "sort=" not in head(client, "logged_at", sort="date").replace("aria-sort", "")


def test_amounts_of_one_currency_can_be_sorted(client, choose):
    choose(NAMES)
    inr = {"arrival_currency": "INR"}

    assert "href" not in head(client, "amount")
    assert "sort=-amount" in head(client, "amount", **inr)
    assert "sort=amount" in head(client, "amount", sort="-amount", **inr)
    assert 'aria-sort="descending"' in head(client, "amount", sort="-amount", **inr)
    assert "aria-sort" not in head(client, "logged_at", sort="-amount", **inr)


def test_order_without_its_currency_is_explained_in_the_form(client, choose):
    choose(NAMES)

    said = words(client.get(LIST, {"sort": "amount"}))

    assert "Порядок" in said
