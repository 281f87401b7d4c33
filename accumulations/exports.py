"""Export of accumulations, with the columns of an import."""

from django.db.models import F

from accumulations.filters import AccumulationFilterSet
from accumulations.models import Accumulation
from paykassma_admin.exports.csv import CsvColumns, IsoMoment
from paykassma_admin.exports.formulas import Defused
from workspace.exports import ClientExportView

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
