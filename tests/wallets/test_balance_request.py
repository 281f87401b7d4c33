import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from accounts.actions import create_api_key
from accounts.models import ApiKey
from audit.record import Actor
from clients.models import Client
from tests.conftest import NOON
from tests.support.events import events
from tests.support.factories import make_balance, make_payment_system, make_wallet, seeing, worker
from tests.support.pages import words
from wallets.balances import choose_answer, read_answers
from wallets.models import PaymentSystem, Wallet

pytestmark = pytest.mark.django_db

API = "/api/v1/wallets/balance"
FORM = "/wallets/balance/"


def key_of(member):
    with worker():
        return create_api_key(member.client, name="shop", by=Actor("test"))


def ask(client, key, body, **headers):
    body = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(
        API,
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"} | headers,
    )


@pytest.fixture
def key(alice):
    return key_of(alice)


# B2


def test_api_answers_in_the_guides_terms(client, alice, key):
    make_wallet(alice.client, payment_system="dusupay")
    make_balance(alice, "dusupay", amount=Decimal("123456.00"), commission_percent=Decimal("1.5"))

    response = ask(client, key, {"wallet_type": "dusupay"})

    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/json")
    assert response["Cache-Control"] == "no-store"
    answer = response.json()
    assert list(answer)[:3] == ["status", "balance", "commission"]
    assert answer["status"] is True
    assert '"balance": 123456.0,' in response.content.decode()
    assert answer["commission"] == 1.5


def test_balance_in_another_currency_stands_apart(client, alice, key):
    make_wallet(alice.client, payment_system="dusupay")
    make_balance(alice, "dusupay", currency="USD")

    answer = ask(client, key, {"wallet_type": "dusupay"}).json()

    assert answer["balance"] is None
    assert answer["reason"] == "Данных о его балансе в INR ещё не было."


def test_api_answers_with_wallets_and_other_balances(client, alice, key):
    make_balance(alice, as_of=datetime(2026, 11, 24, 11, 55, tzinfo=UTC))

    answer = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert answer["currency"] == "INR"
    assert answer["as_of"] == "2026-11-24T17:25:00+05:30"
    assert answer["wallets"] == [{"number": "alpha-1", "name": "", "currency": "INR"}]
    assert answer["balances"] == []
    assert answer["reason"] is None


def test_unknown_commission_is_null(client, alice, key):
    make_balance(alice, commission_percent=None)

    answer = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert answer["balance"] == 123456.0
    assert answer["commission"] is None


def test_the_newest_report_counts(client, alice, key):
    make_balance(alice, amount=Decimal(1), as_of=timezone.now() - timedelta(days=1))
    make_balance(alice, amount=Decimal(2), as_of=timezone.now() - timedelta(minutes=1))
    make_balance(alice, amount=Decimal(3), as_of=timezone.now() - timedelta(days=2))

    assert ask(client, key, {"wallet_type": "upi_l"}).json()["balance"] == 2


def test_a_report_is_the_answer_when_its_moment_has_come(client, alice, key):
    now = timezone.now()
    for currency in ("INR", "USD"):
        make_balance(alice, currency=currency, amount=Decimal(1), as_of=now - timedelta(hours=1))
        make_balance(alice, currency=currency, amount=Decimal(2), as_of=now + timedelta(hours=2))

    def balances():
        client.force_login(alice)
        answer = ask(client, key, {"wallet_type": "upi_l"}).json()
        shown = client.get(FORM, {"wallet_type": "upi_l"}).context["answer"]
        return answer["balance"], answer["balances"][0]["balance"], shown.balance

    assert balances() == (1, 1, 1)
    with travel(now + timedelta(hours=3)):
        assert balances() == (2, 2, 2)


