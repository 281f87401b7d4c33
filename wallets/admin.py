import json

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import override

from backoffice.base import AddOnly, BackOfficeAdmin, BoundedInline
from backoffice.bounded import Bounded
from backoffice.site import back_office
from wallets.forms import PaymentSystemForm, ReportedBalanceForm, WalletForm
from wallets.models import Balance, BalanceSource, PaymentSystem, PaymentSystemStatus, Wallet
from wallets.statuses import Status
from wallets.upstream.forms import BalanceSourceForm


class StatusInline(AddOnly, BoundedInline, admin.TabularInline[PaymentSystemStatus, PaymentSystem]):
    """Statuses may be added only: transactions may have them."""

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
        """Keep the code, by which programs ask."""
        return ["code"] if obj else []

    def translate_history(self, message: str) -> str:
        """Name added statuses in the reader's language: stock admin stores their English."""
        return translate_added_statuses(message)


def translate_added_statuses(message: str) -> str:
    if not message.startswith("["):
        return message
    with override(None):
        in_english = {str(status.label): status for status in Status}
    parts = json.loads(message)
    for part in parts:
        added = part.get("added") or {}
        if added.get("object") in in_english:
            added["object"] = str(in_english[added["object"]].label)
    return json.dumps(parts)


@admin.register(Wallet, site=back_office)
class WalletAdmin(BackOfficeAdmin[Wallet]):
    form = WalletForm
    list_display = ["number", "name", "client", "payment_system", "currency", "is_active"]
    list_filter = ["client", "payment_system", "is_active"]
    list_select_related = ["client", "payment_system"]
    search_fields = ["number", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Wallet | None = None) -> list[str]:
        """Keep the Client and payment system, which its transactions share."""
        return ["client", "payment_system"] if obj else []


@admin.register(Balance, site=back_office)
class BalanceAdmin(Bounded[Balance]):
    form = ReportedBalanceForm
    list_display = [
        "client",
        "payment_system",
        "amount",
        "commission_percent",
        "as_of",
    ]
    list_filter = ["client", "payment_system"]
    list_select_related = ["client", "payment_system"]


@admin.register(BalanceSource, site=back_office)
class BalanceSourceAdmin(BackOfficeAdmin[BalanceSource]):
    form = BalanceSourceForm
    list_display = ["client", "payment_system", "kind", "url", "currency"]
    list_filter = ["client", "payment_system", "kind"]
    list_select_related = ["client", "payment_system"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: BalanceSource | None = None
    ) -> list[str]:
        """Keep the Client and payment system, whose history it has."""
        return ["client", "payment_system"] if obj else []
