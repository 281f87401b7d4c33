import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.test import Client as Browser

from accounts.actions import create_api_key
from accounts.members.members import invite
from accounts.models import ApiKey
from audit.record import Actor
from backoffice.site import back_office
from clients.models import time_zones
from tests.addresses.test_addresses import PAGES
from tests.support.factories import (
    make_accumulation,
    make_balance,
    make_import_file,
    make_job,
    make_payment_system,
    make_transaction,
    make_wallet,
    worker,
)
from tests.support.pages import Reader, words
from tests.support.walk import route_of, walk
from wallets import views
from wallets.api import balance as api
from workspace.about import libraries

pytestmark = pytest.mark.django_db

FOREIGN = {"ru": re.compile(r"[A-Za-z]\w+"), "en": re.compile("[А-Яа-яЁё]+")}

# What is in Latin letters in Russian, too.
NAMES = {
    "Paykassma",
    "MIT",
    "BSD",
    "API",
    "CSV",
    "JSONL",
    "ID",
    "IP",
    "JSON",
    "JavaScript",
    "Lines",  # JSON Lines
    "PNG",
    "QR",
    "SHA",
    "UTC",
    "UTF",
}
NAMES |= {"Authorization", "Bearer", "Enter", "KEY", "OpenAPI", "POST", "cookie"}
NAMES |= {"Retry", "After"}  # a header
NAMES |= {"HTTP", "UPSTREAM_PRIVATE_HOSTS", "http", "https"}  # of an upstream's address
CODES = {"BD", "BDT", "IN", "INR", "USD", "bKash", "bkash", "paytm", "upi_l", "wallet_type"}
EXAMPLES = {"T14", "9BC4K", "9bc4k", "BC4K", "abc", "bc4k", "dusupay"}
ROWS = {
    "Alpha",
    "Asia",
    "Kolkata",
    "alice",
    "alpha",
    "bob",
    "dora",
    "nope",
    "pk_777",
    "test",
    "user",
}
ROWS |= {"factor"}  # in the audit log
ROWS |= {"balance", "commission", "null", "status", "true"}  # an upstream's answer as it came
OF_DJANGO = {"False", "LDAP", "On", "Search", "Sing", "Single", "True", "md5"}
OF_LIBRARIES = {word for each in libraries() for text in each for word in re.findall(r"\w+", text)}
KEPT = NAMES | CODES | EXAMPLES | ROWS | OF_DJANGO | OF_LIBRARIES
ZONES = time_zones()  # choices, called the same everywhere
SECRET = re.compile("[A-Z2-7]{32}")  # of an authenticator app
BALANCE = "/api/v1/wallets/balance"
ADDRESSES = re.compile(r"/[\w/.]+|\w+=\S*(?: \w+=\S*)*")  # and conditions, in the audit log


