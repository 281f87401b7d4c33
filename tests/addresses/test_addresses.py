"""Every address of the product, from outside: as a visitor, a stranger, an administrator."""

import re

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.asserts import assertContains

from accounts.actions import create_api_key
from accounts.models import ApiKey
from audit.kinds import Kind
from audit.record import Actor, record_event
from clients.scoping import ClientOwnedQuerySet, UnscopedQueryError
from tests.support.factories import (
    make_accumulation,
    make_balance,
    make_import_file,
    make_job,
    make_member,
    make_payment_system,
    make_transaction,
    make_wallet,
    worker,
)
from tests.support.pages import words
from tests.support.visitors import look_at
from workspace.models import SavedView

pytestmark = pytest.mark.django_db

PUBLIC = {
    "login/",
    "login/code/",
    "login/passkey/",
    "preferences/",
    "invitation/<str:token>/",
}
SECURITY = {  # tests/accounts/mfa/test_second_factor.py and test_sessions.py
    "security/",
    "security/app/",
    "security/confirm/",
    "security/confirm/code/",
    "security/confirm/passkey/",
    "security/factors/<int:pk>/remove/",
    "security/passkeys/add/",
    "security/password/",
    "security/recovery-codes/",
    "security/recovery-codes/new/",
    "security/sessions/end-others/",
    "security/sessions/<str:name>/end/",
}
PAGES = {
    "",
    "chart.json",
    "search/",
    "payments/transactions/",
    "payments/transactions/<int:pk>/",
    "payments/transactions/why/",
    "payments/accumulations/",
    "wallets/balance/",
    "wallets/balance/history/",
    "audit/",
    "keys/",
    "keys/<int:pk>/revoke/",
    "members/",
    "members/<int:pk>/",
    "views/",
    "about/",
    "jobs/",
    "jobs/<int:pk>/",
    "imports/",
    "imports/<int:pk>/",
}
VIEWS_AND_COLUMNS = {
    "views/<int:pk>/",
    "preferences/columns/",
}  # tests/workspace/test_saved_views.py, _columns.py
JOBS = {"jobs/", "jobs/<int:pk>/"}
REFUSED = "imports/<int:pk>/refused.csv"
IMPORTS = {"imports/", "imports/<int:pk>/", REFUSED}
# What a POST does to them stands in tests/clients/; the second are asked by nothing else.
CHANGES = {"imports/", "imports/<int:pk>/", "keys/", "keys/<int:pk>/revoke/", "members/", "views/"}
ACCESS = {"keys/", "keys/<int:pk>/revoke/", "members/", "members/<int:pk>/"}
ONLY_CHANGES = {
    "jobs/<int:pk>/cancel/",
    "payments/transactions/<int:pk>/notes/",
    "members/<int:pk>/role/",
    "members/<int:pk>/remove/",
    "members/invitations/<int:pk>/revoke/",
}
FILES = {
    "chart.csv",
    "payments/transactions/export.csv",
    "payments/transactions/export.jsonl",
    "payments/accumulations/export.csv",
    "payments/accumulations/export.jsonl",
    "audit/export.csv",
    REFUSED,
}
OFFERS = {"search/complete.json"}  # tests/search/test_completion.py
LOOKING = {"looking/end/"}  # tests/accounts/test_impersonation.py
SIGN_OUT = {"logout/"}  # tests/accounts/sign_in/test_sign_in.py
API = {
    "api/v1/wallets/balance",
    "api/v1/transactions",
    "api/v1/accumulations",
    "api/v1/balances",
}
API_LISTS = {
    "api/v1/transactions",
    "api/v1/transactions/<int:pk>",
    "api/v1/accumulations",
    "api/v1/wallets",
    "api/v1/payment-systems",
    "api/v1/balances",
    "api/v1/totals",
}
API_PAGES = {"api/v1/docs", "api/v1/openapi.json"}
NOTHING = {"api/v1/"}  # the root of the API, which only names it
BACK_OFFICE = {"admin/"}

