from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains

from paykassma_admin.formats import exact
from tests.support.factories import days_ago, make_rate, make_transaction
from tests.support.pages import errors, numbers, words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

WHY = "/payments/transactions/why/"


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


def test_fake_inactive_and_unconverted_rows_are_told_with_their_number(client, alice, why):
    make_transaction(alice, "sum")
    make_transaction(alice, "unconverted", usd_rate=None)
    make_transaction(alice, "fake", type="fake")
    make_transaction(alice, "pending", status="pending")
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
    ],
)
def test_exact_amount_has_all_its_digits(amount, written):
    assert exact(Decimal(amount)) == written
