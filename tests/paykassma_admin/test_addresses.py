from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from paykassma_admin.addresses import query_string

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(texts, texts | st.integers())))
def test_query_string_is_that_of_urlencode(parameters):
    assert query_string(parameters) == urlencode(parameters)


def test_query_string_gives_back_what_it_was_made_of():
    said = [("label", "a&b=c d+é"), ("x\ny", "~.-_")]

    assert parse_qsl(query_string(said)) == said
