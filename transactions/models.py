from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin import formats
from paykassma_admin.database.local_time import LocalHour, supported_years_condition
from paykassma_admin.periods import Period
from paykassma_admin.values.identifiers import uppercase
from paykassma_admin.values.iso_codes import COUNTRY_FORM, CURRENCY_FORM
from paykassma_admin.values.money import STORED_PLACES, USD
from transactions.notes import Note
from transactions.query.sorting import ORDERS
from transactions.sources import Source, SourceKind
from transactions.totals.models import DayTotal, KindTotal, MonthTotal
from wallets.models import PaymentSystem
from wallets.statuses import Status

__all__ = [
    "Change",
    "ChangeField",
    "DayTotal",
    "Direction",
    "KindTotal",
    "MonthTotal",
    "Note",
    "Source",
    "SourceKind",
    "Transaction",
    "Type",
]

# The three keys of a transaction are held by a composite foreign key in SQL: so the database
# knows that its Client and payment system are its wallet's, and inserts are 1.75× faster.
SQL_FOREIGN_KEY: dict[str, Any] = {"db_constraint": False, "db_index": False}


class Direction(models.TextChoices):
    INCOMING = "incoming", pgettext_lazy("direction", "Incoming")
    OUTGOING = "outgoing", pgettext_lazy("direction", "Outgoing")


class Type(models.TextChoices):
    FAKE = "fake", pgettext_lazy("transaction type", "Fake")
    REAL = "real", pgettext_lazy("transaction type", "Real")
    FORCED = "forced", pgettext_lazy("transaction type", "Forced")
    WITHDRAWAL = "withdrawal", pgettext_lazy("transaction type", "Withdrawal")


class OldestRunningWrite(models.Func):
    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    output_field = models.BigIntegerField()


class TransactionQuerySet(ClientOwnedQuerySet["Transaction"]):
    def in_period(self, period: Period) -> Self:
        return self.within(period, "logged_at")

    def with_hours(self, zone: ZoneInfo) -> Self:
        return self.alias(hour=LocalHour("logged_at", zone))

    def condition(self, field: str, text: str) -> Q:
        """Match numbers in any case where their payment system ignores case."""
        exactly, capitals = super().condition(field, text), uppercase(text)
        if field != "number" or capitals == text:
            return exactly
        systems = PaymentSystem.objects.filter(number_ignores_case=True).values("pk")
        return exactly | (super().condition(field, capitals) & Q(payment_system__in=systems))

    def newest_first(self) -> Self:
        return self.in_order("")

    def settled(self) -> Self:
        """Return rows whose write is over, and all before it: none can come in among them."""
        return self.alias(oldest_running=OldestRunningWrite()).filter(
            written_in__lt=F("oldest_running")
        )

    def in_order(self, sort: str) -> Self:
        return self.order_by(*ORDERS[sort])

    def with_wallet(self) -> Self:
        return self.select_related("payment_system", "wallet")


class UncheckedGeneratedField(models.GeneratedField):
    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return super().check(**kwargs | {"databases": ()})

    def deconstruct(self) -> Any:
        name, _path, *values = super().deconstruct()
        return name, "django.db.models.GeneratedField", *values


class WriteNumber(models.Func):
    """The number of the database's transaction: see migrations/sql/write_numbers.sql."""

    function = "write_number"
    arity = 0
    output_field = models.BigIntegerField()


