import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.sign_in.passwords import ProductWordsValidator


@pytest.mark.parametrize(
    "password",
    [
        "paykassma-2026",
        "PayKassma!Admin1",
        "merchant_wallet_1",
        "кошелёк-клиента-1",
        "payment123456",
    ],
)
def test_a_password_made_of_our_words_is_refused(password):
    with pytest.raises(ValidationError, match="слов этого продукта"):
        ProductWordsValidator().validate(password)


@pytest.mark.parametrize("password", ["alice-alice1", "Alice-2026-wallet", "ALICEALICEALICE"])
def test_password_made_of_the_login_is_refused(password):
    with pytest.raises(ValidationError, match="логина"):
        ProductWordsValidator().validate(password, User(username="Alice"))


@pytest.mark.parametrize("login", ["alice", "al", "7"])
def test_a_login_in_a_longer_one_does_not_matter(login):
    ProductWordsValidator().validate("alice-correct-horse", User(username=login))


@pytest.mark.parametrize(
    "password", ["paykassma-correct-horse", "123456789012", "ночной-трамвай-7"]
)
def test_password_with_other_words_is_accepted(password):
    ProductWordsValidator().validate(password)
