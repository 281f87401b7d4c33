"""A day of an operator, by the ways that tests/browser leaves out."""

import pytest

from tests.browser.test_every_way import (
    KEYBOARD,
    MOUSE,
    NO_SCRIPTS,
    hand,  # noqa: F401 - a fixture
    spend_a_day,
)

WAYS = [(MOUSE, 1440, "ru"), (KEYBOARD, 360, "ru"), (NO_SCRIPTS, 360, "en")]


@pytest.mark.parametrize(("by", "width", "language"), WAYS)
def test_operators_day(hand, language, width, sql):  # noqa: F811
    spend_a_day(hand, language, width, sql)
