import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import create_api_key
from accounts.models import ApiKey, FailedSignIns, Membership, Session, User
from accounts.roles import Role
from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import Actor
from backoffice.base import BoundedInline, Ledger, NewestPaginator, back_office
from clients.models import Client, time_zones
from paykassma_admin import __version__
from tests.support.factories import (
    PASSWORD,
    days_ago,
    make_accumulation,
    make_administrator,
    make_balance,
    make_rate,
    make_transaction,
    make_wallet,
    worker,
)
from tests.support.pages import words
from tests.support.visitors import Browser
from transactions.imports.fill_rates import DUE_OF_RATE
from transactions.models import Transaction
from wallets.models import Balance, ExchangeRate, PaymentSystem, Wallet

pytestmark = pytest.mark.django_db

NEW_CLIENT = {
    "name": "Delta",
    "slug": "delta",
    "time_zone": "Asia/Dhaka",
    "is_active": "on",
    "owner": "daria",
    "password": PASSWORD,
}
LISTS = [
    "clients/client",
    "accounts/user",
    "accounts/apikey",
    "audit/auditevent",
    "accounts/failedsignins",
    "wallets/paymentsystem",
    "wallets/wallet",
    "wallets/exchangerate",
    "wallets/balance",
    "transactions/transaction",
    "accumulations/accumulation",
]


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


@pytest.fixture
def rows(alice, charlie):
    moved = make_transaction(alice, "T1")
    with worker():
        create_api_key(alice.client, name="shop", by=Actor("test"))
        return {
            "clients/client": alice.client,
            "accounts/user": alice,
            "accounts/apikey": ApiKey.unscoped.get(),
            "audit/auditevent": AuditEvent.unscoped.get(kind=Kind.KEY_MADE),
            "accounts/failedsignins": FailedSignIns.objects.create(
                login="ALICE", address="192.0.2.1", count=5, since=timezone.now()
            ),
            "wallets/paymentsystem": PaymentSystem.objects.get(),
            "wallets/wallet": Wallet.unscoped.get(number="alpha-1"),
            "wallets/exchangerate": make_rate("INR", Decimal("0.012")),
            "wallets/balance": make_balance(alice),
            "transactions/transaction": moved,
            "accumulations/accumulation": make_accumulation(alice, transactions=[moved]),
        }


def test_back_office_shows_the_version(office):
    assert f"Версия {__version__}" in office.get("/admin/").text


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
    response = office.post(
        "/admin/accounts/user/add/",
        {
            "username": "oleg",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "membership-TOTAL_FORMS": "1",
            "membership-INITIAL_FORMS": "0",
            "membership-0-client": alice.client.pk,
            "membership-0-role": "operator",
        },
    )

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


def test_an_administrator_sees_all_clients_in_the_back_office(office, alice, charlie):
    page = words(office.get("/admin/clients/client/"))

    assert "Alpha" in page and "Gamma" in page


