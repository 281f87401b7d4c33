"""The choices of a list's filters, by their words in each language."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import override

from paykassma_admin.lists.choices import flatten_choices

GAPS = re.compile(r"[\s_-]+")
SAME_LETTERS = str.maketrans({chr(0x451): chr(0x435)})  # ё, е

type Words = dict[str, str]  # a word as it is typed, normalized → a code


def normalize(word: str) -> str:
    return GAPS.sub("-", word.strip().casefold()).translate(SAME_LETTERS)


def in_each_language(texts: Any) -> Iterator[str]:
    """Yield the words of a translated text, which are separated by spaces."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield from str(texts).split()


class ChoiceWords:
    """Choices that one person has. `filters` are those of a list, `request` has the Client."""

    def __init__(self, filters: Mapping[str, Any], request: Any) -> None:
        self.filters = filters
        self.request = request

    def codes(self, parameter: str, *, fresh: bool = False) -> list[tuple[str, str]]:
        """Return codes and labels, in the language of the page."""
        offered = self.filters[parameter].choices
        if callable(offered):
            offered = offered(self.request, fresh=fresh)
        return [(str(code), str(label)) for code, label in flatten_choices(offered)]

    def words(self, parameter: str, *, fresh: bool = False) -> Words:
        """Return codes by themselves and by their labels in each language."""
        found: Words = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                codes = self.codes(parameter, fresh=fresh)
            found |= {normalize(label): code for code, label in codes} | found
        return found | {normalize(code): code for code, _label in codes}

    def find(self, parameter: str, word: str) -> str | None:
        wanted = normalize(word)
        found = self.words(parameter).get(wanted)
        return found or self.words(parameter, fresh=True).get(wanted)