def test_other_currencies_are_never_added(client, alice, key):
    make_balance(alice, amount=Decimal(100))
    make_balance(alice, currency="USD", amount=Decimal("7.25"), commission_percent=None)

    answer = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert answer["balance"] == 100
    assert [(b["currency"], b["balance"], b["commission"]) for b in answer["balances"]] == [
        ("USD", 7.25, None)
    ]


def test_report_in_another_currency_is_no_balance(client, alice, key):
    make_balance(alice, currency="USD")

    answer = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert (answer["status"], answer["balance"], answer["commission"]) == (True, None, None)
    assert [b["currency"] for b in answer["balances"]] == ["USD"]


# B3


def test_unreported_balance_is_null_with_reason(client, alice, key):
    answer = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert (answer["status"], answer["balance"], answer["commission"]) == (True, None, None)
    assert answer["reason"] == "Данных о его балансе ещё не было."


@pytest.mark.parametrize("wallet_type", ["no_such", "upi", "'; drop table x", "ы" * 190])
def test_unknown_wallet_type_has_no_wallet(client, alice, key, wallet_type):
    make_balance(alice)

    response = ask(client, key, {"wallet_type": wallet_type})

    assert response.status_code == 200
    answer = response.json()
    assert (answer["status"], answer["balance"], answer["commission"]) == (False, None, None)
    assert answer["reason"] == f"У вас нет кошелька типа «{wallet_type}»."


def test_inactive_payment_system_has_no_wallet(client, alice, key):
    make_balance(alice)
    with worker():
        PaymentSystem.objects.update(is_active=False)

    answer = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert (answer["status"], answer["balance"], answer["commission"]) == (False, None, None)
    assert answer["reason"] == "Кошелёк upi_l отключён."


def test_wallet_type_is_off_with_all_its_wallets(client, alice, key):
    make_balance(alice)
    make_wallet(alice.client, "alpha-2")
    with worker():
        Wallet.unscoped.filter(number="alpha-1").update(is_active=False)
    first = ask(client, key, {"wallet_type": "upi_l"}).json()
    with worker():
        Wallet.unscoped.update(is_active=False)

    last = ask(client, key, {"wallet_type": "upi_l"}).json()

    assert first["status"] is True
    assert [w["number"] for w in first["wallets"]] == ["alpha-2"]
    assert (last["status"], last["balance"]) == (False, None)


# A4


def test_client_gets_only_its_own_balance(client, alice, charlie, nets):
    make_balance(alice, amount=Decimal(100))
    make_wallet(alice.client, payment_system="bkash")
    his = key_of(charlie)

    shared = ask(client, his, {"wallet_type": "upi_l"}).json()
    hers = ask(client, his, {"wallet_type": "bkash"}).json()

    assert (shared["status"], shared["balance"]) == (True, None)
    assert [w["number"] for w in shared["wallets"]] == ["gamma-1"]
    assert hers["status"] is False


def test_key_decides_the_client_not_the_session(client, alice, charlie, key):
    make_balance(alice, amount=Decimal(100))
    client.force_login(charlie)

    assert ask(client, key, {"wallet_type": "upi_l"}).json()["balance"] == 100


# B4

BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"wallet_type=upi_l",
    "half a JSON": b'{"wallet_type": "upi_l"',
    "no UTF-8": b'{"wallet_type": "\xff\xfe"}',
    "UTF-16": '{"wallet_type": "upi_l"}'.encode("utf-16"),
    "UTF-32": '{"wallet_type": "upi_l"}'.encode("utf-32-be"),
    "null": b"null",
    "a list": b'["upi_l"]',
    "a string": b'"upi_l"',
    "a number": b"1",
    "no type": b"{}",
    "type null": b'{"wallet_type": null}',
    "type a number": b'{"wallet_type": 1}',
    "type true": b'{"wallet_type": true}',
    "type a list": b'{"wallet_type": ["upi_l"]}',
    "type an object": b'{"wallet_type": {"a": 1}}',
    "type empty": b'{"wallet_type": ""}',
    "type blank": b'{"wallet_type": "  \\t "}',
    "type with NUL": b'{"wallet_type": "upi\\u0000l"}',
    "half a surrogate": b'{"wallet_type": "\\ud800"}',
    "type too long": b'{"wallet_type": "%s"}' % (b"x" * 10_000),
    "two types": b'{"wallet_type": "upi_l", "wallet_type": "bkash"}',
    "deep": b"[" * 100_000,
    "a huge number": b'{"wallet_type": %s}' % (b"9" * 10_000),
}


