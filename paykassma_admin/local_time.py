"""Days and hours of a time zone in queries: by the database's own functions and table of zones.

Django's TruncDate and Extract ask PostgreSQL's time zones, which differ from those of Python.
"""

from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, F, Func
from django.db.models.expressions import Combinable, RawSQL


class InZone(Func):
    """A function of a zone, which is read once a statement, and of a moment."""

    offset: str

    def __init__(self, moment: str | Combinable, zone: ZoneInfo) -> None:
        at = F(moment) if isinstance(moment, str) else moment
        super().__init__(column("since", zone), column(self.offset, zone), at)


class LocalTime(InZone):
    """The date and time that the clocks of a zone show, without an offset."""

    function, offset = "local_time", "utc_offset"
    output_field = DateTimeField()


class DayOf(InZone):
    """The day of a zone that a moment lies in, as periods.day_of() says."""

    function, offset = "day_of", "day_offset"
    output_field = DateField()


def column(name: str, zone: ZoneInfo) -> RawSQL:
    return RawSQL(f"(select {name} from clients_timezone where name = %s)", [zone.key])  # noqa: S608, S611  # our own names
