from django.contrib import admin
from django.utils.translation import pgettext_lazy

from backoffice.base import Ledger, ReadOnly, back_office
from paykassma_admin import formats
from transactions.models import Change, Transaction


class ChangeInline(ReadOnly, admin.TabularInline[Change, Transaction]):
    model = Change
    extra = 0
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


@admin.register(Transaction, site=back_office)
class TransactionAdmin(Ledger[Transaction]):
    list_display = [
        "number",
        "client",
        "wallet",
        "amount",
        "type",
        "status",
        "logged_at",
    ]
    client_ordering = ["-logged_at", "-id"]
    inlines = [ChangeInline]
