from django.db.models import F

from accumulations.filters import AccumulationFilterSet
from accumulations.models import Accumulation
from paykassma_admin.exports.csv import CsvColumns, IsoMoment
from paykassma_admin.exports.formulas import EscapedFormula
from workspace.exports import ClientExportView

COLUMNS: CsvColumns = {
    "number": EscapedFormula("number"),
    "payment_system": EscapedFormula("wallet__payment_system__code"),
    "wallet": EscapedFormula("wallet__number"),
    "amount": F("amount"),
    "currency": F("currency"),
    "formed_at": IsoMoment("formed_at"),
    "label": EscapedFormula("label"),
}


class AccumulationExportView(ClientExportView):
    model = Accumulation
    filterset_class = AccumulationFilterSet
    columns = COLUMNS
    kind = "accumulations"