def test_administrator_sees_no_client_outside_back_office(office, alice, charlie):
    make_transaction(alice, "hers")
    for address in ("/", "/payments/transactions/", "/wallets/balance/"):
        assert office.get(address)["Location"] == "/admin/"

    office.get("/login/")

    with connection.cursor() as cursor:
        cursor.execute("select current_user, (select count(*) from clients_client)")
        assert cursor.fetchone() == ("paykassma_web", 0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_after_the_back_office_the_connection_is_no_worker():
    browser = Browser()
    browser.force_login(make_administrator("dora"))
    assert browser.get("/admin/").status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("paykassma_web",)


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


def test_an_action_says_how_many_it_was_done_for(office, alice):
    form = {"action": "remove_second_factors", "_selected_action": [alice.pk]}

    page = office.post("/admin/accounts/user/", form, follow=True)

    assert "Выполнено для 0 из 1 выбранных." in words(page)
    with worker():
        assert not AuditEvent.unscoped.filter(kind=Kind.SECOND_FACTOR_REMOVED).exists()


@pytest.mark.parametrize("path", ["", "accounts/user/", "accounts/user/add/"])
def test_back_office_header_offers_sign_out(office, path):
    page = office.get(f"/admin/{path}").content.decode()

    [form] = re.findall(r'<form id="logout-form" method="post" action="([^"]+)"', page)
    office.post(form)

    assert office.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login/")


def test_times_in_the_back_office_are_utc(office, alice):
    make_transaction(alice, "T1", logged_at=timezone.now())

    assert "12:00" in words(office.get("/admin/transactions/transaction/"))


def test_the_zone_of_those_times_is_written_on_every_page(office):
    assert "время по UTC" in words(office.get("/admin/"))


def test_a_transaction_is_found_by_its_whole_number(office, alice):
    make_transaction(alice, "T 1")
    make_transaction(alice, "T 1 and more")

    found = office.get("/admin/transactions/transaction/?q=T+1").context["cl"].result_list

    assert [row.number for row in found] == ["T 1"]


def test_what_happened_to_a_transaction_is_shown_with_it(office, alice):
    moved = make_transaction(alice, "T1", status="pending")
    with worker():
        moved.status = "activated"
        moved.save()

    page = words(office.get(f"/admin/transactions/transaction/{moved.pk}/change/"))

    assert "В ожидании Активирована" in page


@pytest.mark.parametrize("listed", ["transactions/transaction", "accumulations/accumulation"])
def test_a_list_of_millions_is_never_read_whole(office, alice, charlie, monkeypatch, listed):
    for number in ("1", "2", "3", "4"):
        make_transaction(alice, number)
        make_accumulation(alice, number)
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 3)
    monkeypatch.setattr(Ledger, "list_per_page", 2)

    with CaptureQueriesContext(connection) as asked:
        page = office.get(f"/admin/{listed}/?_facets=True").context["cl"]

    table = listed.replace("/", "_")
    reads = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    assert [row.number for row in page.result_list] == ["4", "3"]
    assert page.result_count == 3
    assert reads and all("LIMIT" in sql for sql in reads)


def test_the_newest_rows_of_more_are_not_told_as_a_count(office, alice, monkeypatch):
    for number in ("1", "2", "3"):
        make_transaction(alice, number)
    every = words(office.get("/admin/transactions/transaction/"))
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 2)

    newest = words(office.get("/admin/transactions/transaction/"))

    assert "3 записи" in every and "Последние" not in every
    assert "последние 2" in newest and "Последние 2" in newest
    assert not re.search(r"2 (запис|результат)", newest)


@pytest.mark.parametrize("listed", ["transactions/transaction", "wallets/balance"])
def test_newest_are_named_only_where_there_are_more(office, alice, monkeypatch, listed):
    for _time in range(3):
        make_transaction(alice)
        make_balance(alice)
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 3)
    every = words(office.get(f"/admin/{listed}/"))
    make_transaction(alice)
    make_balance(alice)

    newest = office.get(f"/admin/{listed}/")

    assert "3 записи" in every and "оследние" not in every
    assert "Последние 3" in words(newest) and "последние 3" in words(newest)
    assert len(newest.context["cl"].result_list) == 3


def test_a_payout_is_told_from_a_pay_in(office, alice):
    make_transaction(alice, direction="outgoing")

    page = office.get("/admin/transactions/transaction/").content.decode()

    assert '<td class="field-direction">Исходящие</td>' in page


def test_a_sign_in_without_a_wrong_attempt_is_not_listed(office):
    at = timezone.now()
    for login, count in (("NOBODY", 0), ("MALLORY", 2)):
        FailedSignIns.objects.create(login=login, address="192.0.2.1", count=count, since=at)

    page = words(office.get("/admin/accounts/failedsignins/"))

    assert "MALLORY" in page and "NOBODY" not in page


def test_lock_shows_its_end_and_no_beginning(office):
    at = timezone.now()
    for login, count in (("MALLORY", 5), ("TRUDY", 2)):
        FailedSignIns.objects.create(login=login, address="192.0.2.1", count=count, since=at)

    page = office.get("/admin/accounts/failedsignins/").content.decode()

    cells = re.findall(r'<td class="field-(?:counted_from|locked_until)[^"]*">([^<]*)', page)
    locked, counted = sorted([cells[:2], cells[2:]])[::-1]
    assert locked == ["—", "24.11.2026 12:15:00"] and counted == ["24.11.2026 12:00:00", "—"]


