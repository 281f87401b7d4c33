import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership, User
from audit.kinds import Kind
from audit.models import AuditEvent
from tests.support.factories import make_transaction, worker
from tests.support.pages import numbers, words
from workspace.models import SavedView
from workspace.saved_views import views

pytestmark = pytest.mark.django_db

VIEWS = "/views/"
LIST = "/payments/transactions/"
ACTIVE = {"list": "transactions:list", "query": "status=active&date_from=", "name": "Активные"}


@pytest.fixture
def save(client, alice):
    def save(user=alice, **said):
        client.force_login(user)
        return client.post(VIEWS, ACTIVE | said)

    return save


def stored(**conditions):
    with worker():
        return SavedView.unscoped.unscoped().filter(**conditions).first()


def menu(client, user):
    client.force_login(user)
    page = client.get("/payments/accumulations/").content.decode()
    return re.findall(r'<ul class="pk-views">(.*?)</ul>', page, re.DOTALL)


@pytest.fixture
def olga(alice):
    """An operator of alice's Client."""
    with worker():
        user = User.objects.create(username="olga", must_change_password=False)
        Membership.unscoped.create(client=alice.client, user=user, role="operator")
    return user


def test_view_opens_the_same_rows(client, alice, save):
    make_transaction(alice, "in", status="activated")
    make_transaction(alice, "out", status="declined")

    response = save()

    assert urlsplit(response["Location"]).path == LIST
    assert numbers(client.get(response["Location"])) == ["in"]


def test_list_offers_its_conditions_to_be_saved(client, alice):
    client.force_login(alice)
    page = client.get(LIST, {"status": "active", "page": "1"}).content.decode()
    [address] = re.findall(r'href="(/views/\?[^"]*)"', page)
    form = client.get(unescape(address))

    assert parse_qs(urlsplit(unescape(address)).query)["query"] == ["status=active"]
    assert "Новый вид" in words(form)
    assert 'value="status=active"' in form.content.decode()
    assert "/views/?" not in client.get(LIST).content.decode()


def test_view_stands_in_the_menu_under_its_list(client, alice, save):
    save()

    [found] = menu(client, alice)
    assert "Активные" in found
    assert unescape(found).count(f"{LIST}?status=active") == 1


def test_private_view_is_seen_by_its_user_alone(client, alice, bob, charlie, save):
    save()

    assert menu(client, bob) == menu(client, charlie) == []
    assert client.get(f"{VIEWS}{stored().pk}/").status_code == 404


def test_shared_view_is_seen_by_the_client_alone(client, bob, charlie, save):
    save(is_shared="on")

    assert "Активные" in menu(client, bob)[0]
    assert menu(client, charlie) == []
    assert client.get(f"{VIEWS}{stored().pk}/").status_code == 404


def test_reader_keeps_private_views_only(bob, save):
    save(bob, is_shared="on")

    assert stored(user=bob).is_shared is False


def test_operator_may_share(olga, save):
    save(olga, is_shared="on")

    assert stored(user=olga).is_shared is True


def test_sharing_and_removing_are_recorded(client, alice, save):
    save()
    with worker():
        assert not AuditEvent.unscoped.unscoped().filter(kind=Kind.VIEW_SHARED).exists()
    address = f"{VIEWS}{stored().pk}/"
    client.post(address, {"name": "Все активные", "is_shared": "on"})
    client.post(address, {"remove": "yes"})

    with worker():
        kinds = AuditEvent.unscoped.unscoped().filter(kind__startswith="view_")
        assert set(kinds.values_list("kind", flat=True)) == {"view_shared", "view_removed"}
    assert stored() is None


def test_view_is_renamed(client, alice, save):
    save()
    client.post(f"{VIEWS}{stored().pk}/", {"name": "Оплачены"})

    assert "Оплачены" in menu(client, alice)[0]


def test_owner_removes_but_does_not_rename_a_view_of_others(client, alice, olga, save):
    save(olga, is_shared="on")
    client.force_login(alice)
    address = f"{VIEWS}{stored().pk}/"

    assert client.post(address, {"name": "Мой"}).status_code == 403
    assert client.post(address, {"remove": "yes"}).status_code == 302
    assert stored() is None


def test_member_changes_no_view_of_others(client, alice, olga, bob, save):
    save(is_shared="on")
    for user in (olga, bob):
        client.force_login(user)
        assert client.post(f"{VIEWS}{stored().pk}/", {"remove": "yes"}).status_code == 404
    assert stored() is not None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "Введите название вида."),
        ({"name": "x" * 61}, "60"),
        ({"list": "dashboard:dashboard"}, "dashboard:dashboard"),
        ({"list": "\0"}, "\0"),
    ],
)
def test_bad_view_is_refused_with_a_sentence(save, said, sentence):
    response = save(**said)

    assert response.status_code == 200
    assert sentence in words(response)
    assert stored() is None


def test_name_is_given_once_in_a_list(save):
    save()

    assert "У вас уже есть вид с таким названием" in words(save())
    assert save(list="accumulations:list").status_code == 302


def test_number_of_views_is_bounded(save, monkeypatch):
    monkeypatch.setattr(views, "MAX_VIEWS", 1)
    save()

    assert "У вас уже 1" in words(save(name="Ещё"))


def test_unknown_parameters_and_the_page_are_not_saved(save):
    save(query="status=active&page=7&next=//evil.example&state=pending&state=failed")

    assert stored().query == "status=active&state=pending&state=failed"


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("saved_view_has_a_name", {"name": ""}),
        ("saved_view_list_known", {"list_name": "keys"}),
        ("saved_view_name_once", {}),
    ],
)
def test_database_refuses_a_broken_view(alice, save, constraint, broken):
    save()
    good = {"list_name": ACTIVE["list"], "name": ACTIVE["name"], "query": ""}
    with worker(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SavedView.unscoped.create(client=alice.client, user=alice, **good | broken)
