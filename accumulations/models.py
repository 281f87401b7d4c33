from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin.database.local_time import supported_years_condition
from paykassma_admin.periods import Period
from paykassma_admin.values.iso_codes import CURRENCY_FORM

# A composite foreign key in SQL has the Client, too: no row points across Clients.
SQL_FOREIGN_KEY: dict[str, Any] = {"db_constraint": False}


class AccumulationQuerySet(ClientOwnedQuerySet["Accumulation"]):
    def in_period(self, period: Period) -> Self:
        return self.within(period, "formed_at")

    def newest_first(self) -> Self:
        return self.order_by("-formed_at", "-id")


class Accumulation(models.Model):
    """Money gathered for one label on a wallet, identified by (wallet, number)."""

    client = models.ForeignKey("clients.Client", models.PROTECT, verbose_name=_("client"))
    wallet = models.ForeignKey(
        "wallets.Wallet", models.PROTECT, verbose_name=_("wallet"), **SQL_FOREIGN_KEY
    )
    number = models.CharField(_("number"), max_length=190, db_collation="C")
    label = models.CharField(_("label"), max_length=190, blank=True, db_collation="C")
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    formed_at = models.DateTimeField(_("formed at"))

    unscoped = UnscopedManager.from_queryset(AccumulationQuerySet)()
    objects = AccumulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("accumulation")
        verbose_name_plural = _("accumulations")
        indexes = [
            models.Index(
                "client", F("formed_at").desc(), F("id").desc(), name="accumulation_recent"
            ),
            models.Index(
                "client",
                "label",
                F("formed_at").desc(),
                F("id").desc(),
                name="accumulation_by_label",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "client", "wallet"], name="accumulation_number_once"
            ),
            models.CheckConstraint(name="accumulation_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(name="accumulation_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="accumulation_within_known_years",
                condition=supported_years_condition("formed_at"),
            ),
            models.CheckConstraint(
                name="accumulation_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AccumulationEntryQuerySet(ClientOwnedQuerySet["AccumulationEntry"]):
    pass


class AccumulationEntry(models.Model):
    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+")
    accumulation = models.ForeignKey(
        Accumulation, models.CASCADE, related_name="entries", **SQL_FOREIGN_KEY
    )
    transaction = models.OneToOneField(
        "transactions.Transaction", models.PROTECT, **SQL_FOREIGN_KEY
    )

    unscoped = UnscopedManager.from_queryset(AccumulationEntryQuerySet)()
    objects = AccumulationEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("accumulation entry")
        verbose_name_plural = _("accumulation entries")

    def __str__(self) -> str:
        return f"{self.accumulation} · {self.transaction}"