BY_ID, BY_DATE = {"id DESC"}, {"logged_at DESC, id DESC", "formed_at DESC, id DESC"}


def orders(asked, table):
    reads = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    clauses = [re.search(r"ORDER BY (.*?)(?: LIMIT|\)|$)", sql).group(1) for sql in reads]
    return {re.sub(r'"\w+"\.|"', "", clause) for clause in clauses}


@pytest.mark.parametrize("listed", ["transactions/transaction", "accumulations/accumulation"])
@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("", BY_DATE),
        ("?o=3", BY_DATE),
        ("?o=-4.1&p=1", BY_DATE),
        ("?client__id__exact={alpha}", BY_DATE),
        ("?client__id__exact={alpha}&o=3", BY_DATE),
        ("?client__id__exact=abc", BY_DATE),
    ],
)
def test_a_ledger_is_sorted_as_an_index_has_it(office, alice, charlie, listed, asked, order):
    for number in ("1", "2"):
        make_transaction(alice, number)
        make_accumulation(alice, number)
    address = f"/admin/{listed}/{asked.format(alpha=alice.client.pk)}"

    with CaptureQueriesContext(connection) as queries:
        assert office.get(address, follow=True).status_code == 200

    found = orders(queries, listed.replace("/", "_"))
    assert len(found) == 1 and found <= order


@pytest.mark.parametrize(
    ("listed", "order"),
    [
        ("audit/auditevent", {"at DESC, id DESC"}),
        ("wallets/exchangerate", BY_ID),
        ("wallets/balance", BY_ID),
    ],
)
def test_growing_lists_ignore_requested_order(office, rows, listed, order):
    with CaptureQueriesContext(connection) as queries:
        assert office.get(f"/admin/{listed}/?o=3.-2").status_code == 200

    assert orders(queries, listed.replace("/", "_")) == order


@pytest.mark.parametrize(
    "asked",
    [
        "client__isnull=0",
        "client__isnull=True",
        "client={alpha}",
        "client__exact={alpha}",
        "client__id__exact={alpha}&client__id__exact={gamma}",
        "client__id__exact={alpha}&client={alpha}",
    ],
)
def test_a_ledger_is_narrowed_to_one_client_and_in_one_way(office, alice, charlie, asked):
    ids = {"alpha": alice.client.pk, "gamma": charlie.client.pk}

    with CaptureQueriesContext(connection) as queries:
        response = office.get(f"/admin/transactions/transaction/?{asked.format(**ids)}")

    assert response.status_code == 400
    assert not orders(queries, "transactions_transaction")


def test_audit_log_is_filtered_by_one_client(office, alice, charlie):
    both = f"client__id__exact={alice.client.pk}&client__id__exact={charlie.client.pk}"

    assert office.get(f"/admin/audit/auditevent/?{both}").status_code == 400


def test_the_only_client_there_is_narrows_nothing(office, alice):
    """Stock admin has no filter of one choice."""
    make_transaction(alice, "T1")
    only = f"client__id__exact={alice.client.pk}"

    with CaptureQueriesContext(connection) as queries:
        office.get(f"/admin/transactions/transaction/?{only}")

    assert orders(queries, "transactions_transaction") <= BY_DATE


@pytest.mark.parametrize("asked", ["", "&client=1", "&client__id__exact={alpha}", "&o=3"])
def test_an_autocomplete_takes_no_order_from_its_address(office, alice, charlie, asked):
    make_transaction(alice, "T1")
    field = "app_label=transactions&model_name=change&field_name=transaction"

    with CaptureQueriesContext(connection) as queries:
        office.get(f"/admin/autocomplete/?{field}{asked.format(alpha=alice.client.pk)}")

    assert orders(queries, "transactions_transaction") == BY_ID