@pytest.fixture(params=["ru", "en"])
def language(request, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = request.param
    client.raise_request_exception = False
    return request.param


def assert_speaks(language, response):
    reader = Reader(response.content.decode())
    assert reader.language == response.headers["Content-Language"] == language
    assert_is_in(language, *(text for _line, text in reader.texts))


def assert_is_in(language, *texts):
    for text in texts:
        foreign = set(FOREIGN[language].findall(text)) - KEPT
        is_named = text in ZONES or "***" in text  # the latter is of a password's digest
        is_named |= bool(ADDRESSES.fullmatch(text) or SECRET.search(text))
        assert not foreign or is_named, f"{foreign} in: {text}"


@pytest.fixture
def her_rows(alice):
    make_payment_system("bkash", name="bKash")
    wallet = make_wallet(alice.client, "777", payment_system="bkash")
    in_bangladesh = {"wallet": wallet, "currency": "BDT", "country": "BD", "usd_rate": None}
    forced = {"type": "forced", "forced_by": "alice", "forced_at": NOON, "forced_reason": "7"}
    withdrawn = {"type": "withdrawal"}
    in_progress = withdrawn | {"status": "pending"}
    for number, fields in enumerate([{}, in_bangladesh, forced, withdrawn, in_progress]):
        make_transaction(alice, str(number), **fields)
    make_transaction(alice, "1000", type="fake")
    make_transaction(alice, "1001", status="not_activated")
    make_accumulation(alice, "2000")
    make_balance(alice)
    make_balance(alice, currency="USD")
    make_wallet(alice.client, payment_system="paytm", is_active=False)
    job = make_job(alice, "fill_rates", state="running", done=7, total=777)
    outcomes = {"outcomes": {"new": 5, "refused": 2, "repeated": 7}}
    tried = make_job(alice, "import_trial", state="done", ended_at=NOON, position=outcomes)
    digits = {"name": "777", "text": "777;7\n1;2\n", "sha256": "7" * 64}
    make_import_file(alice, trial=tried, refused="777", **digits)
    make_import_file(alice, trial=job, **digits)
    with worker():
        ApiKey.unscoped.create(
            client=alice.client, name="777", prefix="pk_777", sha256="7" * 64, scopes=["balance"]
        )
        invite(alice.client, role="auditor", by=Actor("test"))


NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


# Pages


def test_every_page_of_a_client(client, alice, her_rows, language, subtests):
    client.force_login(alice)

    seen = set()
    for address, response in walk(client, "/", most=4):
        seen.add(route_of(address))
        with subtests.test(address):
            assert_speaks(language, response)

    assert PAGES - {"chart.json"} <= seen


@pytest.mark.parametrize("language", ["ru"], indirect=True)  # what is English there is Django's
def test_every_page_of_the_back_office(client, dora, her_rows, language, subtests):
    client.force_login(dora)

    seen = set()
    for address, response in walk(client, "/admin/", most=1):
        seen.add(route_of(address))
        with subtests.test(address):
            assert_speaks(language, response)

    for model in back_office._registry:
        assert f"admin/{model._meta.app_label}/{model._meta.model_name}/" in seen


MISTAKEN = "date_from=nope&date_to=2199-01-01&currency=nope&country=nope"
WITH_MISTAKES_OR_WITHOUT_ROWS = [
    f"/?{MISTAKEN}&tab=nope&measure=nope&chart=nope&detail=nope&systems=nope",
    "/?date_from=2026-11-24&date_to=2026-11-01",
    "/?date_from=2024-11-24&date_to=2026-11-01",
    "/?date_from=&date_to=",
    "/?country=IN&country=BD",
    "/?total=off&systems=",
    "/?date_from=2020-01-01&date_to=2020-01-02",
    f"/payments/transactions/?{MISTAKEN}&page=nope&per_page=7&state=nope&counterparty=1&label=1*"
    "&wallet=nope&status=nope",
    "/payments/transactions/?1=1",
    "/payments/transactions/?page=99",
    "/payments/transactions/?page=0",
    "/payments/transactions/?label=" + "1" * 200,
    "/payments/transactions/?label=1",
    "/payments/accumulations/?date_from=nope",
    "/payments/accumulations/?label=1",
    "/wallets/balance/?wallet_type=",
    "/wallets/balance/?wallet_type=" + "1" * 200,
    "/wallets/balance/?wallet_type=nope",
    "/wallets/balance/?wallet_type=bkash",
    "/wallets/balance/?wallet_type=upi_l",
    "/wallets/balance/?wallet_type=paytm",
]


def test_pages_with_mistakes_or_without_rows(client, alice, her_rows, language, subtests):
    client.force_login(alice)

    for address in WITH_MISTAKES_OR_WITHOUT_ROWS:
        with subtests.test(address):
            assert_speaks(language, client.get(address))


def test_the_errors_of_the_chart(client, alice, language):
    client.force_login(alice)

    errors = client.get(f"/chart.json?{MISTAKEN}&tab=nope").json()["errors"]

    assert_is_in(language, *(sentence for sentences in errors.values() for sentence in sentences))


def test_sign_in(client, language):
    assert_speaks(language, client.get("/login/"))
    for sent in ({}, {"login": "nope", "password": "nope"}, {"login": "1" * 1000}):
        assert_speaks(language, client.post("/login/", sent))


@pytest.fixture
def link(alice):
    with worker():
        return f"/invitation/{invite(alice.client, role='auditor', by=Actor('test'))}/"


def test_an_invitation(client, link, language):
    joins = {"login": "777", "password": "777", "repeated": "7"}
    for asked in (client.get(link), client.post(link, {}), client.post(link, joins)):
        assert_speaks(language, asked)

    password = dict.fromkeys(("password", "repeated"), "7-correct-horse-7")
    assert_speaks(language, client.post(link, joins | password, follow=True))
    assert_speaks(language, client.get(link))


def test_what_an_owner_is_answered(client, alice, language):
    client.force_login(alice)
    role = f"/members/{alice.membership.pk}/role/"
    answers = [
        client.post("/keys/", {}),
        client.post("/keys/", {"name": "777", "scopes": "balance", "last_day": "2026-11-01"}),
        client.post("/keys/", {"name": "777", "scopes": "king"}),
        client.post("/members/", {"role": "king"}),
        client.post(role, {"role": "auditor"}),
    ]

    for answer in answers:
        assert_speaks(language, answer)


def test_too_many_attempts_to_sign_in(client, alice, language):
    for _attempt in range(6):
        of_one_login = client.post("/login/", {"login": "alice", "password": "nope"})
    for attempt in range(40):
        of_one_network = client.post("/login/", {"login": str(attempt), "password": "nope"})

    assert of_one_login.status_code == of_one_network.status_code == 429
    assert_speaks(language, of_one_login)
    assert_speaks(language, of_one_network)


NO_MEMBERS = {"membership-TOTAL_FORMS": "0", "membership-INITIAL_FORMS": "0"}


def test_forms_of_the_back_office_with_mistakes(client, dora, language, subtests):
    client.force_login(dora)

    for model in ("clients/client", "accounts/user", "wallets/wallet", "wallets/balance"):
        with subtests.test(model):
            sent = NO_MEMBERS | {"name": "1", "currency": "1", "amount": "1"}
            assert_speaks(language, client.post(f"/admin/{model}/add/", sent))


# Refusals and failures


def test_a_request_that_is_malformed(client, language):
    assert_speaks(language, client.get("/login/", headers={"Host": "evil.example"}))


def test_a_page_that_a_role_may_not_see(client, bob, language):
    client.force_login(bob)

    assert_speaks(language, refused := client.get("/wallets/balance/"))
    assert refused.status_code == 403


def test_a_page_that_a_member_may_not_see(client, alice, language):
    client.force_login(alice)

    assert_speaks(language, refused := client.get("/admin/", follow=True))
    assert refused.status_code == 403


def test_a_form_that_is_out_of_date(language):
    browser = Browser(enforce_csrf_checks=True, headers={"Cookie": f"django_language={language}"})

    assert_speaks(language, refused := browser.post("/login/"))
    assert refused.status_code == 403


def test_a_page_that_is_not_there(client, alice, language):
    assert_speaks(language, client.get("/nope/"))
    client.force_login(alice)
    assert_speaks(language, client.get("/payments/transactions/0/"))


@pytest.mark.parametrize("error", [RuntimeError, OperationalError])
def test_a_failure_of_ours(client, alice, language, monkeypatch, error):
    for module in (api, views):
        monkeypatch.setattr(module, "request_balance", failing(error))
    client.force_login(alice)

    assert_speaks(language, failed := client.get("/wallets/balance/?wallet_type=upi_l"))
    assert failed.status_code >= 500
    assert_is_in(language, ask(client, key_of(alice)).json()["reason"])


def test_a_session_that_cannot_be_kept(client, language, monkeypatch):
    monkeypatch.setattr(SessionMiddleware, "process_response", failing(OperationalError))

    assert_speaks(language, failed := client.get("/login/"))
    assert failed.status_code == 503


def failing(error):
    def fail(*args, **kwargs):
        raise error

    return fail


# The API


def key_of(user, **fields):
    with worker():
        key = create_api_key(user.client, name="1", by=Actor("test"))
        ApiKey.unscoped.filter(name="1").update(**fields)
    return key


def ask(client, key, body='{"wallet_type": "upi_l"}'):
    headers = {"Authorization": f"Bearer {key}"}
    return client.post(BALANCE, body, "application/json", headers=headers)


BODIES = [
    "nope",
    "[]",
    "{}",
    '{"wallet_type": 1}',
    '{"wallet_type": ""}',
    '{"wallet_type": "\\u0000"}',
    f'{{"wallet_type": "{"1" * 200}"}}',
    '{"wallet_type": "nope"}',
    '{"wallet_type": "upi_l"}',
    "1" * 3_000_000,
]


def test_a_body_that_the_api_refuses(client, alice, language):
    key = key_of(alice)

    for body in BODIES:
        assert_is_in(language, ask(client, key, body).json()["reason"])


YESTERDAY = "2026-11-23T00:00Z"


@pytest.mark.parametrize(
    "fields", [{}, {"revoked_at": YESTERDAY}, {"expires_at": YESTERDAY}, {"scopes": []}]
)
def test_a_key_that_opens_nothing(client, alice, language, fields):
    key = key_of(alice, **fields) if fields else "nope"

    answer = ask(client, key)

    assert answer.status_code in (401, 403)
    assert_is_in(language, answer.json()["reason"])


@pytest.mark.parametrize("header", ["", "Basic YTpi", "nope"])
def test_a_request_without_a_key(client, alice, language, header):
    headers = {"Authorization": header} if header else {}

    answer = client.post(BALANCE, "{}", "application/json", headers=headers)

    assert answer.status_code == 401
    assert_is_in(language, answer.json()["reason"])


def test_what_the_api_refuses_before_its_body(client, alice, language, settings):
    settings.API_REQUESTS_A_MINUTE = 1
    key = key_of(alice)
    ask(client, key)
    answers = {
        404: client.get("/api/v1/nope"),
        405: client.get(BALANCE),
        429: ask(client, key),
        400: client.get(BALANCE, headers={"Host": "evil.example"}),
    }

    assert {status: answer.status_code for status, answer in answers.items()} == {
        status: status for status in answers
    }
    for answer in answers.values():
        assert_is_in(language, ADDRESSES.sub("", answer.json()["reason"]))


def test_the_description_of_the_api_is_said_to_be_english(client, alice, language):
    client.force_login(alice)

    page = client.get("/api/v1/docs").content.decode()

    assert f'<html lang="{language}"' in page
    assert '<div id="swagger-ui" lang="en">' in page


# Which language


@pytest.mark.parametrize("asked", ["en", "en-GB,en;q=0.9", "de", "*", "xx-yy;q=nope"])
def test_what_a_browser_asks_for_is_not_listened_to(client, alice, asked, subtests):
    client.force_login(alice)

    for address in ("/", "/login/", "/nope/", "/admin/"):
        with subtests.test(address):
            response = client.get(address, headers={"Accept-Language": asked}, follow=True)
            assert_speaks("ru", response)


def test_nor_is_what_a_program_asks_for(client, alice):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    assert_is_in("ru", ask(client, "nope").json()["reason"])


# Numbers, days and names


@pytest.fixture
def page_words(client, alice, language):
    client.force_login(alice)
    return lambda address: words(client.get(address))


def missing(texts, page):
    return [text for text in texts if text not in page]


LISTED = {
    "ru": ["1 234,50 INR", "24.11.2026 16:30:00", "Индия", "Активирована"],
    "en": ["1,234.50 INR", "24 Nov 2026 16:30:00", "India", "Activated"],
}


def test_a_list_is_written_as_its_language_writes(page_words, alice, language):
    make_transaction(alice, amount=Decimal("1234.50"), logged_at=NOON)

    assert missing(LISTED[language], page_words("/payments/transactions/")) == []


ANSWERED = {"ru": ["123 456,00 INR", "1,5 %"], "en": ["123,456.00 INR", "1.5%"]}


def test_a_balance_is_too(page_words, alice, language):
    make_balance(alice)

    assert missing(ANSWERED[language], page_words("/wallets/balance/?wallet_type=upi_l")) == []


SUMMED = {"ru": ["14 814,00 USD"], "en": ["14,814.00 USD"]}


def test_the_dashboard_is_too(page_words, alice, language):
    make_transaction(alice, amount=1_234_500)

    assert missing(SUMMED[language], page_words("/")) == []


COUNTED = {
    "ru": {
        1: "Найдена 1 транзакция",
        2: "Найдено 2 транзакции",
        5: "Найдено 5 транзакций",
        11: "Найдено 11 транзакций",
        21: "Найдена 21 транзакция",
    },
    "en": {1: "Found 1 transaction", 2: "Found 2 transactions"},
}


def test_what_is_counted_agrees_with_its_number(page_words, alice, language):
    for number in range(1, max(COUNTED[language]) + 1):
        make_transaction(alice, str(number))
        if number in COUNTED[language]:
            page = page_words("/payments/transactions/")
            assert re.search(rf"{COUNTED[language][number]}\b", page)
