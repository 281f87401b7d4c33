from django.contrib import admin

from accumulations.models import Accumulation
from backoffice.bounded import Ledger
from backoffice.site import back_office


@admin.register(Accumulation, site=back_office)
class AccumulationAdmin(Ledger[Accumulation]):
    list_display = [
        "number",
        "client",
        "wallet",
        "label",
        "amount",
        "formed_at",
    ]
    client_ordering = ["-formed_at", "-id"]