def test_body_without_type_is_a_400_with_reason(client, key, subtests):
    for name, body in BAD_BODIES.items():
        with subtests.test(name):
            response = ask(client, key, body)

            assert response.status_code == 400
            assert isinstance(response.json()["reason"], str)
            assert response.json()["reason"]


def test_refusal_names_the_field(client, key):
    assert ask(client, key, {}).json()["reason"] == "Нет поля «wallet_type»."


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        (None, "Нет поля «wallet_type»."),
        ("en", "“wallet_type” is missing."),
        ("xx", "Нет поля «wallet_type»."),
    ],
)
def test_cookie_alone_chooses_the_language_of_a_reason(client, key, language, reason):
    if language:
        client.cookies["django_language"] = language

    response = ask(client, key, {}, **{"Accept-Language": "en"})

    assert response.json()["reason"] == reason


def test_key_that_stands_twice_is_named(client, key):
    response = ask(client, key, b'{"wallet_type": "upi_l", "wallet_type": "bkash"}')

    assert response.json()["reason"] == "Поле «wallet_type» указано дважды."


def test_huge_body_is_refused_unread(client, key):
    response = ask(client, key, b'{"wallet_type": "%s"}' % (b"x" * 3_000_000))

    assert response.status_code == 413
    assert response.json()["reason"]


def test_spaces_and_further_keys_are_ignored(client, alice, key):
    make_balance(alice)

    answer = ask(client, key, {"wallet_type": "  upi_l ", "more": [1]}).json()

    assert answer["status"] is True


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_balance_request_requires_post(client, key, method):
    response = getattr(client, method)(API, headers={"Authorization": f"Bearer {key}"})

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response.json()["reason"] == "Спросите методом POST."


def test_api_schema_has_examples_and_refusals(client, alice):
    client.force_login(alice)

    described = client.get("/api/v1/openapi.json").json()

    asked = described["paths"][API]["post"]
    schemas = described["components"]["schemas"]
    assert list(asked["responses"]) == ["200", "400", "401", "403", "413", "429", "500", "503"]
    assert asked["security"] == [{"KeyBearer": []}]
    assert schemas["BalanceQuestion"]["properties"]["wallet_type"]["examples"] == ["dusupay"]
    assert schemas["BalanceResult"]["properties"]["balance"]["examples"] == [123456.0]
    assert schemas["Problem"]["properties"]["reason"]["examples"] == [
        ask(client, key_of(alice), {}).json()["reason"]
    ]


# B1, B5


def test_page_calls_a_wallet_type_by_its_name(client, alice):
    make_payment_system("knet", name="K-Net")
    make_wallet(alice.client, payment_system="knet")
    client.force_login(alice)

    page = words(client.get(FORM, {"wallet_type": "knet"}))
    with worker():
        Wallet.unscoped.filter(payment_system__code="knet").update(is_active=False)
    switched_off = words(client.get(FORM, {"wallet_type": "knet"}))

    assert "Кошелёк K-Net доступен для вывода." in page
    assert "Кошелёк K-Net отключён." in switched_off


def test_form_shows_status_balance_and_commission(client, alice):
    make_wallet(alice.client, payment_system="dusupay", name="Main")
    make_balance(alice, "dusupay", as_of=datetime(2026, 11, 24, 11, 55, tzinfo=UTC))
    client.force_login(alice)

    page = words(client.get(FORM, {"wallet_type": "dusupay"}))

    assert "Кошелёк dusupay доступен для вывода." in page
    assert "123 456,00 INR" in page
    assert "1,5 %" in page
    assert "24.11.2026 17:25:00" in page
    assert "alpha-1" in page and "Main" in page


