from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import Q

from paykassma_admin.values.identifiers import case_variants, is_prefix, unescape

MAX_ROWS = 20  # beyond these the texts are not known, and each is looked for by itself


@dataclass(frozen=True)
class StoredTexts:
    """Texts of some columns, known by one query in place of one for each column and spelling."""

    texts: frozenset[tuple[str, str]] | None  # each with its column; None where they are unknown

    @classmethod
    def among(cls, rows: Any, columns: Sequence[str], spelled: list[str]) -> Self:
        if any(map(is_prefix, spelled)):
            return cls(None)
        wanted = case_variants([unescape(spelling) for spelling in spelled])
        conditions = (Q(**{f"{column}__in": wanted}) for column in columns)
        found = rows.filter(reduce(or_, conditions)).values_list(*columns)[: MAX_ROWS + 1]
        if len(found) > MAX_ROWS:
            return cls(None)
        return cls(frozenset(pair for row in found for pair in zip(columns, row, strict=True)))

    def possible(self, column: str, spelled: list[str]) -> list[str]:
        """Return the spellings that the column may have; the query of a list decides."""
        return [each for each in spelled if self.texts is None or self._has(column, each)]

    def _has(self, column: str, spelling: str) -> bool:
        pairs = {(column, text) for text in case_variants([unescape(spelling)])}
        return bool(pairs & (self.texts or frozenset()))
