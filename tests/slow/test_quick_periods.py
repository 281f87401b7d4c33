import pytest

from tests.transactions.test_narrowing import assert_one_is_marked

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [*range(2, 8), *range(9, 30)])
def test_one_quick_period_is_marked(client, alice, day):
    assert_one_is_marked(client, alice, day)
