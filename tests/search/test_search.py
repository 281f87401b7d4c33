"""One word, and everything that it may be."""

import pytest
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains

from audit.models import AuditEvent
from search.examples import EXAMPLES
from search.groups import MAX_COUNTED
from search.texts import is_query
from tests.support.factories import (
    days_ago,
    make_accumulation,
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from tests.support.pages import words
from transactions.models import Transaction
from transactions.query.face import parse_query

pytestmark = pytest.mark.django_db


def titles(response):
    return [str(group.title) for group in response.context["found"].groups]


def opened(response):
    assert response.status_code == 302, words(response)
    return response.headers["Location"].partition("?")[0]


def address(transaction):
    return f"/payments/transactions/{transaction.pk}/"


@pytest.mark.parametrize(
    "typed",
    ["633412345678", " 633412345678 ", "UTR 633412345678", "utr: 6334 1234 5678", "'633412345678"],
)
def test_transaction_number_opens_its_transaction(search, alice, typed):
    wanted = make_transaction(alice, "633412345678")
    make_transaction(alice, "633412345679")

    assert opened(search(typed)) == address(wanted)


def test_number_in_lower_case_is_found(search, alice):
    system = make_payment_system("bkash", number_ignores_case=True)
    wallet = make_wallet(alice.client, payment_system=system.code)
    wanted = make_transaction(alice, "9BC4K2LQ1X", wallet=wallet)

    assert opened(search("9bc4k2lq1x")) == address(wanted)


@pytest.mark.parametrize("field", ["order_number", "label"])
def test_order_number_and_label_open_their_transaction(search, alice, field):
    wanted = make_transaction(alice, **{field: "shop-7841"})
    make_transaction(alice, **{field: "shop-78411"})

    assert opened(search("shop-7841")) == address(wanted)


def test_word_that_is_two_things_is_grouped(search, alice):
    make_transaction(alice, "A-99120")
    make_transaction(alice, "other", order_number="A-99120")

    response = search("A-99120")

    assert titles(response) == ["Номер транзакции", "Номер заказа"]
    assert [group.count for group in response.context["found"].groups] == [1, 1]


def test_one_transaction_found_by_two_of_its_numbers_opens(search, alice):
    wanted = make_transaction(alice, "A-99120", order_number="A-99120")

    assert opened(search("A-99120")) == address(wanted)


def test_group_has_its_count_and_leads_to_the_list_of_all(search, client, alice):
    for day in range(7):
        make_transaction(alice, f"T{day}", label="user-7841", logged_at=days_ago(3 * day))

    [group] = search("user-7841").context["found"].groups
    listed = client.get(group.address)

    assert (group.count, group.is_exact) == (7, True)
    assert listed.context["totals"].count == 7
    assert len(group.table.data) == 5


def test_more_than_a_hundred_rows_are_said_to_be_more(search, alice):
    for number in range(MAX_COUNTED + 1):
        make_transaction(alice, f"T{number}", label="guest")

    response = search("guest")

    [group] = response.context["found"].groups
    assert (group.count, group.is_exact) == (MAX_COUNTED, False)
    assert "Лейбл более 100" in words(response)


@pytest.mark.parametrize(("recent", "said"), [(2, "последние 8 дней"), (0, "Раньше последних")])
def test_of_many_rows_those_of_a_list_are_counted(search, alice, recent, said):
    for number in range(MAX_COUNTED + 5):
        logged_at = days_ago(1 if number < recent else 20)
        make_transaction(alice, f"T{number}", label="guest", logged_at=logged_at)

    response = search("guest")

    assert response.context["found"].groups[0].recent == recent
    assert said in words(response)
    assert "98" not in words(response)


def test_rows_older_than_a_list_shows_are_said_to_be(search, alice):
    for number, day in enumerate((1, 20, 30)):
        make_transaction(alice, f"T{number}", label="user-7841", logged_at=days_ago(day))

    response = search("user-7841")

    assert "Из них старше последних 8 дней" in words(response)
    assert response.context["found"].groups[0].older == 2


def test_old_transaction_that_opens_is_said_to_be_old(search, client, alice):
    make_transaction(alice, "633412345678", logged_at=days_ago(30))

    response = client.get(search("633412345678").headers["Location"])

    assert "раньше последних 8 дней" in words(response)


def test_recent_transaction_opens_without_a_word(search, client, alice):
    make_transaction(alice, "633412345678")

    response = client.get(search("633412345678").headers["Location"])

    assertNotContains(response, "8 дней")


def test_prefix_is_grouped_and_never_opens(search, alice):
    make_transaction(alice, label="user-7841")

    response = search("user-78*")

    assert titles(response) == ["Лейбл"]


@pytest.mark.parametrize(
    "typed", ["+880 1712-345678", "8801712345678", "008801712345678", "01712345678", "1712 345678"]
)
def test_telephone_is_found_however_it_is_written(search, alice, typed):
    make_transaction(alice, counterparty="01712345678")
    make_transaction(alice, counterparty="+880 1712-345679")

    [group] = search(typed).context["found"].groups

    assert (str(group.title), group.count) == ("Контрагент", 1)


@pytest.mark.parametrize("typed", ["+8801750", "+880 1750", "00880 1750"])
def test_beginning_of_an_international_telephone_is_found(search, alice, typed):
    make_transaction(alice, counterparty="01750966342")

    assert "Контрагент" in titles(search(typed))


def test_part_of_a_name_is_found_in_any_case(search, alice):
    make_transaction(alice, counterparty="Пётр Кузнецов")

    assert titles(search("кузнец")) == ["Контрагент"]


def test_name_never_opens_by_itself(search, alice):
    make_transaction(alice, counterparty="Rahim")

    assert search("Rahim").status_code == 200


def test_accumulation_is_found_by_its_number_and_label(search, client, alice):
    make_accumulation(alice, "ACC-1", label="user-7841")
    make_accumulation(alice, "ACC-2", label="user-7841")

    by_number = search("ACC-1")
    by_label = search("user-7841")

    page = client.get(by_number.headers["Location"])
    assert [row.record.number for row in page.context["table"].page.object_list] == ["ACC-1"]
    [group] = by_label.context["found"].groups
    assert group.count == client.get(group.address).context["totals"].count == 2


def test_nothing_found_says_what_was_looked_for(search, alice):
    response = search("no-such-number")

    assert "Ничего не найдено. Такого номера нет" in words(response)
    assert "имени или телефоне" in words(response)
    assert "транзакций на сумму" not in words(response)
    assertContains(response, 'value="no-such-number"')


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0172", "Эта сумма не искалась в именах и телефонах"),
        ("ab", "Имена не искались"),
        ("500 INR", "За последние 7 дней нет транзакций на сумму 500 INR"),
        ("500 14:00", "за час с 14:00 до 14:59"),
        ("user-78*", "не начинается ни один номер"),
    ],
)
def test_what_was_not_looked_for_is_not_denied(search, alice, typed, said):
    make_transaction(alice, "T1", counterparty="01720172017")

    response = search(typed)

    assert said in words(response)
    assert ("Ни у одного контрагента" in words(response)) == typed.startswith("500")


