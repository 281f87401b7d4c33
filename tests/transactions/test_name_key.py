import sys
import unicodedata

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from paykassma_admin.values import names

pytestmark = pytest.mark.django_db

CHARACTERS = [
    sign
    for sign in map(chr, range(1, sys.maxunicode + 1))
    if unicodedata.category(sign) not in ("Cn", "Cs")
]
TRICKY = "iIİıſßẞςΣﬁǰ\u0345\u0307\u0308\u0301\u200dеЕёЁйαᾳᾼẛКåÅ가\u09af\u09bc\u09df +(0123456789-)"


def keys(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "select array_agg(name_key(text) order by place)"
            " from unnest(%s::text[]) with ordinality _ (text, place)",
            [texts],
        )
        return cursor.fetchone()[0]


def differing(texts):
    return [
        (text, key) for text, key in zip(texts, keys(texts), strict=True) if key != names.key(text)
    ]


def test_each_character_has_the_same_key():
    assert differing(CHARACTERS) == []


def test_each_character_has_the_same_key_within_a_text():
    assert differing([f"a{sign}\u0301" for sign in CHARACTERS if sign.isalpha()]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.sampled_from(TRICKY), max_size=12), min_size=50, max_size=50))
def test_texts_have_the_same_key(texts):
    assert differing(texts) == []


@pytest.mark.parametrize(
    "phone", ["+880 1712-345678", "(017) 12 345678", "01712345678", "+8801712345678", "0-1"]
)
def test_phones_have_the_same_key(phone):
    assert differing([phone]) == []
