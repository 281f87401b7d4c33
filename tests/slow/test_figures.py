import pytest

from tests.dashboard.conftest import board  # noqa: F401 - a fixture
from tests.dashboard.test_every_figure import rows, wrong_figures  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

STATES = [
    {"tab": "withdrawals"},
    {"tab": "withdrawals", "measure": "count"},
    {"step": "week", "measure": "count"},
    {"measure": "count"},
    {"detail": "on"},
    {"detail": "on", "measure": "count"},
    {"systems": ["", "bkash"], "total": "off"},
    {"country": "BD"},
    {"currency": "INR"},
    {"currency": "INR", "detail": "on", "tab": "withdrawals"},
]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_figure_equals_the_list_behind_it(client, board, rows, state):  # noqa: F811
    assert wrong_figures(client, board(**state)) == {}
