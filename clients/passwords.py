"""Words of this product, of which whoever guesses thinks first: no password is made of them."""

import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import User

WORDS = Path(__file__).with_name("product_words.txt").read_text("utf-8").split()
WORD = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
NO_LETTER = re.compile(r"[\W\d_]")
LEAST = 8  # letters beside those words


class ProductWordsValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        letters = NO_LETTER.sub("", password.lower())
        if WORD.search(letters) and len(WORD.sub("", letters)) < LEAST:
            raise ValidationError(
                _("The password is made of words of this product. Add others."), code="our_words"
            )

    def get_help_text(self) -> str:
        return _("No password made of words of this product, as its name.")
