import pytest
from django.core.exceptions import ValidationError

from accounts.actions import build_user
from tests.support.factories import PASSWORD

MIXED = ["аlice", "aliсe", "aliceο", "Аlice.1"]  # one letter each is Cyrillic or Greek
RESERVED = ["key", "Key", "create_api_key", "import_rates", "system", "migrate"]
GOOD = ["anna", "алиса", "anna-2", "zoë", "李明", "a.b@c_d+e", "1000"]


def login_of(login):
    return build_user(login, PASSWORD, field="login").username


@pytest.mark.django_db
@pytest.mark.parametrize(("logins", "sentence"), [(MIXED, "одного алфавита"), (RESERVED, "занят")])
def test_login_of_somebody_else_is_refused(logins, sentence):
    for login in logins:
        with pytest.raises(ValidationError, match=sentence) as refused:
            login_of(login)

        assert list(refused.value.message_dict) == ["login"]


@pytest.mark.django_db
@pytest.mark.parametrize("login", GOOD)
def test_login_of_one_alphabet_is_taken(login):
    assert login_of(login) == login