def test_form_says_that_commission_is_unknown(client, alice):
    make_balance(alice, commission_percent=None)
    client.force_login(alice)

    page = client.get(FORM, {"wallet_type": "upi_l"}).content.decode()

    assert "не указана" in page


def test_form_and_api_give_the_same_numbers(client, alice, key):
    make_balance(alice, amount=Decimal("0.0001"), commission_percent=Decimal("0.1234"))
    make_balance(alice, currency="USD", amount=Decimal("-5"))
    client.force_login(alice)

    shown = client.get(FORM, {"wallet_type": "upi_l"}).context["answer"]
    answer = json.loads(ask(client, key, {"wallet_type": "upi_l"}).content, parse_float=Decimal)

    assert answer["status"] == shown.status
    assert answer["balance"] == shown.balance
    assert answer["commission"] == shown.commission
    assert [b["balance"] for b in answer["balances"]] == [b.amount for b in shown.others]


@pytest.mark.parametrize(
    ("held", "reported", "currency", "in_words"),
    [
        ([], [], None, "У вас нет кошелька типа «bkash»."),
        ([], ["BDT"], None, "У вас нет кошелька типа «bkash»."),
        (["BDT"], [], "BDT", "Баланс — BDT"),
        (["USD"], [], "USD", "Баланс — USD"),
        (["BDT", "USD"], [], "BDT", "Баланс — BDT"),
        (["EUR", "USD"], [], None, "Баланс — Комиссия"),
        (["BDT"], ["BDT"], "BDT", "Баланс 10,00 BDT"),
        (["BDT"], ["USD"], "BDT", "Баланс — BDT"),
        (["USD"], ["USD"], "USD", "Баланс 10,00 USD"),
        (["USD"], ["BDT"], "BDT", "Баланс 10,00 BDT"),
        (["USD"], ["EUR"], "USD", "Баланс — USD"),
        (["BDT", "USD"], ["BDT", "USD"], "BDT", "Баланс 10,00 BDT"),
        (["EUR", "USD"], ["EUR", "USD"], None, "Баланс — Комиссия"),
    ],
)
def test_form_and_api_give_the_same_currency(
    client, alice, key, held, reported, currency, in_words
):
    make_payment_system("bkash", currency="BDT")
    for each in held:
        make_wallet(alice.client, each, payment_system="bkash", currency=each)
    for each in reported:
        make_balance(alice, "bkash", currency=each, amount=Decimal(10))
    client.force_login(alice)

    page = words(client.get(FORM, {"wallet_type": "bkash"}))
    answer = ask(client, key, {"wallet_type": "bkash"}).json()

    assert answer["currency"] == currency
    assert (answer["balance"] is not None) == bool(held and currency in reported)
    assert in_words in page
    assert not answer["reason"] or answer["reason"] in page


@pytest.mark.parametrize(
    ("currency", "amount", "in_json", "in_words"),
    [
        ("VND", "1234567890123456", "1234567890123456.0", "1 234 567 890 123 456 VND"),
        ("KWD", "123456789012345.678", "123456789012345.678", "123 456 789 012 345,678 KWD"),
        ("IRR", "1234567890123456.78", "1234567890123456.78", "1 234 567 890 123 456,78 IRR"),
    ],
)
def test_long_balance_is_exact_in_form_and_api(
    client, alice, key, currency, amount, in_json, in_words
):
    """A float has fifteen."""
    make_payment_system("large", currency=currency)
    make_wallet(alice.client, "l1", payment_system="large")
    make_balance(alice, "large", amount=Decimal(amount))
    client.force_login(alice)

    assert in_words in words(client.get(FORM, {"wallet_type": "large"}))
    answer = ask(client, key, {"wallet_type": "large"}).content.decode()
    assert f'"balance": {in_json},' in answer


