from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from backoffice.base import AddOnly, ReadOnly
from backoffice.bounded import Bounded, Ledger
from backoffice.site import back_office
from paykassma_admin import formats
from transactions.imports.fill_rates import FilledRate, fill_rate
from transactions.models import Change, Transaction
from wallets.forms import RateForm
from wallets.models import ExchangeRate


class ChangeInline(ReadOnly, admin.TabularInline[Change, Transaction]):
    model = Change
    extra = 0
    raw_id_fields = ["source"]
    fields = ["moment", "what", "was", "became", "who"]
    readonly_fields = ["moment", "what", "was", "became", "who"]

    @admin.display(description=pgettext_lazy("change", "at"))
    def moment(self, change: Change) -> str:
        return formats.moment(change.at)

    @admin.display(description=pgettext_lazy("change", "what"))
    def what(self, change: Change) -> str:
        return change.get_field_display()

    @admin.display(description=pgettext_lazy("change", "was"))
    def was(self, change: Change) -> str:
        return change.before_label

    @admin.display(description=pgettext_lazy("change", "became"))
    def became(self, change: Change) -> str:
        return change.after_label

    @admin.display(description=pgettext_lazy("change", "by"))
    def who(self, change: Change) -> str:
        return change.actor


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
    subtitle = gettext_lazy("The newest %(most)s; others by their currency")

    def get_fields(self, request: HttpRequest, obj: ExchangeRate | None = None) -> Any:
        """One that is there has been accepted."""
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "accepts_jump"] if obj else fields

    def response_add(
        self, request: HttpRequest, obj: ExchangeRate, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Fill what had no rate, and tell so after what was added."""
        response = super().response_add(request, obj, post_url_continue)
        tell_filled_rates(request, fill_rate(obj.currency, obj.day))
        return response


def tell_filled_rates(request: HttpRequest, filled: FilledRate) -> None:
    if filled.rows:
        words = ngettext(
            "It has become the rate of %(shown)s transaction that had none.",
            "It has become the rate of %(shown)s transactions that had none.",
            filled.rows,
        )
        messages.info(request, words % {"shown": formats.number(filled.rows)})
    if not filled.is_all:
        rest = _("Other transactions may still wait for it, an hour at most.")
        messages.warning(request, rest)


@admin.register(Transaction, site=back_office)
class TransactionAdmin(Ledger[Transaction]):
    list_display = [
        "number",
        "client",
        "wallet",
        "direction",
        "amount",
        "type",
        "status",
        "logged_at",
    ]
    client_ordering = ["-logged_at", "-id"]
    inlines = [ChangeInline]