@pytest.mark.parametrize(
    "asked",
    ["q=%00", "number=%00", "logged_at__year=99999", "client__slug__regex=(", "amount__gt=1"],
)
def test_a_list_is_asked_only_for_what_it_offers(office, alice, asked):
    assert office.get(f"/admin/transactions/transaction/?{asked}").status_code == 400


@pytest.mark.parametrize("asked", ["client__id__exact=abc", "p=abc", "p=-1", "o=99", "q=%FF"])
def test_what_a_list_cannot_understand_is_no_failure(office, rows, asked):
    assert office.get(f"/admin/transactions/transaction/?{asked}", follow=True).status_code == 200


def test_an_empty_name_of_a_field_is_no_failure(office, alice):
    address = f"/admin/clients/client/{alice.client.pk}/change/"

    assert office.get(address, {"_to_field": ""}).status_code == 200


@pytest.mark.parametrize("ticked", ["abc", "", "\0", "9" * 30])
def test_impossible_id_in_action_is_refused(office, alice, ticked):
    asked = {"action": "remove_second_factors", "_selected_action": ticked}

    assert office.post("/admin/accounts/user/", asked).status_code in (302, 400)


def test_a_form_has_as_many_rows_as_there_are_and_a_few(office, alice):
    told = {f"membership_set-{name}": 0 for name in ("INITIAL_FORMS", "MIN_NUM_FORMS")}
    told |= {"membership_set-TOTAL_FORMS": 10_000, "membership_set-MAX_NUM_FORMS": 10_000}

    page = office.post(f"/admin/clients/client/{alice.client.pk}/change/", told)

    (members,) = page.context["inline_admin_formsets"]
    assert len(members.formset.forms) <= 1 + BoundedInline.MORE


@pytest.mark.parametrize("path", ["r/{sessions}/%00/", "r/%00/1/", "wallets/wallet/%00/change/"])
def test_nul_in_address_is_refused(office, path):
    sessions = ContentType.objects.get_for_model(Session).pk

    assert office.get(f"/admin/{path.format(sessions=sessions)}").status_code == 400


@pytest.mark.parametrize("pk", ["abc", "9" * 30, "-1"])
def test_impossible_id_is_not_found(office, pk):
    response = office.get(f"/admin/wallets/wallet/{pk}/change/")

    assert response["Location"] == "/admin/"


@pytest.mark.parametrize("listed", LISTS)
def test_every_list_and_every_row_opens(office, rows, listed):
    row = rows[listed]

    assert office.get(f"/admin/{listed}/").status_code == 200
    assert office.get(f"/admin/{listed}/?q=T1").status_code == 200
    assert office.get(f"/admin/{listed}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    "listed",
    [
        "clients/client",
        "accounts/user",
        "wallets/paymentsystem",
        "wallets/wallet",
        "wallets/exchangerate",
        "wallets/balance",
    ],
)
def test_every_form_to_add_opens(office, alice, listed):
    assert office.get(f"/admin/{listed}/add/").status_code == 200