def test_names_with_a_short_number_are_one_press_away(search, client, alice):
    make_transaction(alice, "T1", counterparty="01720172017", logged_at=days_ago(30))

    names = search("0172").context["found"].names

    assert client.get(names).context["totals"].count == 1


def test_empty_search_explains_itself(search):
    response = search("  ")

    assert response.status_code == 200
    assertContains(response, "user-78*")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("a" * 191, "190"),
        ("ab\x00cd", ""),
        ("ab\x1fcd", "управляющий символ"),
        ("ab\x7fcd", "управляющий символ"),
        ("4.32E+11", "сократила"),
        ("ab*", "трёх символов"),
        ("12\u200b34", "невидимый символ"),
    ],
)
def test_text_that_cannot_be_looked_for_is_told_why(search, typed, reason):
    response = search(typed)

    assert response.status_code == 200
    assertContains(response, 'role="alert"')
    assert reason in words(response)


def test_old_text_stays_in_the_box(search):
    assertContains(search("x" * 200), f'value="{"x" * 200}"')


@pytest.mark.parametrize(
    "typed",
    [
        "status:pending",
        "сумма:>5000",
        "rahim -type:fake",
        "is:fake",
        "order:4750",
        "id:4*",
        "stauts:pending",
        "status:pnding",
    ],
)
def test_query_leads_to_the_list(search, alice, typed):
    make_transaction(alice, "4750")

    response = search(typed)

    assert opened(response) == "/payments/transactions/"
    assert "q=" in response.headers["Location"]


@pytest.mark.parametrize("typed", ["UTR:633412345678", "shop:7841"])
def test_word_with_a_colon_may_be_a_number(search, alice, typed):
    wanted = make_transaction(alice, "633412345678", label="shop:7841")

    assert opened(search(typed)) == address(wanted)


def test_search_is_quick_in_queries(search, alice, django_assert_max_num_queries):
    make_transaction(alice, "633412345678")
    search("633412345678")

    with django_assert_max_num_queries(16):
        search("633412345678")


def test_opening_by_search_is_logged_as_by_a_link(search, client, alice):
    transaction = make_transaction(alice, "633412345678", counterparty="Rahim")
    client.get(address(transaction))
    client.get(search("633412345678").headers["Location"])
    search("Rahim")

    with worker():
        assert not AuditEvent.unscoped.exists()


def test_many_rows_of_others_change_nothing(search, alice, charlie):
    make_transaction(charlie, "633412345678", label="user-1", counterparty="Rahim", amount=4750)

    assert Transaction.unscoped.count() == 0  # of what web sees here
    assert "Ничего не найдено" in words(search("633412345678"))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_query_among_the_examples_is_one(alice, language):
    with seeing(alice), override(language):
        [shown] = [str(text) for texts, _said in EXAMPLES for text in texts if is_query(str(text))]

        selection = parse_query(shown, alice.client)

        assert (selection.statuses, selection.types) == (("pending",), ())
        assert selection.terms
