import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from pytest_django.asserts import assertContains
from time_machine import travel

from tests.conftest import NOON
from tests.support.factories import make_payment_system, make_transaction, make_wallet
from tests.support.pages import words

pytestmark = pytest.mark.django_db
URL = "/payments/transactions/"


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


def chips(response):
    return {chip.name: (chip.label, chip.value) for chip in response.context["filter"].chips}


def without(response, name):
    chip = next(chip for chip in response.context["filter"].chips if chip.name == name)
    return parse_qs(urlsplit(chip.without).query, keep_blank_values=True)


def test_default_list_has_no_chip(open_list):
    assert chips(open_list()) == {}


def test_each_condition_has_a_chip(open_list, alice):
    make_payment_system("bkash", name="bKash", country="BD", currency="BDT")
    wallet = make_wallet(alice.client, "017", payment_system="bkash")
    make_transaction(alice, wallet=wallet)

    response = open_list(
        payment_system="bkash",
        wallet=wallet.pk,
        label="user-7",
        type=["real", "forced"],
        status="active",
        country="BD",
        date_from="2026-11-20",
        date_to="",
    )

    assert chips(response) == {
        "payment_system": ("Тип кошелька", "bKash"),
        "wallet": ("Кошелёк", "017"),
        "label": ("Лейбл", "user-7"),
        "type": ("Тип транзакции", "Настоящая, Принудительная"),
        "status": ("Статус", "Активные"),
        "country": ("Страна", "Бангладеш"),
        "period": ("Период", "с 20.11.2026"),
    }


def test_a_choice_that_is_sent_twice_is_told_once(open_list):
    assert chips(open_list(type=["real", "real"]))["type"] == ("Тип транзакции", "Настоящая")


@pytest.mark.parametrize(
    ("date_from", "date_to", "shown"),
    [
        ("2026-11-24", "2026-11-24", "24.11.2026"),
        ("2026-11-24", None, "24.11.2026"),
        ("2026-11-20", "2026-11-24", "20.11.2026 – 24.11.2026"),
        ("", "2026-11-24", "по 24.11.2026"),
        ("", "", "все дни"),
    ],
)
def test_days_share_one_chip(open_list, date_from, date_to, shown):
    asked = {"date_from": date_from, "date_to": date_to, "status": "active"}

    response = open_list(**{name: value for name, value in asked.items() if value is not None})

    assert chips(response)["period"] == ("Период", shown)
    assert without(response, "period") == {"status": ["active"]}


def test_condition_outside_the_form_has_a_chip(open_list):
    response = open_list(state=["pending", "processing"], converted="no")

    assert chips(response) == {
        "state": ("Точный статус", "В ожидании, В обработке"),
        "converted": ("Пересчёт", "не пересчитано"),
    }


def test_hours_and_currency_of_arrival_have_chips(open_list, alice):
    """An hour of 0 is one, too."""
    make_transaction(alice)

    response = open_list(arrival_currency="INR", hour_from=0, hour_to=0)

    assert chips(response) == {
        "arrival_currency": ("Валюта прихода", "₹ INR"),
        "hours": ("Часы", "00:00–00:59"),
    }
    assert without(response, "hours") == {"arrival_currency": ["INR"]}
    assertContains(response, '<option value="INR" selected>', 1)
    for name in ("hour_from", "hour_to"):
        assertContains(response, f'name="{name}" value="0"', 1)
    assert chips(open_list(hour_to=8))["hours"] == ("Часы", "00:00–08:59")
    assert chips(open_list(hour_from=22))["hours"] == ("Часы", "22:00–23:59")


def test_minute_that_rows_end_at_has_a_chip(open_list, alice):
    make_transaction(alice, "before")

    response = open_list(until="2026-11-24T17:05")

    assert chips(response) == {"until": ("До", "24.11.2026, 17:05")}
    assert without(response, "until") == {}


def test_page_and_its_size_have_no_chips(open_list):
    assert chips(open_list(page=1, per_page=50)) == {}


def test_removing_a_chip_keeps_the_others(open_list, alice):
    for number in range(30):
        make_transaction(alice, f"number-{number}")

    response = open_list(status="active", direction="incoming", page=2, per_page=25)

    assert without(response, "status") == {"direction": ["incoming"], "per_page": ["25"]}
    assert without(response, "direction") == {"status": ["active"], "per_page": ["25"]}


def test_typed_text_is_escaped_in_a_chip(open_list):
    assert "<b>7</b>" not in open_list(label="<b>7</b>").content.decode()


def test_quick_period_keeps_the_other_conditions(open_list):
    response = open_list(status="active", page=1)
    _today, address, is_shown = response.context["filter"].quick_periods[0]
    assert not is_shown

    again = open_list(**parse_qs(urlsplit(address).query))

    assert urlsplit(address).query == "status=active&date_from=2026-11-24&date_to=2026-11-24"
    assert [shown for _quick, _address, shown in again.context["filter"].quick_periods] == [
        True,
        *[False] * 6,
    ]