@pytest.mark.parametrize("listed", LISTS)
def test_nothing_that_money_hangs_on_is_deleted(office, rows, listed):
    response = office.post(f"/admin/{listed}/{rows[listed].pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert "delete_selected" not in office.get(f"/admin/{listed}/").content.decode()


@pytest.mark.parametrize(
    "listed",
    [
        "accounts/apikey",
        "audit/auditevent",
        "wallets/exchangerate",
        "transactions/transaction",
        "accumulations/accumulation",
    ],
)
def test_facts_are_not_changed(office, rows, listed):
    assert office.post(f"/admin/{listed}/{rows[listed].pk}/change/", {}).status_code == 403


@pytest.mark.parametrize(
    "listed", ["accounts/apikey", "audit/auditevent", "transactions/transaction"]
)
def test_imported_rows_cannot_be_added(office, listed):
    assert office.get(f"/admin/{listed}/add/").status_code == 403


ACTIONS = [
    (model, name)
    for model, of_model in back_office._registry.items()
    for name in of_model.actions or ()
    if name not in ("impersonate", "unlock")  # one changes nothing, one leaves no row
]


@pytest.mark.parametrize(("model", "action"), ACTIONS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_action_is_in_the_history_of_its_row(office, rows, model, action, language):
    listed = model._meta.label_lower.replace(".", "/")
    row = rows[listed]
    with worker():
        Authenticator.objects.create(user=rows["accounts/user"], type="totp", data={})

    office.post(f"/admin/{listed}/", {"action": action, "_selected_action": [row.pk]})

    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    history = words(office.get(f"/admin/{listed}/{row.pk}/history/"))
    assert HISTORY[action][language] in history


HISTORY = {
    "revoke": {"ru": "Отзыв ключа API", "en": "API key revoked"},
    "end_all_sessions": {"ru": "Завершение сеансов", "en": "Sessions ended"},
    "remove_second_factors": {"ru": "Отключение второго фактора", "en": "Second factor removed"},
}


def test_a_key_is_seen_without_its_digest_and_can_be_revoked(office, rows):
    key = rows["accounts/apikey"]
    page = office.get(f"/admin/accounts/apikey/{key.pk}/change/").content.decode()

    office.post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [key.pk]})

    assert key.prefix in page and key.sha256 not in page
    with worker():
        assert ApiKey.unscoped.get().revoked_at is not None


def test_a_rate_is_added(office):
    response = office.post(
        "/admin/wallets/exchangerate/add/",
        {"currency": "INR", "day": "2026-11-24", "usd_rate": "0.0119", "source": "bank"},
    )

    assert response.status_code == 302
    assert ExchangeRate.objects.get().usd_rate == Decimal("0.0119")


def test_a_rate_of_the_dollar_is_refused_in_words(office):
    page = words(office.post("/admin/wallets/exchangerate/add/", SEK | {"currency": "USD"}))

    assert "Доллар США всегда стоит единицу: курса у USD нет." in page
    assert not ExchangeRate.objects.exists()


SEK = {"currency": "SEK", "day": "2026-11-23", "usd_rate": "0.105", "source": "bank"}


def test_an_added_rate_is_that_of_transactions_without_one(office, alice, charlie):
    for number, owner in (("hers", alice), ("his", charlie)):
        make_transaction(owner, number, currency="SEK", usd_rate=None)
    make_transaction(alice, "given", currency="SEK", usd_rate="0.2")
    make_transaction(alice, "before", currency="SEK", usd_rate=None, logged_at=days_ago(2))
    make_transaction(alice, "dong", currency="VND", usd_rate=None)

    page = words(office.post("/admin/wallets/exchangerate/add/", SEK, follow=True))

    assert "Он стал курсом 2 транзакций, у которых его не было." in page
    assert "fill_rates" not in page
    with worker():
        rates = dict(Transaction.unscoped.values_list("number", "usd_rate"))
    rate, given = Decimal("0.105"), Decimal("0.2")
    assert rates == {"hers": rate, "his": rate, "given": given, "before": None, "dong": None}
    for owner, total in ((alice, "305,00 USD"), (charlie, "105,00 USD")):
        office.force_login(owner)
        assert total.replace(" ", "\xa0") in office.get("/?date_from=2026-11-24").content.decode()


def test_an_added_rate_says_what_is_left_to_fill(office, alice, monkeypatch):
    monkeypatch.setattr("transactions.imports.fill_rates.BATCH_ROWS", 2)
    for _ in range(3):
        make_transaction(alice, currency="SEK", usd_rate=None)

    page = words(office.post("/admin/wallets/exchangerate/add/", SEK, follow=True))

    assert "Он стал курсом 2 транзакций" in page
    assert "«manage.py fill_rates»" in page
    with worker():
        assert Transaction.unscoped.filter(usd_rate=None).count() == 1


