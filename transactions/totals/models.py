"""Sums and counts that triggers maintain; the migration has their SQL."""

from typing import Any, Self

from django.db import models

from clients.scoping import ClientOwnedQuerySet, UnscopedManager

NO_CONSTRAINT: dict[str, Any] = {"on_delete": models.DO_NOTHING, "db_constraint": False}


class PrecomputedTotal(models.Model):
    client = models.ForeignKey("clients.Client", related_name="+", **NO_CONSTRAINT)
    direction = models.CharField(max_length=10)
    payment_system = models.ForeignKey("wallets.PaymentSystem", related_name="+", **NO_CONSTRAINT)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    is_converted = models.BooleanField()
    count = models.BigIntegerField()
    amount = models.DecimalField(max_digits=40, decimal_places=4)
    amount_usd = models.DecimalField(max_digits=40, decimal_places=4)

    unscoped = UnscopedManager.from_queryset(ClientOwnedQuerySet)()
    objects: ClientOwnedQuerySet[Self] = ClientOwnedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True


class DetailedTotal(PrecomputedTotal):
    type = models.CharField(max_length=10)
    status = models.CharField(max_length=20)
    wallet = models.ForeignKey("wallets.Wallet", related_name="+", **NO_CONSTRAINT)

    class Meta:
        abstract = True


class DayTotal(DetailedTotal):
    day = models.DateField()
    pk = models.CompositePrimaryKey("client", "day", "wallet", "direction", "type", "status")

    class Meta:
        managed = False
        db_table = "transactions_days"


class MonthTotal(DetailedTotal):
    """A total of one month, identified by its first day."""

    month = models.DateField()
    pk = models.CompositePrimaryKey("client", "month", "wallet", "direction", "type", "status")

    class Meta:
        managed = False
        db_table = "transactions_months"


class KindTotal(PrecomputedTotal):
    """A total of one day and Kind: the few rows that the dashboard reads for a year."""

    day = models.DateField()
    kind = models.CharField(max_length=10)
    pk = models.CompositePrimaryKey("client", "kind", "day", "direction", "payment_system")

    class Meta:
        managed = False
        db_table = "transactions_kinds"
