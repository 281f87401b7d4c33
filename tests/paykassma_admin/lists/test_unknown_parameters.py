"""A name in an address that is no condition is told: passed over, it would show more rows."""

import pytest

from tests.support.factories import make_transaction
from tests.support.pages import words

pytestmark = pytest.mark.django_db

PAGES = ["/", "/payments/transactions/", "/payments/transactions/why/", "/payments/accumulations/"]


@pytest.fixture
def operator(client, alice):
    client.force_login(alice)
    make_transaction(alice, "other-label", label="other")
    return client


@pytest.mark.parametrize("address", PAGES)
def test_unknown_name_is_told_with_the_nearest_condition(operator, address):
    shown = words(operator.get(address, {"currencyy": "INR", "country": "IN"}))

    assert "В адресе есть «currencyy»: такого условия здесь нет." in shown


def test_misspelt_condition_shows_no_rows(operator):
    shown = words(operator.get("/payments/transactions/", {"labell": "test"}))

    assert "Может быть, «label»?" in shown
    assert "other-label" not in shown


@pytest.mark.parametrize("path", ["/payments/transactions/export.csv", "/audit/export.csv"])
def test_no_file_is_made_of_a_misspelt_condition(operator, path):
    response = operator.get(path, {"labell": "test"})
    response.getvalue()  # a file that is not read would be waited for

    assert response.status_code == 400
    assert "«labell»" in words(response)


def test_chart_of_a_misspelt_condition_has_no_points(operator):
    response = operator.get("/chart.json", {"contry": "IN"})

    assert response.status_code == 400
    assert "«contry»" in response.json()["errors"]["__all__"][0]


def test_what_led_to_a_number_is_no_condition(operator):
    assert "other-label" in words(operator.get("/payments/transactions/", {"seen": "nothing"}))