def test_a_rate_is_added_where_time_to_fill_is_up(office, alice, monkeypatch):
    monkeypatch.setattr("transactions.imports.fill_rates.LONGEST", "1ms")
    monkeypatch.setattr(
        "transactions.imports.fill_rates.DUE_OF_RATE",
        DUE_OF_RATE.replace("limit", "where pg_sleep(1) is not null limit"),
    )
    make_transaction(alice, currency="SEK", usd_rate=None)

    page = words(office.post("/admin/wallets/exchangerate/add/", SEK, follow=True))

    assert ExchangeRate.objects.count() == 1
    assert "«manage.py fill_rates»" in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("currency", "QQQ"),
        ("currency", "inr"),
        ("currency", "RUR"),
        ("currency", "XAU"),
        ("usd_rate", "0"),
        ("usd_rate", "-1"),
        ("usd_rate", "NaN"),
        ("usd_rate", "1e999999"),
        ("day", "yesterday"),
        ("day", "2026-11-26"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_at_the_field(office, field, wrong):
    rate = {"currency": "INR", "day": "2026-11-24", "usd_rate": "0.0119", "source": "bank"}

    response = office.post("/admin/wallets/exchangerate/add/", rate | {field: wrong})

    assert field in response.context["adminform"].form.errors
    assert not ExchangeRate.objects.exists()


def test_a_rate_that_jumps_is_added_only_where_it_is_said_to_be_right(office):
    make_rate("THB", "0.0285", date(2026, 11, 23))
    rate = {"currency": "THB", "day": "2026-11-24", "usd_rate": "35.08", "source": "bank"}

    response = office.post("/admin/wallets/exchangerate/add/", rate)

    assert "0.0285" in response.context["adminform"].form.errors["usd_rate"][0]
    assert ExchangeRate.objects.count() == 1
    office.post("/admin/wallets/exchangerate/add/", rate | {"accepts_jump": "on"})
    added = ExchangeRate.objects.get(day=date(2026, 11, 24))
    page = office.get(f"/admin/wallets/exchangerate/{added.pk}/change/").content.decode()
    assert "35,08" in page and "Курс верен" not in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("currency", "QQQ"), ("currency", "HRK"), ("currency", "XTS"), ("code", "")),
        *(("country", "ZZ"), ("country", "India"), ("country", "AN")),
    ],
)
def test_a_payment_system_that_cannot_be_is_refused_at_the_field(office, field, wrong):
    system = {"code": "nagad", "name": "Nagad", "currency": "BDT", "country": "BD"}
    no_statuses = {"statuses-TOTAL_FORMS": "0", "statuses-INITIAL_FORMS": "0"}

    response = office.post(
        "/admin/wallets/paymentsystem/add/", system | no_statuses | {field: wrong}
    )

    assert list(response.context["adminform"].form.errors) == [field]


def test_a_payment_system_gets_its_statuses(office):
    response = office.post(
        "/admin/wallets/paymentsystem/add/",
        {
            "code": "nagad",
            "name": "Nagad",
            "currency": "BDT",
            "country": "BD",
            "is_active": "on",
            "statuses-TOTAL_FORMS": "1",
            "statuses-INITIAL_FORMS": "0",
            "statuses-0-status": "activated",
        },
    )

    assert response.status_code == 302
    assert PaymentSystem.objects.get(code="nagad").statuses.get().status == "activated"


def test_a_wallet_is_added_and_switched_off(office, alice):
    wallet = make_wallet(alice.client)

    response = office.post(
        f"/admin/wallets/wallet/{wallet.pk}/change/",
        {"number": wallet.number, "name": "", "currency": "INR", "country": "IN"},
    )

    assert response.status_code == 302
    with worker():
        assert not Wallet.unscoped.get(pk=wallet.pk).is_active


def test_a_wallet_of_a_currency_that_has_been_withdrawn_is_still_switched_off(office, alice):
    wallet = make_wallet(alice.client, "old", currency="HRK", country="HR")

    response = office.post(
        f"/admin/wallets/wallet/{wallet.pk}/change/",
        {"number": "old", "name": "", "currency": "HRK", "country": "HR"},
    )

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("amount", "1.234"), ("currency", "QQQ"), ("currency", "inr"), ("currency", "RUR")),
        *(("as_of", "2026-11-26"), ("as_of", "2062-11-24")),  # from 18:30 UTC on it is the 26th
    ],
)
def test_a_balance_that_cannot_be_is_refused_at_the_field(office, alice, field, wrong):
    system = make_wallet(alice.client).payment_system
    balance = {
        "client": alice.client.pk,
        "payment_system": system.pk,
        "currency": "INR",
        "amount": "1",
        "as_of": "2026-11-24",
    } | {field: wrong}
    moment = {"as_of_0": balance.pop("as_of"), "as_of_1": "12:00"}

    response = office.post("/admin/wallets/balance/add/", balance | moment)

    assert field in response.context["adminform"].form.errors
    with worker():
        assert not Balance.unscoped.exists()