ASKED = {
    "": "?currency=INR",
    "chart.csv": "?currency=INR",
    "chart.json": "?currency=INR",
    "search/": "?q=ALICES*",
    "wallets/balance/": "?wallet_type=bkash",
}
HERS_IN_JSON = re.compile(r"ALICES?-|7654321|bkash")
HERS = re.compile(r"ALICES?-|7654321|7[\s\xa0]654[\s\xa0]321")


def addresses(patterns=None, before=""):
    """Each pattern's whole route; the back office counts as one."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLPattern) or route == "admin/":
            yield route
        else:
            assert isinstance(pattern, URLResolver)
            yield from addresses(pattern.url_patterns, route)


@pytest.fixture
def hers(alice):
    """Alice's rows, each recognised by its text or amount; address of a page → how it is asked."""
    make_payment_system("bkash", name="bKash")
    wallet = make_wallet(alice.client, "ALICES-wallet", payment_system="bkash")
    transaction = make_transaction(
        alice, "ALICES-number", wallet=wallet, amount=7654321, label="ALICES-label"
    )
    make_accumulation(alice, "ALICES-accumulation", wallet=wallet, transactions=[transaction])
    make_balance(alice, "bkash", amount=7654321)
    with worker():
        record_event(Kind.BALANCE_REQUEST, by=Actor("a key"), client=alice.client, target="ALICES-")
        create_api_key(alice.client, name="ALICES-key", by=Actor("test"))
        key = ApiKey.unscoped.get()
        SavedView.unscoped.create(
            client=alice.client, user=alice, list_name="audit", name="ALICES-view", is_shared=True
        )
    member = make_member("ALICES-colleague", client=alice.client).membership
    job = make_job(alice, actor="ALICES-colleague", state="running")
    file = make_import_file(alice, "ALICES-file.csv", trial=job, refused="ALICES-refused")
    ids = {
        "imports": file.pk,
        "jobs": job.pk,
        "keys": key.pk,
        "members": member.pk,
        "payments": transaction.pk,
    }
    return {
        page: "/" + page.replace("<int:pk>", str(ids.get(page.split("/")[0]))) + ASKED.get(page, "")
        for page in PAGES | FILES
    }


def test_every_address_is_known_here():
    assert set(addresses()) == set().union(
        PUBLIC,
        SECURITY,
        PAGES,
        ONLY_CHANGES,
        VIEWS_AND_COLUMNS,
        FILES,
        OFFERS,
        LOOKING,
        SIGN_OUT,
        API,
        API_LISTS,
        API_PAGES,
        NOTHING,
        BACK_OFFICE,
    )


def test_a_visitor_is_sent_to_sign_in(client, hers, subtests):
    for path in sorted(
        PAGES | FILES | OFFERS | API_PAGES | ONLY_CHANGES | VIEWS_AND_COLUMNS | SECURITY | LOOKING
    ):
        with subtests.test(path=path):
            address = hers.get(path, f"/{path}").replace("<int:pk>", "1")

            for response in (client.get(address), client.post(address)):
                assert response.status_code == 302
                assert response.headers["Location"].startswith("/login/?next=/")


def test_the_back_office_asks_for_sign_in(client):
    assert "/login/" in client.get("/admin/", follow=True).redirect_chain[-1][0]


@pytest.mark.parametrize("address", ["login/", "health/live", "health/ready"])
def test_what_is_public_answers_everyone(client, address):
    assert client.get(f"/{address}").status_code == 200


def test_the_root_of_the_api_has_no_page(client, alice):
    client.force_login(alice)

    assert client.get("/api/v1/").status_code == 404


@pytest.mark.parametrize("address", sorted(API))
def test_the_api_opens_to_a_key_only(client, alice, address):
    client.force_login(alice)

    response = client.post(f"/{address}", '{"wallet_type": "upi_l"}', "application/json")

    assert response.status_code == 401