def lit(response):
    quick = response.context["filter"].quick_periods
    return [str(period.label) for period, _address, is_shown in quick if is_shown]


def test_default_days_are_a_quick_period(open_list, client):
    assert lit(open_list()) == lit(client.get("/")) == ["8 дней"]


def assert_one_is_marked(client, user, day):
    with travel(NOON.replace(day=day)):
        client.force_login(user)
        for _period, address, _is_shown in (
            client.get("/payments/transactions/").context["filter"].quick_periods
        ):
            assert len(lit(client.get(address))) == 1


@pytest.mark.parametrize("day", [1, 8, 30])
def test_one_quick_period_is_marked(client, alice, day):
    """On any day: tests/slow/test_quick_periods.py."""
    assert_one_is_marked(client, alice, day)


def test_empty_list_suggests_longer_periods(open_list, client, alice):
    make_transaction(alice, "OLD", logged_at="2026-10-27T00:00+05:30")

    response = open_list()
    (_month, month_address), (_ever, ever_address) = response.context["filter"].suggestions

    assert "За выбранные дни таких транзакций нет. Показать последние 30 дней" in words(response)
    assert "OLD" in words(client.get(month_address))
    assert "OLD" in words(client.get(ever_address))


def test_empty_list_suggests_no_days_that_it_has_shown(open_list):
    ever = open_list(date_from="", date_to="")
    month = open_list(date_from="2026-10-26", date_to="2026-11-24")

    assert ever.context["filter"].suggestions == []
    assert [str(label) for label, _ in month.context["filter"].suggestions] == [
        "Показать за всё время"
    ]


def test_empty_list_explains_exact_matching(open_list):
    assert "ищутся целиком" in words(open_list(label="user"))
    assert "ищутся целиком" not in words(open_list(status="active"))


@pytest.mark.parametrize(
    ("language", "hint"),
    [("ru", "Сама звёздочка на конце — «\\*»"), ("en", "“\\*” at the end asks")],
)
def test_star_of_a_label_is_explained_at_its_field(client, open_list, language, hint):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    said = words(open_list(label="user"))

    assert said.count(hint) == 3  # label, order number, transaction ID
    assert said.count("\\*") == 4  # and where nothing was found


def test_invalid_condition_opens_the_form(open_list):
    page = open_list(counterparty="ab").content.decode()

    assert "pk-chip" not in page
    assert re.search(r'<details class="pk-conditions"[^>]* open>', page)


def test_missing_page_is_explained_in_the_lists_place(open_list, alice):
    for number in range(30):
        make_transaction(alice, f"number-{number}")

    refusals = {
        "99": "Страницы 99 нет, последняя — 2.",
        "abc": "Номер страницы — целое число от 1.",
    }
    for page, refusal in refusals.items():
        response = open_list(page=page, status="active")

        assert f"{refusal} страница Перейти На первую страницу" in words(response)
        assertContains(response, 'id="page-error"')
        assert re.search(
            rf'aria-describedby="page-error"\s+value="{page}"', response.content.decode()
        )
        assertContains(response, 'href="/payments/transactions/?status=active"')
        assert not re.search(
            r'<details class="pk-conditions"[^>]* open>', response.content.decode()
        )


def links(response, name):
    found = re.findall(
        r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL
    )
    return [
        unescape(href) for href, inside in found if re.sub("<[^>]*>", "", inside).strip() == name
    ]


def test_transaction_links_back_to_its_list(open_list, client, alice):
    for number in range(30):
        make_transaction(alice, f"number-{number}", label="a & b", status="activated")
    asked = {"label": "a & b", "status": "active", "page": 2, "per_page": 25, "state": "activated"}
    response = open_list(**asked)
    [row] = set(
        re.findall(
            r'href="(/payments/transactions/\d+/[^"]*)" data-pk-row-link>number-0<',
            response.content.decode(),
        )
    )

    shown = client.get(unescape(row))

    left = response.wsgi_request.get_full_path()
    assert links(shown, "Вернуться к списку") == [left]
    assert left in links(shown, "Транзакции")


@pytest.mark.parametrize(
    "evil", ["next=//evil.example", "//evil.example", "%22%3E%3Cb%3E", "page=2%0d%0aX: y", "a=%FF"]
)
def test_back_link_leads_only_to_the_list(open_list, client, alice, evil):
    transaction = make_transaction(alice)

    shown = client.get(f"/payments/transactions/{transaction.pk}/?{evil}")

    [back] = links(shown, "Вернуться к списку")
    assert back.startswith("/payments/transactions/?")
    assert not {*'"<>\r\n'} & {*back}
    assert client.get(back).status_code == 200


def test_transaction_links_to_the_list_by_default(open_list, client, alice):
    shown = client.get(f"/payments/transactions/{make_transaction(alice).pk}/")

    assert links(shown, "Вернуться к списку") == ["/payments/transactions/"]