def test_every_zone_that_is_offered_is_known_to_the_database():
    offered = list(time_zones())

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(timezone(zone, now())) from unnest(%s::text[]) zone", [offered]
        )
        assert cursor.fetchone() == (len(offered),)


@pytest.mark.parametrize("listed", ["transactions/transaction", "accumulations/accumulation"])
def test_the_newest_of_all_clients_come_first_whenever_they_were_recorded(
    office, alice, charlie, monkeypatch, listed
):
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 3)
    for owner, number, days in [(alice, "2", 2), (charlie, "1", 1), (alice, "4", 4)]:
        make_transaction(owner, number, logged_at=days_ago(days))
        make_accumulation(owner, number, formed_at=days_ago(days))
    make_transaction(charlie, "3", logged_at=days_ago(3))
    make_accumulation(charlie, "3", formed_at=days_ago(3))

    rows = office.get(f"/admin/{listed}/").context["cl"].result_list

    assert [row.number for row in rows] == ["1", "2", "3"]


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_is_named_by_its_rows_and_counted_in_records(office, rows, listed):
    """ "Выберите клиент" and "124 журнал действий" are no Russian."""
    page = words(office.get(f"/admin/{listed}/"))

    assert "Выберите" not in page.replace("— выберите", "")
    assert re.search(r"\d (запись|записи|записей) ", page)


def test_a_form_declines_no_models_name(office, alice):
    added = words(office.get("/admin/wallets/paymentsystem/add/"))
    changed = words(office.get(f"/admin/clients/client/{alice.client.pk}/change/"))

    assert "Новая запись: платёжная система" in added
    assert "Изменить: клиент" in changed


def test_the_back_office_has_its_icon_and_the_products_style(office):
    page = office.get("/admin/").content.decode()

    assert 'rel="icon"' in page and "css/back_office.css" in page and "css/variables.css" in page
    assert "theme.js" not in page and "dark_mode.css" not in page


def test_the_theme_that_was_chosen_holds_in_the_back_office(office):
    office.post("/preferences/", {"theme": "dark", "next": "/admin/"})

    page = office.get("/admin/").content.decode()

    assert re.search(r'<body class="\s*dark', page)
    assert 'value="dark" aria-pressed="true"' in " ".join(page.split())


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


# Figures, days and names


@pytest.fixture
def figures_of_her(alice):
    make_rate("INR", Decimal("0.012"), date(2026, 11, 23), recorded_at=AT)
    amount = Decimal("1234567890123456.78")
    make_balance(alice, amount=amount, as_of=AT)
    make_transaction(alice, "T1", amount=Decimal("1234.5"), logged_at=AT)
    make_accumulation(alice, "A1", amount=Decimal("1234.5"), formed_at=AT)