@pytest.mark.parametrize("address", sorted(API_LISTS))
def test_lists_of_the_api_open_to_a_key_that_reads(client, alice, charlie, hers, nets, address):
    """Hers are seen by her key alone; a stranger's row is none."""
    pk = hers["payments/transactions/<int:pk>/"].strip("/").split("/")[-1]
    path = "/" + address.replace("<int:pk>", pk)

    def answer_to(member, *scopes):
        with worker():
            key = create_api_key(member.client, name="till", scopes=scopes, by=Actor("test"))
        return client.get(path, headers={"Authorization": f"Bearer {key}"})

    client.force_login(alice)
    assert client.get(path).status_code == 401
    assert answer_to(alice, "write", "balance").status_code == 403
    assert HERS_IN_JSON.search(answer_to(alice, "read").content.decode())
    stranger = answer_to(charlie, "read")
    assert stranger.status_code == (404 if "pk" in address else 200)
    assert not HERS_IN_JSON.search(stranger.content.decode())


def test_every_form_that_changes_something_carries_its_token(client, alice, hers, subtests):
    """An include with "only" does not hand the token on by itself."""
    for path in ["login/", *sorted(PAGES - {"chart.json"})]:
        with subtests.test(path=path):
            if path != "login/":
                client.force_login(alice)
            page = client.get(hers.get(path, f"/{path}")).content.decode()

            forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)

            assert forms
            assert all("csrfmiddlewaretoken" in form for form in forms)


def test_alice_sees_her_own(client, alice, hers, subtests):
    client.force_login(alice)

    for path in sorted(PAGES | FILES):
        with subtests.test(path=path):
            assert HERS.search(client.get(hers[path]).getvalue().decode())


def test_a_stranger_sees_nothing_of_hers(client, charlie, hers, nets, subtests):
    client.force_login(charlie)

    for path in sorted(PAGES | FILES):
        with subtests.test(path=path):
            response = client.get(hers[path])

            assert response.status_code == (404 if "pk" in path else 200)
            # His own text comes back to him, nothing else.
            assert not HERS.search(response.getvalue().decode())


@pytest.mark.parametrize("path", sorted(PAGES | FILES))
def test_a_view_that_does_not_say_whose_rows_it_shows_shows_none(
    client, alice, hers, monkeypatch, path
):
    client.force_login(alice)
    cache.clear()  # of what she can choose from
    monkeypatch.setattr(ClientOwnedQuerySet, "for_client", lambda rows, client: rows.all())

    with pytest.raises(UnscopedQueryError):
        client.get(hers[path]).getvalue()


@pytest.mark.parametrize("name", ["wallet", "payment_system"])
def test_a_stranger_cannot_even_choose_what_is_hers(client, alice, charlie, hers, nets, name):
    asked = {"wallet": make_wallet(alice.client).pk, "payment_system": "bkash"}[name]
    client.force_login(charlie)

    response = client.get("/payments/transactions/", {name: asked})

    assert list(response.context["filter"].form.errors) == [name]
    assert not HERS.search(response.content.decode())


def test_an_administrator_is_sent_to_the_back_office(client, dora, hers, subtests):
    client.force_login(dora)

    for path in sorted(PAGES | FILES):
        with subtests.test(path=path):
            response = client.get(hers[path])

            assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


# An administrator who looks at a Client's pages sees what its auditor sees.

BALANCES = {"wallets/balance/", "wallets/balance/history/"}
OPEN_TO_AUDITORS = (PAGES | FILES) - BALANCES - ACCESS - JOBS - IMPORTS


def look(client, administrator, member):
    client.force_login(administrator)
    look_at(client, member.client)


def test_an_administrator_who_looks_sees_what_is_hers(client, alice, dora, hers, subtests):
    look(client, dora, alice)

    for path in sorted(OPEN_TO_AUDITORS):
        with subtests.test(path=path):
            assert HERS.search(client.get(hers[path]).getvalue().decode())


