import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

WORDS = Path(__file__).with_name("product_words.txt").read_text("utf-8").split()
WORD = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
NO_LETTER = re.compile(r"[\W\d_]")
MIN_OTHER_LETTERS = 8  # letters beside those words
LOGIN = 3  # letters of a login that is one of them; Django's own rule lets alice-alice1 pass


class ProductWordsValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        letters = letters_of(password)
        login = letters_of(user.username) if user else ""
        others = WORD.sub("", letters.replace(login, "") if len(login) >= LOGIN else letters)
        if others != letters and len(others) < MIN_OTHER_LETTERS:
            raise ValidationError(
                _("The password is made of the login or words of this product. Add other words."),
                code="our_words",
            )

    def get_help_text(self) -> str:
        return _("Not made only of your login or of words of this product, such as its name.")


def letters_of(text: str) -> str:
    return NO_LETTER.sub("", text.lower())
