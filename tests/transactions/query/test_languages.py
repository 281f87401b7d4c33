"""Both languages of a query, in each list: its names, its values, its examples and its advice."""

import re

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import override

from accumulations.filters import AccumulationFilterSet
from paykassma_admin.lists.filters import ListFilterSet
from paykassma_admin.lists.query.choices import ChoiceWords
from paykassma_admin.lists.query.grammar import EQUAL, Comparison
from paykassma_admin.lists.query.mistakes import MAX_NAMED
from search.completion import completions
from tests.support.factories import make_transaction, seeing
from transactions.filters import TransactionFilterSet
from transactions.query.face import ClientQuery
from workspace.audit_log.views import AuditFilterSet

pytestmark = pytest.mark.django_db
LISTS = [TransactionFilterSet, AccumulationFilterSet, AuditFilterSet]
LANGUAGES = [language for language, _name in settings.LANGUAGES]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
PROPER_NAMES = {"system", "wallet", "currency", "in"}  # codes and names, the same everywhere


def mistakes(own, client, text):
    data = QueryDict(mutable=True)
    data["q"] = text
    _arranged, found = own.arrange(data, ClientQuery(client, data))
    return [each.sentence for each in found]


def test_each_list_with_a_query_is_looked_at():
    assert set(ListFilterSet.__subclasses__()) == set(LISTS)


def test_error_names_all_fields_of_its_list():
    assert all(len(own.query_fields.shown_names()) <= MAX_NAMED for own in LISTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("own", LISTS)
def test_list_accepts_the_example_of_its_help(alice, own, language):
    with seeing(alice), override(language):
        example = str(own.query_fields.example)

        assert mistakes(own, alice.client, example) == []
        assert example in str(own.base_filters["q"].field.help_text)


@pytest.mark.parametrize("own", LISTS)
def test_each_value_has_a_word_in_both_languages(alice, own):
    make_transaction(alice)
    with seeing(alice):
        choices = ChoiceWords(own.base_filters, ClientQuery(alice.client, QueryDict()))
        for field in own.query_fields:
            codes = {code for code, _label in field.values(choices) if code}
            words = field.value_names(choices)
            russian = {code for word, code in words.items() if CYRILLIC.search(word)}
            assert field.name in PROPER_NAMES or codes <= russian, field.name
            for word in [*codes, *filter(None, words)]:
                assert field.read_all(Comparison(EQUAL, word), choices), word


@pytest.mark.parametrize(
    ("typed", "text"),
    [("пересчёт:д", "пересчёт:yes"), ("дата:сег", "дата:today"), ("есть:лей", "есть:label")],
)
def test_value_is_completed_by_its_russian_word(alice, typed, text):
    with seeing(alice), override("ru"):
        assert text in [each["text"] for each in completions(alice.client, typed)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("own", LISTS)
@pytest.mark.parametrize("word", ["ivan", "ab", "-ivan", ":fake", '"ivan petrov"'])
def test_advice_for_a_word_is_accepted(alice, own, language, word):
    with seeing(alice), override(language):
        [sentence] = mistakes(own, alice.client, word)

        assert ":" in sentence, sentence
        advice = sentence.split("as in ", 1)[-1].split("например, ")[-1].removesuffix(".")
        assert mistakes(own, alice.client, advice) == [], advice


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-type", "Напишите значение после «-type:»."),
        ("тип", "Напишите значение после «тип:»."),
        ("type:", "Напишите значение после «тип:»."),
        ('type:""', "Напишите значение после «тип:»."),
        ("type:fake,", "Напишите значение после «тип:»."),
        ("has:", "Напишите значение после «есть:»."),
        (":fake", "«:fake» стоит без поля. Напишите, например, контрагент:fake."),
    ],
)
def test_field_without_a_value_is_told_so(alice, text, sentence):
    with seeing(alice), override("ru"):
        assert mistakes(TransactionFilterSet, alice.client, text) == (
            [sentence] if sentence else []
        )


@pytest.mark.parametrize(
    "text", ["sort:date sort:-date", "sort:-date sort:date", "sort:date,-date", "in:USD in:INR"]
)
def test_what_can_be_given_once_is_not_given_twice(alice, text):
    make_transaction(alice)
    with seeing(alice), override("en"):
        [sentence] = mistakes(TransactionFilterSet, alice.client, text)

        assert "can be given once" in sentence


def test_order_of_the_query_does_not_give_way_to_that_of_the_address(client, alice):
    client.force_login(alice)

    response = client.get("/payments/transactions/", {"sort": "date", "q": "sort:-date"})

    assert response.context["filter"].mistakes


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("-status:active", "status=inactive"),
        ("-status:inactive", "status=active"),
        ("-direction:incoming", "direction=outgoing"),
        ("-converted:yes", "converted=no"),
        ("-converted:да", "converted=no"),
    ],
)
def test_negation_that_a_parameter_can_say_moves_into_it(client, alice, text, parameter):
    client.force_login(alice)

    response = client.get("/payments/transactions/", {"q": text})

    assert response.headers["Location"].endswith(f"?{parameter}")


def test_chip_of_two_that_are_not_there_says_neither(client, alice):
    make_transaction(alice, "neither")
    make_transaction(alice, "one", label="x1")
    client.force_login(alice)

    response = client.get("/payments/transactions/", {"q": "no:label,order"})

    [chip] = response.context["filter"].chips
    assert f"{chip.label}: {chip.value}" == "Нет ни одного: Лейбл, Номер заказа"
    assert [row.number for row in response.context["table"].page.object_list.data] == ["neither"]


@pytest.mark.parametrize(("language", "chips"), [("ru", {"Нет: Лейбл"}), ("en", {"No: Label"})])
def test_chip_of_what_is_not_there_says_so(client, alice, language, chips):
    client.force_login(alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    response = client.get("/payments/transactions/", {"q": "no:label"})

    assert {f"{chip.label}: {chip.value}" for chip in response.context["filter"].chips} == chips
