from django.contrib import admin
from django.http import HttpRequest

from clients.back_office import AddOnly, Undeletable, back_office
from wallets.forms import ReportForm
from wallets.models import Balance, ExchangeRate, PaymentSystem, PaymentSystemStatus, Wallet


class StatusInline(AddOnly, admin.TabularInline[PaymentSystemStatus, PaymentSystem]):
    """A status that transactions may have is never taken away from them."""

    model = PaymentSystemStatus
    extra = 0


@admin.register(PaymentSystem, site=back_office)
class PaymentSystemAdmin(Undeletable, admin.ModelAdmin[PaymentSystem]):
    list_display = ["code", "name", "currency", "country", "is_active"]
    search_fields = ["code", "name"]
    inlines = [StatusInline]

    def get_readonly_fields(
        self, request: HttpRequest, obj: PaymentSystem | None = None
    ) -> list[str]:
        """Programs ask by the code, so it stays."""
        return ["code"] if obj else []


@admin.register(Wallet, site=back_office)
class WalletAdmin(Undeletable, admin.ModelAdmin[Wallet]):
    list_display = ["number", "name", "client", "payment_system", "currency", "is_active"]
    list_filter = ["client", "payment_system", "is_active"]
    list_select_related = ["client", "payment_system"]
    search_fields = ["number", "name"]
    autocomplete_fields = ["client", "payment_system"]

    def get_readonly_fields(self, request: HttpRequest, obj: Wallet | None = None) -> list[str]:
        """Its transactions belong to the same two."""
        return ["client", "payment_system"] if obj else []


@admin.register(ExchangeRate, site=back_office)
class ExchangeRateAdmin(AddOnly, admin.ModelAdmin[ExchangeRate]):
    """A wrong rate is corrected by a newer record of its day."""

    list_display = ["currency", "day", "usd_rate", "source", "recorded_at"]
    list_filter = ["currency"]
    date_hierarchy = "day"
    fields = ["currency", "day", "usd_rate", "source"]


@admin.register(Balance, site=back_office)
class BalanceAdmin(Undeletable, admin.ModelAdmin[Balance]):
    form = ReportForm
    list_display = ["client", "payment_system", "amount", "currency", "commission_percent", "as_of"]
    list_filter = ["client", "payment_system"]
    list_select_related = ["client", "payment_system"]
    autocomplete_fields = ["client", "payment_system"]
