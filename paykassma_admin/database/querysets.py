import sys
from typing import Self

from django.db import models
from django.db.models import Q

from paykassma_admin.periods import Period
from paykassma_admin.values.identifiers import is_prefix, spellings, unescape

# No text goes beyond this character in the order of the "C" collation.
LAST_CHARACTER = chr(sys.maxunicode)


class SearchQuerySet[M: models.Model](models.QuerySet[M]):
    def within(self, period: Period, field: str) -> Self:
        """Filter by a period, its start included, its end not; a missing bound sets none."""
        bounds = {f"{field}__gte": period.start, f"{field}__lt": period.end}
        return self.filter(**{bound: at for bound, at in bounds.items() if at is not None})

    def matching(self, **texts: str) -> Self:
        """Filter by fields equal to a text, or by its prefix where it ends in "*"; "" sets nothing.

        By range, not by LIKE, which loses its index under row-level security.
        """
        conditions = [self.condition(field, text) for field, text in texts.items() if text]
        return self.filter(*conditions) if conditions else self

    def condition(self, field: str, text: str) -> Q:
        if not is_prefix(text):
            return Q(**{field: unescape(text)})
        start = text.removesuffix("*")
        return Q(**{f"{field}__gte": start, f"{field}__lt": start + LAST_CHARACTER})

    def stored_spelling(self, field: str, text: str) -> str:
        """Return the first spelling of `text` that a row has; `text` where none has any."""
        tried = spellings(text)
        if len(tried) == 1:
            return text
        return next((each for each in tried if self.matching(**{field: each}).exists()), text)
