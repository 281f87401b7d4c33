from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accumulations.models import Accumulation
from clients.back_office import Ledger, amount_column, back_office, moment_column


@admin.register(Accumulation, site=back_office)
class AccumulationAdmin(Ledger[Accumulation]):
    list_display = [
        "number",
        "client",
        "wallet",
        "label",
        amount_column(_("amount")),
        moment_column("formed_at", _("formed at")),
    ]
    of_a_client = ["-formed_at", "-id"]
