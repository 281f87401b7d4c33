"""Accumulations as a file: the columns that an import reads."""

from django.db.models import F

from accumulations.filters import AccumulationFilterSet
from accumulations.models import Accumulation
from clients.exports import ClientExportView
from paykassma_admin.exports import CsvColumns, IsoMoment
from paykassma_admin.formulas import Defused

COLUMNS: CsvColumns = {
    "number": Defused("number"),
    "payment_system": Defused("wallet__payment_system__code"),
    "wallet": Defused("wallet__number"),
    "amount": F("amount"),
    "currency": F("currency"),
    "formed_at": IsoMoment("formed_at"),
    "label": Defused("label"),
}


class AccumulationExportView(ClientExportView):
    model = Accumulation
    filterset_class = AccumulationFilterSet
    columns = COLUMNS
    kind = "accumulations"
