"""The fields of a query for transactions. Their other names are in the catalog, by language."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from paykassma_admin.lists.query.days import DayField
from paykassma_admin.lists.query.fields import (
    ChoiceField,
    Flag,
    FlagField,
    ParameterField,
    TextField,
)
from paykassma_admin.lists.query.query import QueryFields
from paykassma_admin.lists.query.ranges import AmountField, WholeNumberField
from transactions.conditions import counterparty_part
from transactions.models import Direction, Type
from transactions.query.changes import NAME as CHANGED
from transactions.query.changes import ChangeField
from transactions.query.field_types import SortField, StatusField, WalletField
from transactions.statuses import IN_PROGRESS
from wallets.statuses import Status

LAST_HOUR = 23
NO_SUCH_HOUR = _("Hours are numbered from 0 to 23.")
SYSTEM = ChoiceField(
    name="system",
    names=pgettext_lazy("query field", "type-of-wallet payment-system rail"),
    label=_("Wallet type"),
    parameter="payment_system",
    column="payment_system__code",
    is_multiple=True,
    has_totals=True,
)
TYPE = ChoiceField(
    name="type",
    names=pgettext_lazy("query field", "transaction-type kind"),
    label=_("Transaction type"),
    parameter="type",
    column="type",
    is_multiple=True,
    has_totals=True,
)
UNCLAIMED = Q(
    direction=Direction.INCOMING,
    type__in=(Type.REAL, Type.FORCED),
    status=Status.NOT_ACTIVATED,
)
# The kind "other" of transaction_kind().
OTHER = ~Q(direction=Direction.INCOMING, status=Status.ACTIVATED) & ~Q(
    type=Type.WITHDRAWAL, status__in=(Status.ACTIVATED, *IN_PROGRESS)
)
IS = FlagField(
    name="is",
    names=pgettext_lazy("query field", "has-type"),
    label=_("Condition"),
    has_totals=True,
    flags=(
        Flag(
            "unclaimed",
            pgettext_lazy("query", "unclaimed"),
            _("money that nobody claimed"),
            UNCLAIMED,
        ),
        Flag(
            "other",
            pgettext_lazy("query", "other"),
            _("all but activated pay-ins, and withdrawals that are activated or in progress"),
            OTHER,
        ),
        *(
            Flag(type_, words, type_.label, Q(type=type_), same=("type", type_))
            for type_, words in {
                Type.FAKE: pgettext_lazy("query", "fake"),
                Type.FORCED: pgettext_lazy("query", "forced"),
                Type.REAL: pgettext_lazy("query", "real"),
                Type.WITHDRAWAL: pgettext_lazy("query", "withdrawal"),
            }.items()
        ),
    ),
)
HAS = FlagField(
    name="has",
    names=pgettext_lazy("query field", "with"),
    label=pgettext_lazy("query", "Has"),
    opposite="no",
    opposites=pgettext_lazy("query field", "without"),
    opposite_label=pgettext_lazy("query", "No"),
    flags=(
        Flag("label", pgettext_lazy("query", "label"), _("Label"), ~Q(label="")),
        Flag("order", pgettext_lazy("query", "order"), _("Order number"), ~Q(order_number="")),
        Flag("name", pgettext_lazy("query", "name"), _("Counterparty"), ~Q(counterparty="")),
        Flag("rate", pgettext_lazy("query", "rate"), _("rate to USD"), Q(usd_rate__isnull=False)),
    ),
)
TRANSACTION_FIELDS = QueryFields(
    SYSTEM,
    WalletField(
        name="wallet",
        names=pgettext_lazy("query field", "account"),
        label=_("Wallet"),
        parameter="wallet",
    ),
    TextField(
        name="label",
        names=pgettext_lazy("query field", "label user"),
        label=_("Label"),
        parameter="label",
        column="label",
    ),
    TextField(
        name="order",
        names=pgettext_lazy("query field", "order-number"),
        label=_("Order number"),
        parameter="order_number",
        column="order_number",
    ),
    TextField(
        name="id",
        names=pgettext_lazy("query field", "number utr transaction"),
        label=_("Transaction ID"),
        parameter="transaction_id",
        column="number",
    ),
    TextField(
        name="name",
        names=pgettext_lazy("query field", "counterparty payer phone"),
        label=_("Counterparty"),
        parameter="counterparty",
        match=counterparty_part,
        is_prose=True,
    ),
    ChoiceField(
        name="direction",
        names=pgettext_lazy("query field", "way"),
        label=_("Direction"),
        parameter="direction",
        column="direction",
        has_totals=True,
        negations=(("incoming", "outgoing"), ("outgoing", "incoming")),
    ),
    TYPE,
    StatusField(
        name="status",
        names=pgettext_lazy("query field", "state"),
        label=_("Status"),
        parameter="state",
        activity="status",
        column="status",
        is_multiple=True,
        has_totals=True,
        negations=(("active", "inactive"), ("inactive", "active")),
    ),
    IS,
    HAS,
    AmountField(
        name="amount",
        names=pgettext_lazy("query field", "sum"),
        label=_("Amount"),
        column="amount",
        bounds=("amount_from", "amount_to"),
    ),
    ChoiceField(
        name="currency",
        names=pgettext_lazy("query field", "arrival-currency"),
        label=_("Currency of arrival"),
        parameter="arrival_currency",
        column="currency",
        has_totals=True,
    ),
    AmountField(
        name="usd",
        names=pgettext_lazy("query field", "amount-usd"),
        label=_("amount in USD"),
        column="amount_usd",
    ),
    ChoiceField(
        name="country",
        names=pgettext_lazy("query field", "land"),
        label=_("Country"),
        parameter="country",
        column="country",
        has_totals=True,
    ),
    DayField(
        name="logged",
        names=pgettext_lazy("query field", "date day"),
        label=_("Date"),
        column="logged_at",
        bounds=("date_from", "date_to"),
        until="until",
    ),
    ChangeField(
        name=CHANGED,
        names=pgettext_lazy("query field", "recorded"),
        label=_("Recorded or changed"),
        column="recorded_at",
    ),
    WholeNumberField(
        name="hour",
        names=pgettext_lazy("query field", "hours"),
        label=_("Hours"),
        column="hour",
        bounds=("hour_from", "hour_to"),
        last=LAST_HOUR,
        sentence=NO_SUCH_HOUR,
    ),
    ParameterField(
        name="converted",
        names=pgettext_lazy("query field", "conversion"),
        label=_("Conversion"),
        parameter="converted",
        negations=(("yes", "no"), ("no", "yes")),
        more_names=(("yes", pgettext_lazy("query", "yes")), ("no", pgettext_lazy("query", "no"))),
    ),
    ParameterField(
        name="in",
        names=pgettext_lazy("query field", "sums-in"),
        label=_("Currency of the sum"),
        parameter="currency",
    ),
    SortField(
        name="sort",
        names=pgettext_lazy("query field", "order-by"),
        label=_("Order"),
        parameter="sort",
    ),
    example=pgettext_lazy("query", "status:pending amount:>5000 -type:fake no:label"),
)