AT = datetime(2026, 11, 24, 11, 30, 5, tzinfo=UTC)
READ = {
    "wallets/exchangerate": {
        "ru": ["INR 23.11.2026: 0,012", "24.11.2026 11:30:05"],
        "en": ["INR 23 Nov 2026: 0.012", "24 Nov 2026 11:30:05"],
    },
    "wallets/balance": {
        "ru": ["1 234 567 890 123 456,78 INR", "1,5 %", "24.11.2026 11:30:05"],
        "en": ["1,234,567,890,123,456.78 INR", "1.5%", "24 Nov 2026 11:30:05"],
    },
    "transactions/transaction": {
        "ru": ["1 234,50 INR", "24.11.2026 11:30:05", "14,81 USD"],
        "en": ["1,234.50 INR", "24 Nov 2026 11:30:05", "14.81 USD"],
    },
    "accumulations/accumulation": {
        "ru": ["1 234,50 INR", "24.11.2026 11:30:05"],
        "en": ["1,234.50 INR", "24 Nov 2026 11:30:05"],
    },
}
OTHERWISE = re.compile(r"\d{4,}[.,]\d|\d[.,]\d{2,}00\b|ноября|November|Nov\.|noon|[ap]\.m\.")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("model", READ)
def test_figures_and_moments_have_one_form_in_list_title_and_fields(
    office, figures_of_her, model, language
):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    listed = office.get(f"/admin/{model}/")
    row = listed.context["cl"].result_list[0]

    pages = [words(listed), words(office.get(f"/admin/{model}/{row.pk}/change/"))]

    together = " ".join(pages)
    assert [told for told in READ[model][language] if told not in together] == []
    assert [OTHERWISE.search(page) for page in pages] == [None, None]


def test_titles_have_the_figures_of_the_product(office, figures_of_her):
    with worker():
        balance, rate = Balance.unscoped.get(), ExchangeRate.objects.get()

    titled = words(office.get(f"/admin/wallets/balance/{balance.pk}/change/"))

    assert "Изменить: баланс 1 234 567 890 123 456,78 INR" in titled
    rate_page = words(office.get(f"/admin/wallets/exchangerate/{rate.pk}/change/"))
    assert "Просмотр: курс валюты INR 23.11.2026: 0,012" in rate_page


def test_history_tells_days_and_fields_as_pages_do(office, alice):
    changed = {"name": "Alpha", "slug": "alpha2", "time_zone": "Asia/Dhaka"}
    changed |= {"membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}
    office.post(f"/admin/clients/client/{alice.client.pk}/change/", changed)

    history = words(office.get(f"/admin/clients/client/{alice.client.pk}/history/"))

    assert "24.11.2026 12:00:0" in history
    assert "Изменено короткое имя, часовой пояс и действует." in history


def test_form_saved_as_it_was_is_no_event(office, alice):
    same = {"name": "Alpha", "slug": "alpha", "time_zone": "Asia/Kolkata", "is_active": "on"}
    same |= {"membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}
    page = words(office.post(f"/admin/clients/client/{alice.client.pk}/change/", same, follow=True))

    with worker():
        assert not AuditEvent.unscoped.filter(kind=Kind.CHANGED).exists()
    assert "Ничего не изменилось" in page and "успешно" not in page
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_labels_of_a_form_begin_with_capitals(office, rows, language):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for listed, row in rows.items():
        for path in ("add", f"{row.pk}/change"):
            page = office.get(f"/admin/{listed}/{path}/", follow=True)
            labels = LABEL.findall(page.content.decode().partition('<div id="content"')[2])
            assert [each for each in labels if each != each[0].upper() + each[1:]] == []


LABEL = re.compile(r"<label[^>]*>\s*([^<]*[^<:\s])")


@pytest.mark.parametrize(("language", "word"), [("ru", "Администратор"), ("en", "Administrator")])
def test_right_of_administrators_has_one_name(office, dora, language, word):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    listed = words(office.get("/admin/accounts/user/"))
    form = words(office.get(f"/admin/accounts/user/{dora.pk}/change/"))

    assert word in listed and word in form
    for page in (listed, form):
        assert not re.search("[Ss]taff|ерсонал", page)


def test_figures_stand_in_the_log_in_no_language(office, alice):
    system = make_wallet(alice.client).payment_system
    balance = {"client": alice.client.pk, "payment_system": system.pk, "currency": "INR"}
    moment = {"as_of_0": "2026-11-24", "as_of_1": "11:00"}
    office.post("/admin/wallets/balance/add/", balance | moment | {"amount": "-1234567.5"})
    office.post("/admin/wallets/exchangerate/add/", SEK)

    with worker():
        targets = {event.target for event in AuditEvent.unscoped.filter(kind=Kind.ADDED)}

    assert targets == {"balance -1234567.5 INR", "exchangerate SEK 2026-11-23: 0.105"}
