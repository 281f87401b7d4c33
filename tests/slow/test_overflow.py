"""No figure and no label leaves its box: a Client of extremes, at each width, in both languages."""

import pytest

from tests.browser.conftest import (  # noqa: F401  # the server and its browser
    browser_context_args,
    browser_type_launch_args,
    environment,
    server,
)
from tests.browser.overflow import (
    A4,
    PAGES,
    enter,
    enter_office,
    faults_at,
    faults_in_office,
    first_transaction,
    make_extremes,
)

WIDTHS = [320, 360, 768, 1024, 1280, 1440, 2560]
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def extremes(environment):  # noqa: F811
    make_extremes(environment)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_leaves_its_box_at_any_width(extremes, page, language):
    enter(page, language)
    pages = [*PAGES, first_transaction(page)]

    faults = [
        (width, address, fault)
        for address in pages
        for width in WIDTHS
        for fault in faults_at(page, address, width)
    ]

    assert not faults


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_of_the_back_office_leaves_its_box_at_any_width(extremes, page, language):
    pages = enter_office(page, language)

    faults = {at: [*faults_in_office(page, at, *WIDTHS)] for at in pages}

    assert not {address: found for address, found in faults.items() if found}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_leaves_a_sheet_of_paper(extremes, page, language):
    enter(page, language)
    pages = [*PAGES, first_transaction(page)]

    assert not [
        (address, fault)
        for address in pages
        for fault in faults_at(page, address, A4, is_paper=True)
    ]