def test_text_like_a_number_stays_a_text(client, alice, key):
    make_wallet(alice.client, "0012.50")

    wallets = ask(client, key, {"wallet_type": "upi_l"}).json()["wallets"]

    assert "0012.50" in [wallet["number"] for wallet in wallets]


@pytest.mark.parametrize("written", ["wave_p", "WAVE_P", "wave pay", "Wave Pay", " WAVE pay "])
def test_form_and_api_take_a_type_by_code_or_name_in_any_case(client, alice, key, written):
    make_payment_system("wave_p", name="Wave Pay")
    make_wallet(alice.client, payment_system="wave_p")
    make_balance(alice, "wave_p", amount=Decimal(7))
    client.force_login(alice)

    assert client.get(FORM, {"wallet_type": written}).context["answer"].balance == 7
    assert ask(client, key, {"wallet_type": written}).json()["balance"] == 7


@pytest.mark.parametrize(
    ("systems", "written", "codes"),
    [
        ({"wave_a": "Wave Pay", "wave_b": "Wave Pay"}, "wave pay", "wave_a, wave_b"),
        ({"phonepe": "P", "phone_pe": "PhonePe"}, "PhonePe", "phone_pe, phonepe"),
        ({"UPI": "U", "upi": "V"}, "Upi", "UPI, upi"),
    ],
)
def test_name_of_several_types_is_answered_with_their_codes(
    client, alice, key, systems, written, codes
):
    for code, name in systems.items():
        make_payment_system(code, name=name)
        make_wallet(alice.client, payment_system=code)
    client.force_login(alice)
    reason = f"«{written}» подходит нескольким вашим типам кошельков. Укажите код: {codes}."

    answer = ask(client, key, {"wallet_type": written}).json()

    assert (answer["status"], answer["balance"], answer["reason"]) == (False, None, reason)
    assert reason in words(client.get(FORM, {"wallet_type": written}))
    for code in codes.split(", "):
        assert ask(client, key, {"wallet_type": code}).json()["status"] is True


def test_types_of_one_name_are_told_apart_by_their_codes(client, alice, nets):
    for code in ("wave_a", "wave_b"):
        make_payment_system(code, name="Wave Pay")
        make_wallet(alice.client, payment_system=code)
    client.force_login(alice)

    page = words(client.get(FORM))

    assert "Wave Pay (wave_a)" in page and "Wave Pay (wave_b)" in page


def test_types_of_other_clients_make_no_name_ambiguous(client, alice, charlie, key, nets):
    for code, owner in [("wave_a", alice), ("wave_b", charlie)]:
        make_payment_system(code, name="Wave Pay")
        make_wallet(owner.client, payment_system=code)

    assert ask(client, key, {"wallet_type": "Wave Pay"}).json()["status"] is True


@pytest.mark.parametrize("question", [{}, {"wallet_type": "upi_l"}])
def test_page_of_a_client_without_wallets_says_so(client, alice, question):
    with worker():
        Wallet.unscoped.all().delete()
    client.force_login(alice)

    page = words(client.get(FORM, question))

    assert "У вас пока нет кошельков." in page
    assert "перечислены" not in page


def test_form_suggests_only_the_clients_wallet_types(client, alice, charlie):
    make_wallet(charlie.client, payment_system="bkash")
    client.force_login(alice)

    page = client.get(FORM).content.decode()

    assert '<option value="upi_l">' in page
    assert "bkash" not in page


def test_form_shows_nothing_of_another_client(client, alice, charlie):
    make_wallet(alice.client, payment_system="bkash", number="hers")
    make_balance(alice, "bkash")
    client.force_login(charlie)

    page = client.get(FORM, {"wallet_type": "bkash"}).content.decode()

    assert "У вас нет кошелька типа «bkash»." in page
    assert "hers" not in page and "123" not in page


