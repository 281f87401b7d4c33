"""The server and the browser of tests/browser."""

from tests.browser.conftest import *  # noqa: F403 - its fixtures