class Transaction(models.Model):
    """A movement of money on a wallet, identified by (wallet, number)."""

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, verbose_name=_("client"), **SQL_FOREIGN_KEY
    )
    wallet = models.ForeignKey(
        "wallets.Wallet", models.PROTECT, verbose_name=_("wallet"), **SQL_FOREIGN_KEY
    )
    payment_system = models.ForeignKey(
        "wallets.PaymentSystem", models.PROTECT, verbose_name=_("payment system"), **SQL_FOREIGN_KEY
    )
    number = models.CharField(_("transaction number"), max_length=190, db_collation="C")
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices, db_collation="C"
    )
    type = models.CharField(
        _("transaction type"), max_length=10, choices=Type.choices, db_collation="C"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, db_collation="C")
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    country = models.CharField(_("country"), max_length=2, db_collation="C")
    label = models.CharField(_("label"), max_length=190, blank=True, db_collation="C")
    order_number = models.CharField(_("order number"), max_length=190, blank=True, db_collation="C")
    counterparty = models.CharField(_("counterparty"), max_length=190, blank=True)
    # What spellings of a name have in common, for search and import: names.key, in SQL.
    counterparty_key = UncheckedGeneratedField(
        expression=models.Func(F("counterparty"), function="name_key"),
        output_field=models.TextField(),
        db_persist=True,
    )
    # The rate and its result are stored, not looked up on read: a report for
    # May must show May's rates for ever.
    usd_rate = models.DecimalField(
        _("rate to USD"), max_digits=20, decimal_places=10, null=True, blank=True
    )
    amount_usd = models.DecimalField(
        _("amount in USD"), max_digits=20, decimal_places=STORED_PLACES, null=True, blank=True
    )
    usd_rate_source = models.CharField(
        _("source of the rate"), max_length=100, null=True, blank=True
    )
    usd_rate_at = models.DateTimeField(_("rate as of"), null=True, blank=True)
    logged_at = models.DateTimeField(_("logged at"))
    activated_at = models.DateTimeField(_("activated at"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    forced_by = models.CharField(_("forced by"), max_length=190, null=True, blank=True)
    forced_at = models.DateTimeField(_("forced at"), null=True, blank=True)
    forced_reason = models.TextField(_("reason for forcing"), null=True, blank=True)
    # Of its birth; None where that was not recorded. A composite foreign key in SQL.
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        null=True,
        blank=True,
        related_name="+",
        **SQL_FOREIGN_KEY,
    )
    source_row = models.IntegerField(_("row of the source"), null=True, blank=True)
    # Of its last write; programs that keep a copy read the rows in this order.
    written_in = models.BigIntegerField(db_default=WriteNumber(), editable=False)

    unscoped = UnscopedManager.from_queryset(TransactionQuerySet)()
    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        # None on status, type or wallet: date order serves them. docs/adr/ has the measurements.
        indexes = [
            models.Index(
                "client", F("logged_at").desc(), F("id").desc(), name="transaction_recent"
            ),
            models.Index(
                "client",
                "label",
                F("logged_at").desc(),
                F("id").desc(),
                name="transaction_by_label",
            ),
            models.Index("client", "order_number", name="transaction_by_order_number"),
            models.Index(
                "client",
                "counterparty_key",
                F("logged_at").desc(),
                F("id").desc(),
                name="transaction_by_name_key",
            ),
            models.Index(
                "client",
                "amount",
                F("logged_at").desc(),
                F("id").desc(),
                name="transaction_by_amount",
            ),
            models.Index("client", "written_in", "id", name="transaction_by_write"),
            GinIndex(
                fields=["counterparty_key"],
                opclasses=["gin_trgm_ops"],
                name="transaction_by_counterparty",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "client", "wallet"], name="transaction_number_once"
            ),
            models.CheckConstraint(name="transaction_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="transaction_direction_known", condition=Q(direction__in=Direction.values)
            ),
            models.CheckConstraint(
                name="transaction_type_known", condition=Q(type__in=Type.values)
            ),
            models.CheckConstraint(name="transaction_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="transaction_within_known_years",
                condition=supported_years_condition("logged_at", "activated_at"),
            ),
            models.CheckConstraint(
                name="transaction_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
            models.CheckConstraint(
                name="transaction_country_form", condition=Q(country__regex=COUNTRY_FORM)
            ),
            models.CheckConstraint(
                name="transaction_withdrawal_is_outgoing",
                condition=~Q(type=Type.WITHDRAWAL) | Q(direction=Direction.OUTGOING),
            ),
            models.CheckConstraint(
                name="transaction_activated_at_only_where_activated",
                condition=Q(activated_at__isnull=True) | Q(status=Status.ACTIVATED),
            ),
            models.CheckConstraint(
                name="transaction_not_activated_before_it_is_logged",
                condition=Q(activated_at__isnull=True) | Q(activated_at__gte=F("logged_at")),
            ),
            models.CheckConstraint(
                name="transaction_rate_whole_or_absent",
                condition=Q(
                    usd_rate__isnull=True,
                    amount_usd__isnull=True,
                    usd_rate_source__isnull=True,
                    usd_rate_at__isnull=True,
                )
                | Q(
                    usd_rate__gt=0,
                    usd_rate__isnull=False,  # a check lets pass what comes to null
                    amount_usd__isnull=False,
                    usd_rate_source__isnull=False,
                    usd_rate_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="transaction_amount_usd_follows_its_rate",
                condition=Q(amount_usd__isnull=True)
                | Q(amount_usd=Round(F("amount") * F("usd_rate"), precision=STORED_PLACES)),
            ),
            models.CheckConstraint(
                name="transaction_usd_is_worth_one",
                condition=~Q(currency=USD) | Q(usd_rate__isnull=True) | Q(usd_rate=1),
            ),
            models.CheckConstraint(
                name="transaction_forcing_whole_or_absent",
                condition=Q(
                    forced_by__isnull=True, forced_at__isnull=True, forced_reason__isnull=True
                )
                | Q(
                    type=Type.FORCED,
                    forced_by__isnull=False,
                    forced_at__isnull=False,
                    forced_reason__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="transaction_row_is_of_a_source",
                condition=Q(source_row__isnull=True)
                | Q(source__isnull=False, source_row__gt=0, source_row__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ChangeField(models.TextChoices):
    STATUS = "status", _("status")
    TYPE = "type", _("transaction type")
    RATE = "rate", _("rate to USD")
    LABEL = "label", _("label")
    ORDER_NUMBER = "order_number", _("order number")
    COUNTERPARTY = "counterparty", _("counterparty")
    ACTIVATED_AT = "activated_at", _("activated at")


class ChangeQuerySet(ClientOwnedQuerySet["Change"]):
    pass


class Change(models.Model):
    """An earlier value of a transaction, written by a trigger on every change."""

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+")
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, related_name="changes", db_constraint=False
    )  # a composite foreign key in SQL
    field = models.CharField(max_length=12, choices=ChangeField.choices, db_collation="C")
    before = models.TextField()
    after = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, related_name="+", **SQL_FOREIGN_KEY
    )  # the import or key that brought it, if any

    unscoped = UnscopedManager.from_queryset(ChangeQuerySet)()
    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.CheckConstraint(
                name="change_field_known",
                condition=Q(field__in=ChangeField.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.before_label} → {self.after_label}"

    @property
    def before_label(self) -> str:
        return self._label(self.before)

    @property
    def after_label(self) -> str:
        return self._label(self.after)

    def _label(self, value: str) -> str:
        if value and self.field == ChangeField.RATE:
            return formats.rate(Decimal(value))
        if value and self.field == ChangeField.ACTIVATED_AT:
            return formats.moment(datetime.fromisoformat(value))
        known = {ChangeField.STATUS: Status, ChangeField.TYPE: Type}.get(ChangeField(self.field))
        return str(known(value).label) if known else value or "—"
