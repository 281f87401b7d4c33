from django.contrib import admin

from clients.back_office import ReadOnly, back_office
from transactions.models import Change, Transaction


class ChangeInline(ReadOnly, admin.TabularInline[Change, Transaction]):
    model = Change
    extra = 0
    fields = ["at", "field", "before", "after", "actor"]


@admin.register(Transaction, site=back_office)
class TransactionAdmin(ReadOnly, admin.ModelAdmin[Transaction]):
    """Looked up by number. In the order of recording: no index has all Clients' rows by date."""

    list_display = [
        "number",
        "client",
        "wallet",
        "amount",
        "currency",
        "type",
        "status",
        "logged_at",
    ]
    list_filter = ["client"]
    list_select_related = ["client", "wallet"]
    search_fields = ["number__exact"]
    ordering = ["-id"]
    show_full_result_count = False
    inlines = [ChangeInline]
