from django.contrib import admin

from accumulations.models import Accumulation, AccumulationEntry
from clients.back_office import ReadOnly, back_office


class EntryInline(ReadOnly, admin.TabularInline[AccumulationEntry, Accumulation]):
    model = AccumulationEntry
    extra = 0
    fields = ["transaction"]


@admin.register(Accumulation, site=back_office)
class AccumulationAdmin(ReadOnly, admin.ModelAdmin[Accumulation]):
    list_display = ["number", "client", "wallet", "label", "amount", "currency", "formed_at"]
    list_filter = ["client"]
    list_select_related = ["client", "wallet"]
    search_fields = ["number__exact", "label__exact"]
    ordering = ["-id"]
    show_full_result_count = False
    inlines = [EntryInline]
