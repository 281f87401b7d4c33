"""Files that break off, in the ways that tests/paykassma_admin leaves out."""

import pytest

from tests.paykassma_admin.exports.test_export_stream import (  # noqa: F401 - fixtures
    assert_not_ended,
    browser,
    noon,
    server,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.parametrize(
    ("function", "encoding"), [("pg_terminate_backend", "identity"), ("pg_cancel_backend", "gzip")]
)
def test_a_file_that_breaks_off_is_not_ended(server, browser, function, encoding):  # noqa: F811
    assert_not_ended(server, browser, function, encoding)
