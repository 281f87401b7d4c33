from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin import formats
from paykassma_admin.database.local_time import supported_years_condition
from paykassma_admin.values.iso_codes import COUNTRY_FORM, CURRENCY_FORM
from paykassma_admin.values.money import plain
from wallets.statuses import Status
from wallets.upstream.models import BalanceSource, UpstreamRequest

__all__ = [
    "Balance",
    "BalanceSource",
    "ExchangeRate",
    "PaymentSystem",
    "PaymentSystemChange",
    "PaymentSystemStatus",
    "UpstreamRequest",
    "Wallet",
]

# Several codes stand in one parameter of an address, with commas between them.
CODE_FORM = "^[A-Za-z0-9_.-]+$"


class PaymentSystem(models.Model):
    """A payment rail, identified by its code: the guide's wallet type. Shared by all Clients."""

    code = models.CharField(_("code"), max_length=50, unique=True, db_collation="C")
    name = models.CharField(_("name"), max_length=100)
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    country = models.CharField(_("country"), max_length=2, db_collation="C")
    is_active = models.BooleanField(_("is active"), default=True)
    # Then they are stored in capitals: a trigger of transactions sees to those from before.
    number_ignores_case = models.BooleanField(
        _("numbers ignore case"),
        default=False,
        db_default=False,
        help_text=_(
            "The payment system itself does not distinguish “9bc4k” from “9BC4K”: numbers of its"
            " transactions are stored in capitals and found in any case."
        ),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("payment system")
        verbose_name_plural = _("payment systems")
        constraints = [
            models.CheckConstraint(
                name="payment_system_code_form",
                condition=Q(code__regex=CODE_FORM),
                violation_error_message=_("A code has Latin letters, digits, “_”, “.” and “-”."),
            ),
            models.CheckConstraint(
                name="payment_system_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
            models.CheckConstraint(
                name="payment_system_country_form", condition=Q(country__regex=COUNTRY_FORM)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def codes_ignoring_case(cls) -> frozenset[str]:
        return frozenset(
            cls.objects.filter(number_ignores_case=True).values_list("code", flat=True)
        )


class PaymentSystemStatus(models.Model):
    payment_system = models.ForeignKey(PaymentSystem, models.CASCADE, related_name="statuses")
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, db_collation="C")

    class Meta:
        verbose_name = _("status of a payment system")
        verbose_name_plural = _("statuses of a payment system")
        constraints = [
            models.UniqueConstraint(
                fields=["payment_system", "status"], name="payment_system_status_once"
            ),
            models.CheckConstraint(
                name="payment_system_status_known", condition=Q(status__in=Status.values)
            ),
        ]

    def __str__(self) -> str:
        return self.get_status_display()

    @property
    def audit_target(self) -> str:
        """Name the status in no language: it is put into words when shown."""
        return f"{self.payment_system} · {self.status}"


class PaymentSystemChange(models.Model):
    """A payment system switched on or off, for all Clients; a trigger writes it."""

    payment_system = models.ForeignKey(PaymentSystem, models.PROTECT, related_name="changes")
    is_active = models.BooleanField(_("is active"))  # from then on
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("change of a payment system")
        verbose_name_plural = _("changes of a payment system")
        constraints = [
            models.CheckConstraint(
                name="payment_system_change_within_known_years",
                condition=supported_years_condition("at"),
            ),
        ]

    def __str__(self) -> str:
        return self.in_words(formats.moment(self.at))

    def in_words(self, when: str) -> str:
        """Say the change with its moment, as the reader of a page or a chart needs it."""
        words = _("%(name)s switched on: %(when)s")
        if not self.is_active:
            words = _("%(name)s switched off: %(when)s")
        return str(words) % {"name": self.payment_system.name, "when": when}


class WalletQuerySet(ClientOwnedQuerySet["Wallet"]):
    def types(self) -> list[tuple[str, str]]:
        systems = PaymentSystem.objects.filter(pk__in=self.order_by().values("payment_system"))
        return sorted(systems.values_list("code", "name"), key=lambda each: each[1].casefold())


class Wallet(models.Model):
    """One account or number inside a payment system that payers send to."""

    client = models.ForeignKey("clients.Client", models.PROTECT, verbose_name=_("client"))
    payment_system = models.ForeignKey(
        PaymentSystem, models.PROTECT, verbose_name=_("payment system")
    )
    number = models.CharField(_("number"), max_length=190, db_collation="C")
    name = models.CharField(_("name"), max_length=190, blank=True)
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    country = models.CharField(_("country"), max_length=2, db_collation="C")
    is_active = models.BooleanField(_("is active"), default=True)

    unscoped = UnscopedManager.from_queryset(WalletQuerySet)()
    objects = WalletQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "payment_system", "number"], name="wallet_number_once"
            ),
            # The target of a composite foreign key: a transaction's payment system is its wallet's.
            models.UniqueConstraint(
                fields=["id", "client", "payment_system"], name="wallet_client_and_payment_system"
            ),
            models.CheckConstraint(name="wallet_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="wallet_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
            models.CheckConstraint(
                name="wallet_country_form", condition=Q(country__regex=COUNTRY_FORM)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.name}" if self.name else self.number


class ExchangeRate(models.Model):
    """The worth of a currency's unit in USD on a day. The newest record of a day counts."""

    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    day = models.DateField(_("day"))
    usd_rate = models.DecimalField(_("rate to USD"), max_digits=20, decimal_places=10)
    source = models.CharField(_("source"), max_length=100)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        ordering = ["-day", "currency"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        indexes = [
            models.Index(
                "currency",
                F("day").desc(),
                F("recorded_at").desc(),
                F("id").desc(),
                name="exchange_rate_newest",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="exchange_rate_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
            models.CheckConstraint(
                name="exchange_rate_not_of_usd",
                condition=~Q(currency="USD"),
                violation_error_message=_("A US dollar is always worth one: USD has no rate."),
            ),
            models.CheckConstraint(name="exchange_rate_positive", condition=Q(usd_rate__gt=0)),
            models.CheckConstraint(name="exchange_rate_has_a_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {formats.day(self.day)}: {formats.rate(self.usd_rate)}"

    @property
    def audit_target(self) -> str:
        """Name the rate in no language: the log is read in both."""
        return f"{self.currency} {self.day}: {plain(self.usd_rate)}"


NEWEST = """
    with recursive reported as (
        (select payment_system_id, currency from wallets_balance where client_id = %s
         order by payment_system_id, currency limit 1)
        union all
        select following.* from reported, lateral (
            select payment_system_id, currency from wallets_balance
            where client_id = %s and (payment_system_id, currency)
                > (reported.payment_system_id, reported.currency)
            order by payment_system_id, currency limit 1
        ) following
    )
    select newest.id from reported, lateral (
        select id from wallets_balance balance
        where client_id = %s and balance.payment_system_id = reported.payment_system_id
            and balance.currency = reported.currency and as_of <= %s
        order by as_of desc limit 1
    ) newest
"""


class BalanceQuerySet(ClientOwnedQuerySet["Balance"]):
    def newest_of_all(self, client: Client, until: datetime) -> Self:
        """Return the newest by payment system and currency, whatever number was reported before.

        Each is found by the index of `balance_once`; a sort would read every report there is.
        """
        parameters = [client.pk, client.pk, client.pk, until]
        newest = RawSQL(NEWEST, parameters)  # noqa: S611  # our own text
        return self.filter(pk__in=newest).order_by("currency")


class Balance(models.Model):
    """A Client's money in a payment system at a moment, as the system reported it."""

    client = models.ForeignKey("clients.Client", models.PROTECT, verbose_name=_("client"))
    payment_system = models.ForeignKey(
        PaymentSystem, models.PROTECT, verbose_name=_("payment system")
    )
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    commission_percent = models.DecimalField(
        _("commission on withdrawal, %"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    as_of = models.DateTimeField(_("as of"))

    unscoped = UnscopedManager.from_queryset(BalanceQuerySet)()
    objects = BalanceQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of"]
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "payment_system", "currency", "as_of"], name="balance_once"
            ),
            models.CheckConstraint(
                name="balance_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
            models.CheckConstraint(
                name="balance_within_known_years", condition=supported_years_condition("as_of")
            ),
            models.CheckConstraint(
                name="balance_commission_is_a_percentage",
                condition=Q(commission_percent__isnull=True)
                | Q(commission_percent__gte=0, commission_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return formats.money(self.amount, self.currency)

    @property
    def audit_target(self) -> str:
        """Name the balance in no language: amount and moment are put into words when shown."""
        amount = f"{plain(self.amount)} {self.currency}"
        return f"{self.payment_system} · {amount} · {self.as_of.isoformat()}"
