import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts.models import ApiKey, Session
from accounts.sessions import AUTOMATIC
from accounts.sign_in import unsent_forms
from accounts.sign_in.unsent_forms import COOKIE
from clients.models import Client
from tests.support.factories import PASSWORD, make_member, worker
from tests.support.pages import words
from tests.support.second_factors import new_password, sign_in
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

KEYS = "/keys/"
TYPED = {"name": "shop & co", "scopes": ["balance"], "last_day": "2026-12-24"}
TOLD = "Ничего не сделано: ваш сеанс закончился."


@pytest.fixture
def browser(alice):
    browser = Browser()
    sign_in(browser, "alice")
    browser.get(KEYS)
    return browser


@pytest.fixture(params=["after a quarter of an hour", "from elsewhere", "and is forgotten"])
def end(request):
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def end():
            if request.param != "from elsewhere":
                clock.shift(timedelta(minutes=16))
            if request.param != "after a quarter of an hour":
                Session.objects.all().delete()

        yield end


def keys_made():
    with worker():
        return ApiKey.unscoped.count()


def sign_in_from(browser, response, login="alice"):
    assert response.status_code == 302
    address = response["Location"]
    assert address.startswith("/login/")
    asked = browser.get(address).context["redirect_field_value"]
    return browser.post(address, {"login": login, "password": PASSWORD, "next": asked})


def test_a_form_is_filled_in_again_after_sign_in_and_not_sent(browser, end):
    end()
    response = sign_in_from(browser, browser.post(KEYS, TYPED))

    assertRedirects(response, KEYS, fetch_redirect_response=False)
    page = browser.get(KEYS)
    form = page.context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED
    assert not form.is_bound
    assert TOLD in words(page)
    assert keys_made() == 0


def test_a_form_is_filled_in_again_once(browser, end):
    end()
    sign_in_from(browser, browser.post(KEYS, TYPED))
    browser.get(KEYS)

    assert browser.get(KEYS).context["form"]["name"].value() is None
    assert COOKIE not in {name for name, cookie in browser.cookies.items() if cookie.value}


def test_another_user_of_the_browser_sees_nothing_of_it(browser, charlie, end):
    end()
    sign_in_from(browser, browser.post(KEYS, TYPED), login="charlie")

    page = browser.get(KEYS)

    assert page.context["form"]["name"].value() is None
    assert "shop &amp; co" not in page.content.decode()


def test_form_without_owner_is_not_kept(alice):
    response = Browser().post(KEYS, TYPED)

    assert COOKIE not in response.cookies


def test_what_is_kept_is_readable_by_nobody_and_for_a_quarter_of_an_hour(browser, end):
    end()
    response = browser.post(KEYS, TYPED)

    assert "shop" not in response["Location"]
    assert "shop" not in response.cookies[COOKIE].value
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        sign_in_from(browser, response)
        assert browser.get(KEYS).context["form"]["name"].value() is None


def test_a_cookie_that_was_made_up_is_none(browser, end):
    end()
    browser.cookies[COOKIE] = "gAAAAABmade-up"

    assert sign_in_from(browser, browser.get(KEYS)).status_code == 302
    assert browser.get(KEYS).context["form"]["name"].value() is None


def test_a_form_that_is_too_long_for_a_cookie_is_not_kept_and_told_of(browser, end):
    end()
    sign_in_from(browser, browser.post(KEYS, TYPED | {"name": "x" * 9000}))

    page = browser.get(KEYS)
    assert page.context["form"]["name"].value() is None
    assert TOLD in words(page)


def test_no_password_is_kept(browser, end, monkeypatch):
    said = []
    real = unsent_forms.encrypt_form
    monkeypatch.setattr(unsent_forms, "encrypt_form", lambda what: said.append(what) or real(what))
    end()
    response = browser.post("/security/password/", new_password("another-horse-another-battery"))

    assert [what["fields"] for what in said] == [{}]
    assert sign_in_from(browser, response)["Location"] == "/security/password/"
    assert TOLD in words(browser.get("/security/password/"))


def test_no_view_keeps_a_field_that_is_secret():
    views = [*subclasses(unsent_forms.RestoredFormMixin)]

    assert {view.__name__ for view in views} >= {"KeysView", "MembersView", "PasskeyView"}
    for view in views:
        for name in view.restorable_fields:
            widget = view.form_class.base_fields[name].widget
            assert widget.input_type not in ("password", "hidden")


def subclasses(of):
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/members/{pk}/role/", "/members/{pk}/"),
        ("/members/{pk}/remove/", "/members/{pk}/"),
        ("/members/invitations/7/revoke/", "/members/"),
        ("/security/sessions/end-others/", "/security/"),
        ("/security/sessions/abc/end/", "/security/"),
        ("/keys/1/revoke/", "/keys/1/revoke/"),
        ("/looking/end/", "/"),
    ],
)
def test_sign_in_leads_to_the_page_of_the_form(browser, alice, end, address, page):
    end()
    address, page = (text.format(pk=alice.membership.pk) for text in (address, page))

    assert sign_in_from(browser, browser.post(address))["Location"] == page


def test_another_role_is_chosen_again(browser, alice, end):
    bob = make_member("bob", client=alice.client, role="auditor").membership
    end()
    response = sign_in_from(browser, browser.post(f"/members/{bob.pk}/role/", {"role": "owner"}))

    assert browser.get(response["Location"]).context["role"] == "owner"
    assert browser.get(response["Location"]).context["role"] == "auditor"


