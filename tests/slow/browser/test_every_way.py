"""A day of an operator, by the ways that tests/browser leaves out."""

import pytest

from tests.browser.test_every_way import (
    KEYBOARD,
    MOUSE,
    NO_SCRIPTS,
    hand,  # noqa: F401 - a fixture
    spend_a_day,
)

WAYS = [
    (MOUSE, 1440, "ru"),
    (MOUSE, 360, "en"),
    (KEYBOARD, 360, "ru"),
    (NO_SCRIPTS, 1440, "ru"),
]


@pytest.mark.parametrize(("by", "width", "language"), WAYS)
def test_operators_day(hand, language, width, sql):  # noqa: F811
    spend_a_day(hand, language, width, sql)