@pytest.mark.parametrize("bad", ["", "  ", "upi\0l", "x" * 10_000])
def test_invalid_wallet_type_is_an_error(client, alice, bad):
    client.force_login(alice)

    response = client.get(FORM, {"wallet_type": bad})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["wallet_type"]
    assert response.context["answer"] is None


def test_two_wallet_types_are_an_error(client, alice):
    client.force_login(alice)

    response = client.get(FORM, {"wallet_type": ["upi_l", "bkash"]})

    assert response.context["form"].errors == {"wallet_type": ["Укажите здесь одно значение."]}
    assert response.context["answer"] is None


def test_empty_form_has_no_answer(client, alice, django_assert_max_num_queries):
    client.force_login(alice)

    with django_assert_max_num_queries(12):
        response = client.get(FORM)

    assert response.context["answer"] is None
    assert "errorlist" not in response.content.decode()


def rows_of_table(client):
    page = client.get(FORM).content.decode().split('id="balances"')[1].split("</table>")[0]
    rows = page.split("<tbody>")[1].split("</tr>")[:-1]
    return [words(SimpleNamespace(content=row.encode())).strip() for row in rows]


def test_page_shows_all_balances_and_records_nothing(client, alice):
    make_wallet(alice.client, payment_system="bkash", currency="BDT")
    make_wallet(alice.client, payment_system="off", is_active=False)
    make_balance(alice, amount=Decimal("5.00"), as_of=NOON - timedelta(hours=3))
    make_balance(alice, amount=Decimal("7.00"), as_of=NOON - timedelta(hours=2))
    make_balance(alice, amount=Decimal("9.00"), as_of=NOON + timedelta(hours=1))  # to come
    make_balance(alice, currency="USD", commission_percent=None, as_of=NOON - timedelta(days=3))
    client.force_login(alice)

    assert rows_of_table(client) == [
        "bkash доступен — BDT не указана — ещё не сообщался",
        "off отключён — не указана —",
        "upi_l доступен 7,00 INR 1,5 % 24.11.2026 15:30:00 давность: 2 часа",
        "upi_l доступен 123 456,00 USD не указана 21.11.2026 17:30:00 давность: 3 дня",
    ]
    assert events("balance_request") == []


def test_each_row_of_the_table_equals_the_answer(client, alice):
    for code, currency in (("bkash", "BDT"), ("nagad", "USD"), ("upi_l", "INR")):
        wallet = make_wallet(alice.client, payment_system=code)
        for hours in range(3):
            at = NOON - timedelta(hours=hours)
            amount = Decimal(wallet.pk + hours)
            make_balance(alice, code, currency=currency, amount=amount, as_of=at)

    with seeing(alice):
        answers = read_answers(alice.client)
        assert answers == [choose_answer(answers, each.wallet_type) for each in answers]
    assert len(answers) == 3


def test_table_asks_as_much_for_many_types(client, alice, django_assert_max_num_queries):
    client.force_login(alice)
    for number in range(5):
        make_wallet(alice.client, payment_system=f"p{number}")
        make_balance(alice, f"p{number}")

    with django_assert_max_num_queries(12):
        client.get(FORM)


def test_balance_beside_the_table_reads_nothing_twice(client, alice):
    make_balance(alice)
    client.force_login(alice)
    client.get(FORM, {"wallet_type": "upi_l"})  # recorded once a minute

    with CaptureQueriesContext(connection) as queries:
        client.get(FORM, {"wallet_type": "upi_l"})

    read = [each["sql"] for each in queries if "wallets_" in each["sql"]]
    assert len(read) == 3, read  # wallets, balances, sources


def test_table_has_nothing_of_another_client(client, alice, charlie):
    make_balance(charlie, "upi_l")
    client.force_login(alice)

    assert rows_of_table(client) == ["upi_l доступен — INR не указана — ещё не сообщался"]


