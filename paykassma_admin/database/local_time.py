"""Days and hours of a time zone in queries, by the database's own functions and table of zones.

Django's TruncDate and Extract ask PostgreSQL's time zones, which differ from those of Python.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, F, Func, IntegerField, Q
from django.db.models.expressions import Combinable, RawSQL

# What is in 2000–2099 somewhere. Beyond, the table's first and last offsets would be guesses.
FIRST, AFTER = datetime(1999, 12, 31, tzinfo=UTC), datetime(2100, 1, 2, tzinfo=UTC)


def supported_years_condition(*moments: str) -> Q:
    return Q(*(Q(**{f"{at}__gte": FIRST, f"{at}__lt": AFTER}) for at in moments))


class ZoneFunction(Func):
    """A function of a zone, which is read once a statement, and of a moment."""

    offset: str

    def __init__(self, moment: str | Combinable, zone: ZoneInfo) -> None:
        at = F(moment) if isinstance(moment, str) else moment
        super().__init__(zone_column("since", zone), zone_column(self.offset, zone), at)


class LocalTime(ZoneFunction):
    function, offset = "local_time", "utc_offset"
    output_field = DateTimeField()


class LocalDay(ZoneFunction):
    function, offset = "day_of", "day_offset"
    output_field = DateField()


class LocalHour(LocalTime):
    """The hour on those clocks, 0 to 23: one that they show twice is one."""

    template = f"extract(hour from {LocalTime.template})::integer"
    output_field = IntegerField()  # type: ignore[assignment]


def zone_column(name: str, zone: ZoneInfo) -> RawSQL:
    return RawSQL(f"(select {name} from clients_timezone where name = %s)", [zone.key])  # noqa: S608, S611  # our own names
