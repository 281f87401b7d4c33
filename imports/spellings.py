"""Spellings of banks and spreadsheets, read only where a person has said so, and never mixed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from paykassma_admin.imports.batches import InvalidValue, Record, RowError, shorten

AMOUNT_COLUMNS = ("amount", "usd_rate", "commission_percent")
TIME_COLUMNS = ("logged_at", "activated_at", "formed_at", "as_of")


class AmountSpelling(TextChoices):
    PLAIN = "plain", "1250.00"
    COMMAS = "commas", "1,250.00 · 1,00,000.00"
    DECIMAL_COMMA = "decimal_comma", "1 250,00 · 1.250,00"


class TimeSpelling(TextChoices):
    ISO = "iso", "2026-11-24T14:02:51+05:30"
    DAY_FIRST = "day_first", pgettext_lazy("a spelling", "24.11.2026 14:02:51 (day first)")
    MONTH_FIRST = "month_first", pgettext_lazy("a spelling", "11/24/2026 14:02:51 (month first)")
    SECONDS = "seconds", pgettext_lazy("a spelling", "1795503771 (seconds since 1970)")
    MILLISECONDS = "milliseconds", pgettext_lazy("a spelling", "1795503771000 (milliseconds)")


SIGN, PLACES = r"[-−]?", r"(?:\.\d+)?"
WITH_COMMAS = re.compile(
    rf"{SIGN}(?:\d+|\d{{1,3}}(?:,\d{{3}})+|\d{{1,2}}(?:,\d\d)*,\d{{3}}){PLACES}"
)
GAP = r"[ \u00a0\u202f’']"
WITH_DECIMAL_COMMA = re.compile(
    rf"{SIGN}(?:\d+|\d{{1,3}}(?:{GAP}\d{{3}})+|\d{{1,3}}(?:\.\d{{3}})+)(?:,\d+)?"
)
DAY_OF_MONTH = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:,?[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?"
)
SECONDS, MILLISECONDS = re.compile(r"\d{9,10}"), re.compile(r"\d{12,13}")


def plain_of_commas(text: str) -> str | None:
    return text.replace(",", "").replace("−", "-") if WITH_COMMAS.fullmatch(text) else None


def plain_of_decimal_comma(text: str) -> str | None:
    if not WITH_DECIMAL_COMMA.fullmatch(text):
        return None
    whole, _comma, places = text.replace("−", "-").partition(",")
    whole = re.sub(rf"{GAP}|\.", "", whole)
    return f"{whole}.{places}" if places else whole


def iso_of_day_first(text: str) -> str | None:
    return iso_of_date(text, day=1, month=2)


def iso_of_month_first(text: str) -> str | None:
    return iso_of_date(text, day=2, month=1)


def iso_of_date(text: str, *, day: int, month: int) -> str | None:
    """Return it without an offset: in the Client's zone, as everywhere."""
    if not (found := DAY_OF_MONTH.fullmatch(text)):
        return None
    hour, minute, second = (part or "00" for part in found.group(4, 5, 6))
    clock = f"{hour:0>2}:{minute}:{second}"
    return f"{found[3]}-{found[month]:0>2}-{found[day]:0>2}T{clock}"


def iso_of_seconds(text: str) -> str | None:
    return datetime.fromtimestamp(int(text), UTC).isoformat() if SECONDS.fullmatch(text) else None


def iso_of_milliseconds(text: str) -> str | None:
    if not MILLISECONDS.fullmatch(text):
        return None
    seconds, thousandths = divmod(int(text), 1000)
    at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=thousandths * 1000)
    return at.isoformat()


REWRITES: Mapping[str, Callable[[str], str | None]] = {
    AmountSpelling.COMMAS: plain_of_commas,
    AmountSpelling.DECIMAL_COMMA: plain_of_decimal_comma,
    TimeSpelling.DAY_FIRST: iso_of_day_first,
    TimeSpelling.MONTH_FIRST: iso_of_month_first,
    TimeSpelling.SECONDS: iso_of_seconds,
    TimeSpelling.MILLISECONDS: iso_of_milliseconds,
}
EXAMPLES = {str(each.value): each for each in (*AmountSpelling, *TimeSpelling)}


@dataclass(frozen=True)
class Spelling:
    """Rewrites the cells of a row that were said to be spelled so; others are refused."""

    names: Sequence[str]  # of our columns, in the order of a record's texts
    amounts: str = AmountSpelling.PLAIN
    times: str = TimeSpelling.ISO

    def rewrite(self, records: Iterable[Record | RowError]) -> Iterator[Record | RowError]:
        columns = {**dict.fromkeys(AMOUNT_COLUMNS, self.amounts)}
        columns |= dict.fromkeys(TIME_COLUMNS, self.times)
        places = [
            (place, name, columns[name])
            for place, name in enumerate(self.names)
            if columns.get(name) in REWRITES
        ]
        for record in records:
            yield record if isinstance(record, RowError) else rewrite_row(record, places)


def rewrite_row(record: Record, places: Sequence[tuple[int, str, str]]) -> Record | RowError:
    line, texts = record
    rewritten = [*texts]
    try:
        for place, name, spelling in places:
            rewritten[place] = rewrite_cell(name, texts[place], spelling)
    except InvalidValue as refused:
        return refused.row_error(line)
    return line, rewritten


def rewrite_cell(name: str, text: str, spelling: str) -> str:
    if not text:
        return text
    if (rewritten := REWRITES[spelling](text)) is None:
        sentence = _("“%(value)s” is not spelled as was chosen: %(example)s")
        example = str(EXAMPLES[spelling].label)
        raise InvalidValue(name, sentence % {"value": shorten(text), "example": example})
    return rewritten
