"""One administrator sends the form of one new Client again and again."""

import pytest

from tests.accounts.sign_in.test_hashing import TWENTY, register_twenty_times
from tests.support.pages import words

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_repeated_registration_is_refused_with_reason(transactional_db):
    *told, registered = register_twenty_times(["dora"])

    said = {200: "уже", 429: "Подождите несколько секунд"}
    assert (len(told), registered.status_code) == (TWENTY - 1, 302)
    assert {200, 429} == {answer.status_code for answer in told}
    assert all(said[answer.status_code] in words(answer) for answer in told)
