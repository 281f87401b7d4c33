"""Which total of the dashboard a transaction is part of, said in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transactions.models import Transaction
from transactions.statuses import Activity
from transactions.totals.kinds import KIND_CONDITIONS, Kind
from wallets.statuses import Status

KIND_SENTENCES: dict[Kind, str | Promise] = {
    Kind.PAY_IN: _("Counted on the dashboard among activated transactions."),
    Kind.FAKE: _("In no total of the dashboard: fake ones are counted beside it."),
    Kind.WITHDRAWAL: _("Counted on the dashboard among withdrawals."),
    Kind.IN_PROGRESS: _("In no total of the dashboard yet: shown there as in progress."),
    Kind.OTHER: _("In no total of the dashboard."),
}
COUNTED = {Kind.PAY_IN, Kind.WITHDRAWAL}
NO_RATE = _("It has no rate to USD yet, so it is missing from the sum.")


def counting_sentences(transaction: Transaction) -> list[str | Promise]:
    kind = transaction_kind(transaction)
    lacks_rate = kind in COUNTED and transaction.usd_rate is None
    return [KIND_SENTENCES[kind], *([NO_RATE] if lacks_rate else [])]


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
