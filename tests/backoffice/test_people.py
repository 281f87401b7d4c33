import re

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connection

from accounts.models import Membership, User
from accounts.roles import Role
from clients.models import Client, time_zones
from tests.support.back_office import operator_form
from tests.support.factories import (
    PASSWORD,
    worker,
)
from tests.support.pages import words

pytestmark = pytest.mark.django_db


NEW_CLIENT = {
    "name": "Delta",
    "slug": "delta",
    "time_zone": "Asia/Dhaka",
    "is_active": "on",
    "owner": "daria",
    "password": PASSWORD,
}


def test_an_administrator_registers_a_client_with_zone_and_first_owner(office, client):
    response = office.post("/admin/clients/client/add/", NEW_CLIENT)

    assert response["Location"] == "/admin/clients/client/"
    with worker():
        member = Membership.unscoped.get(client__slug="delta")
        assert (member.user.username, member.role) == ("daria", Role.OWNER)
        assert member.client.time_zone == "Asia/Dhaka"
    client.post("/logout/")
    assert client.post("/login/", {"login": "daria", "password": PASSWORD})["Location"] == "/"
    assert client.get("/")["Location"] == "/security/password/"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("name", "Alpha"),
        ("slug", "alpha"),
        ("slug", "no spaces"),
        ("time_zone", "Asia/Nowhere"),
        ("time_zone", ""),
        ("owner", "ALICE"),
        ("owner", "a b"),
        ("owner", "a\0b"),
        ("owner", "x" * 151),
        ("password", "short"),
        ("password", "daria-daria-daria"[:8]),
        ("password", "password1234"),
    ],
)
def test_a_wrong_registration_says_so_at_the_field_and_makes_nothing(office, alice, field, wrong):
    response = office.post("/admin/clients/client/add/", NEW_CLIENT | {field: wrong})

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    with worker():
        assert not User.objects.filter(username="daria").exists()
        assert not Client.objects.filter(time_zone="Asia/Dhaka").exists()


def test_own_password_is_changed_on_security_page(office, dora, alice):
    own, hers = (f"/admin/accounts/user/{user.pk}/password/" for user in (dora, alice))
    changed = {"password1": "another-correct-horse", "password2": "another-correct-horse"}

    response = office.post(own, changed)

    assert (response.status_code, response["Location"]) == (302, "/security/password/")
    dora.refresh_from_db()
    assert dora.check_password(PASSWORD)
    assert office.get(hers).status_code == 200


def test_an_administrator_adds_an_operator(office, alice):
    response = office.post("/admin/accounts/user/add/", operator_form("oleg", alice.client))

    assert response.status_code == 302
    with worker():
        assert Membership.unscoped.get(user__username="oleg").client == alice.client


def test_a_new_client_requires_second_factors_unless_the_box_is_cleared(office):
    form = office.get("/admin/clients/client/add/").context["adminform"].form

    assert form["second_factor_required"].value() is True
    office.post("/admin/clients/client/add/", NEW_CLIENT)
    with worker():
        assert not Client.objects.get(slug="delta").second_factor_required


def test_the_time_zone_is_chosen_from_those_that_exist(office):
    page = office.get("/admin/clients/client/add/").content.decode()

    assert '<option value="Asia/Kolkata">' in page


def test_an_administrator_makes_another_who_may_do_the_same(office, client):
    with worker():
        eve = User.objects.create_user("eve", password=PASSWORD, must_change_password=False)
    office.post(
        f"/admin/accounts/user/{eve.pk}/change/",
        {
            "username": "eve",
            "is_active": "on",
            "is_staff": "on",
            "membership-TOTAL_FORMS": "0",
            "membership-INITIAL_FORMS": "0",
        },
    )

    client.post("/logout/")
    eve.refresh_from_db()
    client.force_login(eve)

    assert client.get("/admin/clients/client/add/").status_code == 200


def test_what_an_administrator_does_is_logged(office, dora):
    office.post("/admin/clients/client/add/", NEW_CLIENT)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (dora, "Delta")


def test_a_member_does_not_become_an_administrator_by_being_staff(client, alice, charlie):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    alice.refresh_from_db()
    client.force_login(alice)

    for address in ("/admin/", "/admin/clients/client/", "/admin/accounts/user/"):
        assert client.get(address, follow=True).status_code == 403
    assert "Gamma" not in words(client.get("/"))


def test_a_member_is_not_made_an_administrator(office, alice):
    membership = {
        "membership-TOTAL_FORMS": "1",
        "membership-INITIAL_FORMS": "1",
        "membership-0-id": alice.membership.pk,
        "membership-0-user": alice.pk,
        "membership-0-client": alice.client.pk,
        "membership-0-role": "owner",
    }
    form = {"username": "alice", "is_active": "on", "is_staff": "on"} | membership

    page = office.post(f"/admin/accounts/user/{alice.pk}/change/", form)

    assert "Администратор не состоит ни в одном клиенте." in words(page)
    alice.refresh_from_db()
    assert not alice.is_staff


def test_every_zone_that_is_offered_is_known_to_the_database():
    offered = list(time_zones())

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(timezone(zone, now())) from unnest(%s::text[]) zone", [offered]
        )
        assert cursor.fetchone() == (len(offered),)


INPUTS = re.compile(r"<input[^>]*>")


@pytest.mark.parametrize(
    "form", ["clients/client/add", "accounts/user/add", "accounts/user/{pk}/password"]
)
def test_browser_is_told_what_to_fill_in_beside_a_password(office, alice, form):
    page = office.get(f"/admin/{form.format(pk=alice.pk)}/").content.decode()

    logins = [tag for tag in INPUTS.findall(page) if re.search('name="(owner|username)"', tag)]
    passwords = [tag for tag in INPUTS.findall(page) if 'type="password"' in tag]
    assert passwords
    assert [tag for tag in passwords if 'autocomplete="new-password"' not in tag] == []
    stock = 'class="hidden"'  # in stock admin's page of somebody's password
    assert [tag for tag in logins if "autocomplete" not in tag and stock not in tag] == []


@pytest.mark.parametrize(("language", "word"), [("ru", "Администратор"), ("en", "Administrator")])
def test_right_of_administrators_has_one_name(office, dora, language, word):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    listed = words(office.get("/admin/accounts/user/"))
    form = words(office.get(f"/admin/accounts/user/{dora.pk}/change/"))

    assert word in listed and word in form
    for page in (listed, form):
        assert not re.search("[Ss]taff|ерсонал", page)
