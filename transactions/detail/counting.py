"""Which total of the dashboard a transaction is part of, said in words."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paykassma_admin import formats
from paykassma_admin.periods import local_day, today
from transactions.models import Transaction
from transactions.statuses import Activity
from transactions.totals.kinds import KIND_CONDITIONS, Kind
from wallets.statuses import Status

KIND_SENTENCES: dict[Kind, str | Promise] = {
    Kind.PAY_IN: _("Counted on the dashboard among activated transactions."),
    Kind.FAKE: _("In no total of the dashboard: fake ones are counted beside it."),
    Kind.WITHDRAWAL: _("Counted on the dashboard among withdrawals."),
    Kind.IN_PROGRESS: _(
        "In no total of the dashboard yet: shown beside today’s withdrawals, among those in"
        " progress. Once made, it counts among today’s withdrawals."
    ),
    Kind.OTHER: _("In no total of the dashboard."),
}
# The cards of withdrawals are of today alone; the tab is of the days that are chosen.
OTHER_DAY_SENTENCES: dict[Kind, str | Promise] = {
    Kind.WITHDRAWAL: _(
        "Counted on the dashboard on the tab “Withdrawals”, on %(day)s; the card there is of today"
        " alone."
    ),
    Kind.IN_PROGRESS: _(
        "Not on the dashboard: it shows only today’s in progress. Once made, it counts on the tab"
        " “Withdrawals”, on %(day)s."
    ),
}
COUNTED = {Kind.PAY_IN, Kind.WITHDRAWAL}
NO_RATE = _("It has no rate to USD yet, so it is missing from the sum.")


def counting_sentences(transaction: Transaction, zone: ZoneInfo) -> list[str | Promise]:
    kind = transaction_kind(transaction)
    lacks_rate = kind in COUNTED and transaction.usd_rate is None
    day = local_day(transaction.logged_at, zone)
    return [kind_sentence(kind, day, zone), *([NO_RATE] if lacks_rate else [])]


def kind_sentence(kind: Kind, day: date, zone: ZoneInfo) -> str | Promise:
    if day == today(zone) or kind not in OTHER_DAY_SENTENCES:
        return KIND_SENTENCES[kind]
    return str(OTHER_DAY_SENTENCES[kind]) % {"day": formats.day(day)}


def transaction_kind(transaction: Transaction) -> Kind:
    return next((kind for kind in KIND_CONDITIONS if is_of_kind(transaction, kind)), Kind.OTHER)


def is_of_kind(transaction: Transaction, kind: Kind) -> bool:
    own = KIND_CONDITIONS[kind]
    is_active = transaction.status == Status.ACTIVATED
    return (
        own["direction"] in ("", transaction.direction)
        and transaction.type in own["types"]
        and (own["activity"] == "" or is_active == (own["activity"] == Activity.ACTIVE))
        and (own["statuses"] == () or transaction.status in own["statuses"])
    )
