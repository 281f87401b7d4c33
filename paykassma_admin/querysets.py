"""Conditions that the rows of several apps are searched by."""

import sys
from typing import Self

from django.db import models

from paykassma_admin.periods import Period

# No text goes beyond this character in the order of the "C" collation.
LAST_CHARACTER = chr(sys.maxunicode)


class SearchedQuerySet[M: models.Model](models.QuerySet[M]):
    def within(self, period: Period, field: str) -> Self:
        """Start included, end not; a period without a bound sets none."""
        bounds = {f"{field}__gte": period.start, f"{field}__lt": period.end}
        return self.filter(**{bound: at for bound, at in bounds.items() if at is not None})

    def matching(self, **texts: str) -> Self:
        """Fields equal to their text, or beginning with it where it ends in "*"; "" sets nothing.

        By range, not by LIKE, which loses its index under row-level security.
        """
        rows = self
        for field, text in texts.items():
            if text.endswith("*"):
                start = text.removesuffix("*")
                end = start + LAST_CHARACTER
                rows = rows.filter(**{f"{field}__gte": start, f"{field}__lt": end})
            elif text:
                rows = rows.filter(**{field: text})
        return rows