def test_typed_text_is_escaped(client, alice):
    client.force_login(alice)

    page = client.get(FORM, {"wallet_type": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_auditor_cannot_request_a_balance(client, bob):
    client.force_login(bob)

    assert client.get(FORM).status_code == 403


# Keys


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer no-such-key", "Basic YTpi", "KEY", "Bearer \xff"],
)
def test_invalid_key_is_a_401(client, alice, header):
    headers = {} if header is None else {"Authorization": header}

    response = client.post(
        API, {"wallet_type": "upi_l"}, content_type="application/json", headers=headers
    )

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer" in response.json()["reason"]


def test_session_does_not_open_the_api(client, alice):
    client.force_login(alice)

    response = client.post(API, {"wallet_type": "upi_l"}, content_type="application/json")

    assert response.status_code == 401


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"revoked_at": datetime(2026, 11, 1, tzinfo=UTC)}, 401, "Ключ отозван."),
        ({"expires_at": datetime(2026, 11, 24, 12, tzinfo=UTC)}, 401, "Срок ключа истёк."),
        ({"scopes": []}, 403, "Этот ключ не для такого запроса."),
    ],
)
def test_closed_key_says_why(client, alice, key, change, status, reason):
    with worker():
        ApiKey.unscoped.update(**change)

    response = ask(client, key, {"wallet_type": "upi_l"})

    assert response.status_code == status
    assert response.json()["reason"].startswith(reason)


def test_unexpired_key_opens_the_api(client, alice, key):
    with worker():
        ApiKey.unscoped.update(expires_at=timezone.now() + timedelta(hours=1))

    assert ask(client, key, {"wallet_type": "upi_l"}).status_code == 200


def test_key_of_an_inactive_client_is_refused(client, alice, key):
    with worker():
        Client.objects.update(is_active=False)

    response = ask(client, key, {"wallet_type": "upi_l"})

    assert response.status_code == 403
    assert response.json()["reason"] == "Клиент этого ключа отключён."


def test_last_use_of_a_key_is_recorded(client, alice, key):
    later = NOON + timedelta(seconds=30)
    with travel(NOON, tick=False):
        ask(client, key, {"wallet_type": "upi_l"})

    with travel(later, tick=False):
        ask(client, key, {"wallet_type": "upi_l"})

    with seeing(alice):
        assert ApiKey.unscoped.get().last_used_at == later


def test_last_use_is_the_last_request_that_the_key_opened(client, alice, key):
    with travel(NOON, tick=False):
        ask(client, key, {})
    with worker():
        ApiKey.unscoped.update(revoked_at=NOON)

    with travel(NOON + timedelta(seconds=30), tick=False):
        ask(client, key, {"wallet_type": "upi_l"})

    with seeing(alice):
        assert ApiKey.unscoped.get().last_used_at == NOON


def test_key_is_stored_only_as_digest(alice, key):
    with seeing(alice):
        record = ApiKey.unscoped.get()

    assert key not in vars(record).values()
    assert record.prefix == key[:12]
    assert len(record.sha256) == 64


def test_menu_offers_the_request_only_to_permitted_roles(client, alice, bob):
    client.force_login(alice)
    assert FORM in client.get("/").content.decode()

    client.force_login(bob)
    assert FORM not in client.get("/").content.decode()


def test_program_is_told_which_balances_answer_a_request(client, alice):
    make_payment_system("bkash")
    for code, is_active in (("upi_l", True), ("bkash", False)):
        make_wallet(alice.client, payment_system=code, is_active=is_active)
        make_balance(alice, code)
    with worker():
        key = create_api_key(alice.client, name="till", scopes=["read"], by=Actor("test"))

    response = client.get("/api/v1/balances", headers={"Authorization": f"Bearer {key}"})

    rows = {row["payment_system"]: row["is_active"] for row in response.json()["rows"]}
    assert rows == {"upi_l": True, "bkash": False}