def test_who_looks_at_a_stranger_sees_nothing_of_hers(client, charlie, dora, hers, nets, subtests):
    look(client, dora, charlie)

    for path in sorted(OPEN_TO_AUDITORS):
        with subtests.test(path=path):
            response = client.get(hers[path])

            assert response.status_code == (404 if "pk" in path else 200)
            assert not HERS.search(response.getvalue().decode())


def test_who_looks_opens_no_page_that_is_closed_to_auditors(client, alice, dora, hers, subtests):
    look(client, dora, alice)

    for path in sorted(ACCESS | JOBS | IMPORTS | BALANCES):
        with subtests.test(path=path):
            response = client.get(hers[path])

            assert response.status_code == 403
            # A shared view stands in the menu of every page, to who looks, too.
            assert not HERS.search(response.content.decode().replace("ALICES-view", ""))


def test_who_looks_changes_nothing(client, alice, dora, hers, subtests):
    look(client, dora, alice)

    for path in sorted(PAGES | FILES | ONLY_CHANGES):
        with subtests.test(path=path):
            number = hers["payments/transactions/<int:pk>/"].split("/")[3]
            number = number if path.startswith("payments/") else str(alice.membership.pk)
            address = hers.get(path, f"/{path}").replace("<int:pk>", number)

            assert client.post(address).status_code == 403


def test_every_page_says_whose_it_is_to_who_looks(client, alice, dora, hers, subtests):
    look(client, dora, alice)

    for path in [*sorted(PAGES - {"chart.json"}), "no/such/page/", "security/"]:
        with subtests.test(path=path):
            page = words(client.get(hers.get(path, f"/{path}")))

            assert "Вы видите страницы клиента Alpha как администратор." in page


@pytest.mark.parametrize("asker", ["alice", "charlie", "dora"])
def test_pages_are_only_read(request, client, asker, hers, subtests):
    client.force_login(request.getfixturevalue(asker))

    for path in sorted((PAGES | FILES) - CHANGES):
        with subtests.test(path=path):
            assert client.post(hers[path]).status_code == (302 if asker == "dora" else 405)


def test_a_page_holds_no_inline_script_or_style_and_forbids_them(client, alice, hers, subtests):
    for path in ["login/", *sorted(PAGES)]:
        with subtests.test(path=path):
            if path != "login/":
                client.force_login(alice)

            response = client.get(hers.get(path, f"/{path}"))

            html = response.content.decode()
            assert not re.search(
                r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?://", html
            )
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
            assert "unsafe" not in response.headers["Content-Security-Policy"]


OWN = ["security/", "security/app/", "security/passkeys/add/", "security/password/"]


def test_every_page_says_where_one_is(client, alice, hers, subtests):
    client.force_login(alice)

    for path in [*sorted(PAGES - {"chart.json"}), *OWN]:
        with subtests.test(path=path):
            page = client.get(hers.get(path, f"/{path}")).content.decode()

            breadcrumbs = re.search(r'class="pk-breadcrumbs".*?</nav>', page, re.DOTALL).group()
            assert 'aria-current="page"' in breadcrumbs


def test_so_does_the_answer_that_refuses_to_let_the_last_owner_go(client, alice):
    client.force_login(alice)

    response = client.post(f"/members/{alice.membership.pk}/remove/")

    assert "Участники alice" in words(response)


def test_no_header_moves_an_address_past_what_guards_it(client, alice):
    """gunicorn takes SCRIPT_NAME from one, as the beginning of every address."""
    client.force_login(alice)

    response = client.get("/payments/transactions/", SCRIPT_NAME="/health")

    assert response.status_code == 200
    assert response.wsgi_request.path == "/payments/transactions/"


def test_an_unknown_address_is_a_404(client, alice):
    client.force_login(alice)

    assertContains(client.get("/no/such/page/"), "Paykassma", status_code=404)
