from decimal import Decimal
from urllib.parse import urlencode

import pytest
from pytest_django.asserts import assertContains

from paykassma_admin.formats import exact
from paykassma_admin.lists import counting
from tests.support.factories import days_ago, make_rate, make_transaction
from tests.support.pages import errors, numbers, words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

WHY = "/payments/transactions/why/"
LEFT_OUT = {
    "sum": {},
    "unconverted": {"usd_rate": None},
    "fake": {"type": "fake"},
    "pending": {"status": "pending"},
}


@pytest.fixture
def why(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(WHY, conditions)


def test_number_of_the_card_leads_to_its_proof(client, alice, why):
    make_transaction(alice, amount=1000)
    card = client.get("/").context["summary"].pay_ins

    page = client.get(card.selection.proof_address)

    [section] = page.context["sections"]
    assert section.total.amount == card.total.amount == Decimal("12.0000")
    assertContains(client.get("/"), card.selection.proof_address.replace("&", "&amp;"))


def test_list_leads_to_its_proof(client, alice, why):
    make_transaction(alice)

    assertContains(client.get("/payments/transactions/"), WHY)


def test_period_is_told_in_both_clocks(why, alice):
    make_transaction(alice)

    said = words(why(date_from="2026-11-24", date_to="2026-11-24"))

    assert "24.11.2026, Asia/Kolkata" in said
    assert "с 23.11.2026 18:30:00 до 24.11.2026 18:30:00" in said


@pytest.mark.parametrize(
    ("conditions", "days", "utc"),
    [
        (
            {"date_from": "2026-11-16", "date_to": "2026-11-24", "until": "2026-11-23T10:56"},
            "16.11.2026 – 23.11.2026, до 10:56, Asia/Kolkata",
            "с 15.11.2026 18:30:00 до 23.11.2026 05:26:00, не включая этот момент",
        ),
        (
            {"date_from": "", "date_to": "", "until": "2026-11-23T10:56"},
            "по 23.11.2026, до 10:56, Asia/Kolkata",
            "до 23.11.2026 05:26:00, не включая этот момент",
        ),
        (
            {"date_from": "2026-11-23", "date_to": "2026-11-23", "until": "2026-11-24T10:56"},
            "23.11.2026, Asia/Kolkata",
            "с 22.11.2026 18:30:00 до 23.11.2026 18:30:00, не включая этот момент",
        ),
        (
            {"date_from": "2026-11-24", "date_to": "2026-11-24", "until": "2026-11-23T10:56"},
            "24.11.2026, до 23.11.2026, 10:56, Asia/Kolkata",
            "до 23.11.2026 05:26:00",
        ),
        (
            {"date_from": "2026-11-24", "date_to": ""},
            "с 24.11.2026, Asia/Kolkata",
            "с 23.11.2026 18:30:00, без конца",
        ),
        (
            {"date_from": "", "date_to": "2026-11-24"},
            "по 24.11.2026, Asia/Kolkata",
            "до 24.11.2026 18:30:00, не включая этот момент",
        ),
    ],
)
def test_period_says_on_both_clocks_where_the_rows_end(why, conditions, days, utc):
    said = words(why(**conditions))

    assert days in said
    assert utc in said
    assert "—, не включая" not in said


@pytest.mark.parametrize("narrower", [{"hour_from": "9"}, {"q": "-hour:9..12"}])
def test_hours_are_said_where_the_period_is(why, narrower):
    hours = "и из этих дней только часы, названные выше"

    assert hours in words(why(**narrower))
    assert hours not in words(why())


@pytest.mark.parametrize(
    "narrower",
    [{"hour_from": "0"}, {"amount_from": "1"}, {"q": "-name:someone"}, {"label": "x1"}],
)
def test_what_is_left_out_is_counted_without_kept_totals(client, alice, why, narrower):
    for number, more in LEFT_OUT.items():
        make_transaction(alice, number, label="x1", **more)
    card = client.get("/").context["summary"].pay_ins.selection

    page = client.get(f"{card.proof_address}&{urlencode(narrower)}")

    found = [numbers(client.get(each.selection.address)) for each in page.context["left_out"]]
    assert found == [["unconverted"], ["fake"], ["pending"]]


def test_what_a_wallet_leaves_out_is_counted(client, alice, why):
    wallet = make_transaction(alice, "sum").wallet
    make_transaction(alice, "fake", type="fake", wallet=wallet)
    card = client.get("/").context["summary"].pay_ins.selection

    page = client.get(card.replace(wallet=wallet.pk).proof_address)

    assert [each.count for each in page.context["left_out"]] == [1]


def test_more_left_out_than_are_counted_says_so(client, alice, why, monkeypatch):
    make_transaction(alice, "sum")
    for number in ("fake1", "fake2", "fake3"):
        make_transaction(alice, number, type="fake")
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", 2)
    card = client.get("/").context["summary"].pay_ins.selection

    assert "больше 2, не посчитаны" in words(client.get(f"{card.proof_address}&hour_from=0"))


def test_amounts_have_the_places_of_their_currency(why, alice):
    make_transaction(alice, currency="UGX", amount=276000)
    make_transaction(alice, currency="KWD", amount=7)

    lines = words(why(currency="UGX"))

    assert "276 000 " in lines and "276 000,0" not in lines
    assert " 7,000 " in lines


def test_unrounded_lines_are_not_called_exact(why, alice):
    make_rate("INR", "0.013")
    make_transaction(alice, currency="BDT", usd_rate="0.01", amount=1000)

    assert "складываются в итог до последней цифры" in words(why())
    said = words(why(currency="INR"))
    assert "769,230769230769…" in said
    assert "складываются неокруглёнными" in said and "до последней цифры" not in said


def test_fake_inactive_and_unconverted_rows_are_told_with_their_number(client, alice, why):
    for number, more in LEFT_OUT.items():
        make_transaction(alice, number, **more)
    card = client.get("/").context["summary"].pay_ins

    page = client.get(card.selection.proof_address)

    found = [numbers(client.get(each.selection.address)) for each in page.context["left_out"]]
    assert found == [["unconverted"], ["fake"], ["pending"]]
    assert [each.count for each in page.context["left_out"]] == [1, 1, 1]


def test_line_opens_its_rows(client, alice, why):
    make_transaction(alice, "today")
    make_transaction(alice, "usd", currency="USD", usd_rate=1)
    make_transaction(alice, "before", logged_at=days_ago(1))

    [section] = why().context["sections"]

    rows = [
        sorted(numbers(client.get(line.selection.address)))
        for day in section.lines
        for line in day.currencies
    ]
    assert rows == [["today"], ["usd"], ["before"]]


def test_other_currency_shows_the_rate_of_each_day(why, alice):
    make_rate("INR", Decimal("0.0125"), days_ago(1).date())
    make_transaction(alice, currency="BDT", usd_rate="0.01", amount=1000)

    [section] = why(currency="INR").context["sections"]

    [line] = section.lines
    assert (line.rate, line.amount) == (Decimal("0.0125"), Decimal(800))


def test_unknown_sum_is_a_dash(why, alice):
    make_transaction(alice, usd_rate=None)

    [section] = why().context["sections"]

    assert section.total.known_amount is None
    assert section.lines[0].amount is None


def test_long_period_shows_a_month_and_the_sum_of_the_rest(why, alice):
    for days in range(40):
        make_transaction(alice, logged_at=days_ago(days))

    page = why(date_from="", date_to="")

    [section] = page.context["sections"]
    assert (len(section.lines), section.rest.days, section.rest.count) == (31, 9, 9)
    assert section.rest.amount == 9 * 12
    assert len(why(date_from="", date_to="", page=2).context["sections"][0].lines) == 9


def test_page_beyond_the_last_is_refused(why, alice):
    make_transaction(alice)

    assert "page" in errors(why(page=2))


def test_wrong_condition_is_named_and_nothing_is_added_up(why, alice):
    make_transaction(alice)

    page = why(date_from="yesterday")

    assert "Это не дата" in words(page)
    assert "sections" not in page.context


def test_nothing_to_add_up_is_said(why):
    assert "складывать нечего" in words(why())


def test_stranger_s_rows_are_in_no_line(client, alice, charlie):
    make_transaction(charlie)
    client.force_login(alice)

    assert client.get(WHY).context["sections"] == []


def test_visitor_signs_in_first():
    assert Browser().get(WHY)["Location"].startswith("/login/")


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("1234.5", "1\u00a0234,50"),
        ("1234.5678", "1\u00a0234,5678"),
        ("-0.0001", "−0,0001"),
        ("0.33333333333333333333", "0,333333333333…"),
        ("0.33333333333000000001", "0,333333333330…"),
    ],
)
def test_exact_amount_has_all_its_digits(amount, written):
    assert exact(Decimal(amount), 2) == written


def test_chip_of_a_query_that_the_form_can_say_takes_it_off(client, alice):
    make_transaction(alice, "fake", type="fake")
    client.force_login(alice)
    response = client.get("/payments/transactions/why/", {"q": "type:fake amount:>1"})

    assert response["Location"] == "/payments/transactions/why/?type=fake&q=amount%3A%3E1"
    chips = client.get(response["Location"]).context["filter"].chips
    assert {chip.name: chip.without for chip in chips} == {
        "type": "/payments/transactions/why/?q=amount%3A%3E1",
        "term-0": "/payments/transactions/why/?type=fake",
    }
