from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.base import AddOnly, BackOfficeAdmin, Bounded, BoundedInline, back_office
from wallets.forms import PaymentSystemForm, RateForm, ReportForm, WalletForm
from wallets.models import Balance, ExchangeRate, PaymentSystem, PaymentSystemStatus, Wallet


class StatusInline(AddOnly, BoundedInline, admin.TabularInline[PaymentSystemStatus, PaymentSystem]):
    """A status that transactions may have is never taken away from them."""

    model = PaymentSystemStatus
    owner = "payment_system"
    extra = 0


@admin.register(PaymentSystem, site=back_office)
class PaymentSystemAdmin(BackOfficeAdmin[PaymentSystem]):
    form = PaymentSystemForm
    list_display = ["code", "name", "currency", "country", "is_active"]
    search_fields = ["code", "name"]
    inlines = [StatusInline]

    def get_readonly_fields(
        self, request: HttpRequest, obj: PaymentSystem | None = None
    ) -> list[str]:
        """Programs ask by the code, so it stays."""
        return ["code"] if obj else []


@admin.register(Wallet, site=back_office)
class WalletAdmin(BackOfficeAdmin[Wallet]):
    form = WalletForm
    list_display = ["number", "name", "client", "payment_system", "currency", "is_active"]
    list_filter = ["client", "payment_system", "is_active"]
    list_select_related = ["client", "payment_system"]
    search_fields = ["number", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Wallet | None = None) -> list[str]:
        """Its transactions belong to the same two."""
        return ["client", "payment_system"] if obj else []


@admin.register(ExchangeRate, site=back_office)
class ExchangeRateAdmin(AddOnly, Bounded[ExchangeRate]):
    """A wrong rate is corrected by a newer record of its day."""

    form = RateForm
    fields = ["currency", "day", "usd_rate", "source", "accepts_jump"]
    list_display = [
        "currency",
        "day",
        "usd_rate",
        "source",
        "recorded_at",
    ]
    search_fields = ["currency__exact"]
    subtitle = _("The newest %(most)s; others by their currency")

    def get_fields(self, request: HttpRequest, obj: ExchangeRate | None = None) -> Any:
        """One that is there has been accepted."""
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "accepts_jump"] if obj else fields


@admin.register(Balance, site=back_office)
class BalanceAdmin(Bounded[Balance]):
    form = ReportForm
    list_display = [
        "client",
        "payment_system",
        "amount",
        "commission_percent",
        "as_of",
    ]
    list_filter = ["client", "payment_system"]
    list_select_related = ["client", "payment_system"]
