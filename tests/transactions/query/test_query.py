"""The query language of transactions: what it finds, moves into parameters, and refuses."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.translation import override
from pytest_django.asserts import assertContains

from tests.conftest import NOON
from tests.support.factories import make_payment_system, make_transaction, make_wallet, seeing
from tests.support.pages import errors, numbers
from transactions.query.face import fields_to_complete, parse_query, selection_in_words
from transactions.query.fields import TRANSACTION_FIELDS
from transactions.selection import Selection

pytestmark = pytest.mark.django_db
URL = "/payments/transactions/"


@pytest.fixture
def rows(alice):
    """Transactions that differ in everything; "bare" has no text at all."""
    make_payment_system("bkash", name="bKash", currency="BDT", country="BD")
    bkash = make_wallet(alice.client, "017", payment_system="bkash")
    make_wallet(alice.client, "017", payment_system="nagad")
    make_transaction(alice, "upi", label="user-7", amount=5000, counterparty="Анна")
    make_transaction(alice, "big", label="user-71", amount=Decimal("5000.01"), type="forced")
    make_transaction(
        alice,
        "bkash",
        wallet=bkash,
        type="fake",
        status="pending",
        order_number="o 1",
        usd_rate=None,
        counterparty='O"Brien, Ян',
        amount=20,
    )
    make_transaction(alice, "out", direction="outgoing", status="failed", label="x,y", amount=4750)
    make_transaction(
        alice, "bare", status="not_activated", amount=1, logged_at=NOON - timedelta(days=2)
    )


@pytest.fixture
def find(alice, rows):
    def find(text):
        with seeing(alice):
            selection = parse_query(text, alice.client)
            assert isinstance(selection, Selection), selection
            return sorted(selection.rows().values_list("number", flat=True))

    return find


ALL = ["bare", "big", "bkash", "out", "upi"]


FOUND = [
    ("", ALL),
    ("type:fake", ["bkash"]),
    ("-type:fake", ["bare", "big", "out", "upi"]),
    ("type:fake,forced", ["big", "bkash"]),
    ("-type:fake,forced", ["bare", "out", "upi"]),
    ("status:pending system:bkash", ["bkash"]),
    ("status:active", ["big", "upi"]),
    ("status:inactive", ["bare", "bkash", "out"]),
    ("status:active,failed", ["big", "out", "upi"]),
    ("-status:active", ["bare", "bkash", "out"]),
    ("status:inactive status:failed", ["out"]),
    ("system:bkash,upi_l", ALL),
    ("-system:upi_l", ["bkash"]),
    ("wallet:alpha-1", ["bare", "big", "out", "upi"]),
    ("wallet:017", ["bkash"]),
    ("-wallet:bkash/017", ["bare", "big", "out", "upi"]),
    ("label:user-7", ["upi"]),
    ("label:user-7*", ["big", "upi"]),
    ("label:user-7,user-71", ["big", "upi"]),
    ("-label:user-7", ["bare", "big", "bkash", "out"]),
    ("-label:user-7*", ["bare", "bkash", "out"]),
    ('label:"x,y"', ["out"]),
    ("label:\u200b‘user-7’", ["upi"]),
    ('order:"o 1"', ["bkash"]),
    ("id:big", ["big"]),
    ("name:анн", ["upi"]),
    ('name:"o""brien, ян"', ["bkash"]),
    ("-name:анн", ["bare", "big", "bkash", "out"]),
    ("amount:>5000", ["big"]),
    ("amount:>=5000", ["big", "upi"]),
    ("amount:<20", ["bare"]),
    ("amount:<=20", ["bare", "bkash"]),
    ("amount:20..5000", ["bkash", "out", "upi"]),
    ("amount:..20", ["bare", "bkash"]),
    ("amount:5000..", ["big", "upi"]),
    ("amount:20,4750", ["bkash", "out"]),
    ("amount:<20,>5000", ["bare", "big"]),
    ("amount:20..5000 amount:>20", ["out", "upi"]),
    ("-amount:20..5000", ["bare", "big"]),
    ('amount:>"4 999,99"', ["big", "upi"]),
    ("usd:>=60", ["big", "upi"]),
    ("-usd:>=60", ["bare", "bkash", "out"]),
    ("currency:INR", ["bare", "big", "out", "upi"]),
    ("currency:BDT,INR", ALL),
    ("-country:IN", ["bkash"]),
    ("direction:outgoing", ["out"]),
    ("logged:today", ["big", "bkash", "out", "upi"]),
    ("-logged:today", ["bare"]),
    ("logged:<2026-11-24", ["bare"]),
    ("logged:2026-11-22,2026-11-23", ["bare"]),
    ("logged:22.11.2026", ["bare"]),
    ("logged:2d", ["big", "bkash", "out", "upi"]),
    ("logged:all", ALL),
    ("logged:<2026-11-24T16:30", ["bare"]),
    ("logged:2026-11-22T17:30..2026-11-22T17:30", ["bare"]),
    ("logged:>2026-11-22T17:30", ["big", "bkash", "out", "upi"]),
    ("hour:16", ["big", "bkash", "out", "upi"]),
    ("hour:>16", ["bare"]),
    ("-hour:16", ["bare"]),
    ("hour:17,18", ["bare"]),
    ("is:fake", ["bkash"]),
    ("is:fake,forced", ["big", "bkash"]),
    ("is:unclaimed", ["bare"]),
    ("is:unclaimed,fake", ["bare", "bkash"]),
    ("-is:unclaimed", ["big", "bkash", "out", "upi"]),
    ("has:label", ["big", "out", "upi"]),
    ("no:label", ["bare", "bkash"]),
    ("no:label no:name", ["bare"]),
    ("-has:label", ["bare", "bkash"]),
    ("-no:label", ["big", "out", "upi"]),
    ("no:label,name", ["bare"]),
    ("no:rate", ["bkash"]),
    ("converted:no", ["bkash"]),
    ("-converted:no", ["bare", "big", "out", "upi"]),
    ("статус:pending", ["bkash"]),
    ("статус:Неактивные -тип:фейковая", ["bare", "out"]),
    ('статус:"в ожидании"', ["bkash"]),
    ("статус:в-ожидании", ["bkash"]),
    ("нет:лейбл дата:сегодня", ["bkash"]),
    ("СУММА:>=5000", ["big", "upi"]),
    ("страна:бангладеш", ["bkash"]),
    ("−type:Fake", ["bare", "big", "out", "upi"]),
]


def test_query_finds(find, subtests):
    for text, found in FOUND:
        with subtests.test(text):
            assert find(text) == found


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("type:fake,real", {"type": ["fake", "real"]}),
        ("is:forced", {"type": ["forced"]}),
        ("status:active", {"status": ["active"]}),
        ("status:active status:pending", {"status": ["active"], "state": ["pending"]}),
        ("label:user-7*", {"label": ["user-7*"]}),
        ("id:UTR", {"transaction_id": ["UTR"]}),
        ("amount:>=5 amount:<=9.50", {"amount_from": ["5"], "amount_to": ["9.5"]}),
        ("amount:7", {"amount_from": ["7"], "amount_to": ["7"]}),
        ("hour:>9", {"hour_from": ["10"]}),
        ("logged:today", {"date_from": ["2026-11-24"], "date_to": ["2026-11-24"]}),
        ("logged:>=2026-11-20", {"date_from": ["2026-11-20"], "date_to": [""]}),
        ("logged:all", {"date_from": [""], "date_to": [""]}),
        ("in:INR", {"currency": ["INR"]}),
        ("sort:date", {"sort": ["date"]}),
        ("сортировка:-сумма валюта:INR", {"sort": ["-amount"], "arrival_currency": ["INR"]}),
        ("sort:-date", {}),
        ("тип:Фейковая -статус:failed", {"type": ["fake"], "q": ["-status:failed"]}),
        ("amount:>5000.00", {"q": ["amount:>5000"]}),
        ("-no:label", {"q": ["has:label"]}),
        ("-has:label", {"q": ["no:label"]}),
        ("-type:real,fake,real -type:fake,real", {"q": ["-type:fake,real"]}),
        ('has:name -label:"a b" -type:fake', {"q": ['-label:"a b" -type:fake has:name']}),
        (
            "logged:2026-11-20,2026-11-22",
            {
                "date_from": ["2026-11-20"],
                "date_to": ["2026-11-22"],
                "q": ["logged:2026-11-20,2026-11-22"],
            },
        ),
    ],
)
def test_address_says_by_parameters_what_they_can(client, alice, rows, text, parameters):
    client.force_login(alice)

    response = client.get(URL, {"q": text})

    assert response.status_code == 302
    address = urlsplit(response.url)
    assert parse_qs(address.query, keep_blank_values=True) == parameters
    again = client.get(response.url)
    assert (again.status_code, errors(again)) == (200, {})


def test_a_parameter_that_is_set_is_not_overwritten(client, alice, rows):
    client.force_login(alice)

    response = client.get(URL, {"type": "real", "q": "type:fake"})

    assert numbers_of(response) == []
    assert response.context["filter"].data["q"] == "type:fake"
    same = client.get(URL, {"type": "real", "q": "type:real"})
    assert same.url == f"{URL}?type=real"


def numbers_of(response):
    page = getattr(response.context["table"], "page", None)
    return [row.record.number for row in page.object_list] if page else []


def test_each_term_has_a_chip_that_takes_it_off(client, alice, rows):
    client.force_login(alice)

    response = client.get(URL, {"q": "-type:fake amount:>5000"})

    assert sorted(numbers(response)) == ["big"]
    chips = {chip.label: chip for chip in response.context["filter"].chips}
    assert chips["Тип транзакции"].value == "не Фейковая"
    assert chips["Сумма"].value.replace("\N{NO-BREAK SPACE}", " ") == "> 5 000"
    without = parse_qs(urlsplit(chips["Сумма"].without).query)
    assert without == {"q": ["-type:fake"]}


@pytest.mark.parametrize(
    ("text", "sentence", "position"),
    [
        ("статусс:pending", "Поля «статусс» нет. Может быть, «статус»?", 0),
        ("type:fake zzz:red", "Поля «zzz» нет. Известны: система, кошелёк, лейбл, заказ, номер,"
         " контрагент, направление, тип, статус, это, есть, нет, сумма, валюта, долларов, страна,"
         " дата, изменена, час, пересчёт, в, сортировка.", 10),
        ("status:pendin", "У поля «статус» нет значения «pendin». Может быть, «pending»?", 0),
        ("is:fakee", "У поля «это» нет значения «fakee». Может быть, «fake»?", 0),
        ("wallet:alpha-2", "У поля «кошелёк» нет значения «alpha-2». Может быть, «alpha-1»?", 0),
        ("wallet:gamma-1", "У поля «кошелёк» нет значения «gamma-1». Известны: alpha-1, 017.", 0),
        ("amount:ten", "сумма: Напишите сумму так: 4750 или 4750,50, без запятых между тысячами."
         , 0),
        ("amount:>", "Напишите значение после «сумма:».", 0),
        ("amount:9..5", "Диапазон «сумма» кончается раньше, чем начинается. Поменяйте концы"
         " местами."
         , 0),
        ("amount:>5..6", "Напишите диапазон так: сумма:1..2.", 0),
        ("amount:>77,50", "«77,50» — это одна сумма или две? Одну пишите без запятой: 4750.50,"
         " две — в кавычках: «77»,«50».", 0),
        ("usd:1,250", "«1,250» — это одна сумма или две? Одну пишите без запятой: 4750.50,"
         " две — в кавычках: «1»,«250».", 0),
        ("amount:1000,50..2000", "«1000,50» — это одна сумма или две? Одну пишите без запятой:"
         ' 4750.50, две — в кавычках: «1000»,«50».', 0),
        ("status:zz", "У поля «статус» нет значения «zz». Известны: активные, неактивные,"
         " не-активирована, активирована, отказано, в-ожидании, в-обработке, сбой,"
         " отменена.", 0),
        ("stat:pending", "Поля «stat» нет. Может быть, «статус»?", 0),
        ("label:", "Напишите значение после «лейбл:».", 0),
        ('label:""', "Напишите значение после «лейбл:».", 0),
        ("label:ab*", "лейбл: Напишите перед «*» не меньше трёх символов.", 0),
        ("name:ab", "контрагент: Напишите не меньше трёх символов.", 0),
        ("label:>5", "«лейбл» не сравнивается и не имеет диапазонов. Если знаки — часть значения,"
         " возьмите его в кавычки.", 0),
        ('type:fake label:"user', "Кавычка не закрыта: \"user", 16),
        ("logged:2026-02-30", "дата: Это не дата. Напишите её так: 2026-11-24.", 0),
        ("hour:24", "час: Часы считаются от 0 до 23.", 0),
        ("hour:>23", "час: Часы считаются от 0 до 23.", 0),
        ("-sort:date", "К «сортировка» нельзя прибавить «не».", 0),
        ("sort:date sort:amount", "«сортировка» указывают один раз, а здесь уже другое значение."
         , 10),
        ("sort:amount", "Для порядка по сумме выберите одну валюту прихода: у сумм в разных"
         " валютах общего порядка нет.", 0),
        ("amount:>=9 amount:<=5", "Сумма «От» больше суммы «До». Поменяйте их местами.", 0),
        ("иван", "«иван» стоит без поля. Напишите, например, контрагент:иван.", 0),
        ("x" * 2001, "Запрос слишком длинный: не больше 2000 знаков и 100 значений.", 0),
        ("label:" + ",".join(map(str, range(101))),
         "Запрос слишком длинный: не больше 2000 знаков и 100 значений.", 0),
    ],
)  # fmt: skip
def test_wrong_query_is_a_sentence_and_no_rows(
    client, alice, charlie, rows, text, sentence, position
):
    client.force_login(alice)
    with seeing(alice), override("ru"):
        [mistake] = parse_query(text, alice.client)

    response = client.get(URL, {"q": text}, follow=True)

    assert (mistake.sentence, mistake.position) == (sentence, position)
    assert [one for each in errors(response).values() for one in each] == [sentence]
    assert numbers_of(response) == []


def test_wrong_query_stays_as_it_was_typed(client, alice):
    client.force_login(alice)

    response = client.get(URL, {"q": 'type:fake label:"user'})

    assertContains(response, 'value="type:fake label:&quot;user"')


def test_stranger_finds_nothing_of_another_client(alice, charlie, rows, nets):
    make_transaction(charlie, "his", type="fake")
    with seeing(charlie):
        selection = parse_query("-type:real has:rate", charlie.client)
        assert list(selection.rows().values_list("number", flat=True)) == ["his"]
        completed = str(fields_to_complete(charlie.client))
    assert "gamma-1" in completed
    assert "alpha-1" not in completed
    assert "bkash" not in completed


def test_names_of_fields_are_each_of_one_field():
    names = TRANSACTION_FIELDS.names_to_show()
    own = [{*field.all_names, *field.opposite_names} for field in TRANSACTION_FIELDS]

    assert sum(map(len, own)) == len(names)


def test_terms_by_kept_columns_keep_their_totals(alice, rows):
    with seeing(alice):
        kept = parse_query("-type:fake -status:failed logged:all", alice.client)
        counted = parse_query("-type:fake has:label logged:all", alice.client)
        for selection in (kept, counted):
            found = list(selection.rows())
            assert selection.period_totals().count == selection.totals().count == len(found)
            assert selection.totals().total().amount == sum(row.amount_usd for row in found)

    assert (kept.has_precomputed_totals, counted.has_precomputed_totals) == (True, False)


def test_selection_is_said_in_words(alice, rows):
    with seeing(alice), override("ru"):
        selection = parse_query("system:bkash -type:fake amount:>5000 logged:today", alice.client)
        words = selection_in_words(selection).replace("\N{NO-BREAK SPACE}", " ")

    assert words == (
        "Транзакции: Тип кошелька bKash, Дата 24.11.2026, Тип транзакции не Фейковая, Сумма > 5 000"
    )