def test_a_form_that_has_to_wait_for_a_confirmation_is_filled_in_again(client, alice):
    client.force_login(alice)
    client.prove_long_ago(alice)
    response = client.post(KEYS, TYPED)

    client.post(response["Location"], {"password": PASSWORD, "next": KEYS})

    assert client.get(KEYS).context["form"]["name"].value() == "shop & co"
    assert keys_made() == 0


REGISTRATION = {"name": "Delta  & co", "slug": "delta", "time_zone": "Asia/Dhaka", "owner": "eve"}


@pytest.mark.parametrize("more", [{}, {"password": PASSWORD, "_save": "Save"}])
def test_a_form_of_the_back_office_is_filled_in_again_and_saves_nothing(client, dora, more):
    client.force_login(dora)
    client.prove_long_ago(dora)
    address = "/admin/clients/client/add/"
    client.post(address, REGISTRATION | more)
    assert PASSWORD not in str(client.session[unsent_forms.SESSION_KEY])
    client.prove(dora, at=time.time())

    page = client.get(address)

    form = page.context["adminform"].form
    assert {name: form[name].value() for name in REGISTRATION} == REGISTRATION
    assert form["password"].value() is None
    assert TOLD in words(page)
    assert not Client.objects.filter(slug="delta").exists()
    assert client.get(address).context["adminform"].form["name"].value() is None


def test_a_change_in_the_back_office_is_filled_in_again_and_saves_nothing(client, dora, alice):
    client.force_login(dora)
    client.prove_long_ago(dora)
    address = f"/admin/clients/client/{alice.client.pk}/change/"
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    changed = {"name": "Beta", "slug": "alpha", "time_zone": "Asia/Dhaka", "is_active": "on"}
    client.post(address, changed | inline | {"_save": "Save"})
    client.prove(dora, at=time.time())

    page = client.get(address)

    assert page.context["adminform"].form["name"].value() == "Beta"
    assert TOLD in words(page)
    alice.client.refresh_from_db()
    assert alice.client.name == "Alpha"


def test_what_a_page_sends_by_itself_is_kept_and_not_done(browser):
    response = browser.post(KEYS, TYPED, headers={AUTOMATIC: "yes"})

    assert response.status_code == 204
    assert keys_made() == 0
    assert browser.get(KEYS).context["form"]["name"].value() == "shop & co"


# Two tabs of a browser


@pytest.fixture
def tabs(alice):
    return Browser(enforce_csrf_checks=True)


def token(page):
    return str(page.context["csrf_token"])


def give(browser, page, address, fields):
    return browser.post(address, fields | {"csrfmiddlewaretoken": token(page)})


RIGHT = {"login": "alice", "password": PASSWORD}


@pytest.mark.parametrize("typed", [RIGHT, {"login": "alice", "password": "wrong"}])
def test_sign_in_from_a_second_tab_goes_on_to_where_it_was_going(tabs, typed):
    first, second = (tabs.get(f"/login/?next={page}") for page in ("/keys/", "/audit/?page=1"))
    assert give(tabs, first, "/login/", RIGHT | {"next": "/keys/"})["Location"] == "/keys/"

    response = tabs.post(
        "/login/",
        typed | {"next": "/audit/?page=1", "csrfmiddlewaretoken": token(second)},
        follow=True,
    )

    assert response.redirect_chain[-1][0] == "/audit/?page=1"
    assert response.status_code == 200


def test_a_second_tab_leads_to_no_other_site(tabs):
    first, second = tabs.get("/login/"), tabs.get("/login/")
    give(tabs, first, "/login/", RIGHT)

    response = tabs.post(
        "/login/",
        RIGHT | {"next": "//evil.example/", "csrfmiddlewaretoken": token(second)},
        follow=True,
    )

    assert response.redirect_chain[-1][0] == "/"


def test_sign_in_from_a_tab_of_before_a_sign_out_asks_once_more(tabs):
    first, second = (tabs.get("/login/?next=/audit/") for _tab in range(2))
    give(tabs, first, "/login/", RIGHT)
    give(tabs, tabs.get("/keys/"), "/logout/", {})

    response = give(tabs, second, "/login/", RIGHT | {"next": "/audit/"})

    assert response["Location"] == "/login/?next=/audit/&ended=yes"
    again = tabs.get(response["Location"])
    assert "Сеанс завершён" in words(again)
    assert give(tabs, again, "/login/", RIGHT | {"next": "/audit/"})["Location"] == "/audit/"


def test_a_form_of_before_a_sign_in_of_another_tab_is_filled_in_again(tabs):
    give(tabs, tabs.get("/login/"), "/login/", RIGHT)
    form = tabs.get(KEYS)
    give(tabs, form, "/logout/", {})
    give(tabs, tabs.get("/login/"), "/login/", RIGHT)

    assertRedirects(give(tabs, form, KEYS, TYPED), KEYS, fetch_redirect_response=False)

    page = tabs.get(KEYS)
    assert page.context["form"]["name"].value() == "shop & co"
    assert TOLD in words(page)
    assert keys_made() == 0


def test_a_form_of_before_a_sign_out_of_another_tab_is_filled_in_again(tabs):
    give(tabs, tabs.get("/login/"), "/login/", RIGHT)
    form = tabs.get(KEYS)
    give(tabs, form, "/logout/", {})

    response = give(tabs, form, KEYS, TYPED)
    login = tabs.get(response["Location"])
    response = give(tabs, login, "/login/", RIGHT | {"next": KEYS})

    assert response["Location"] == KEYS
    assert tabs.get(KEYS).context["form"]["name"].value() == "shop & co"
