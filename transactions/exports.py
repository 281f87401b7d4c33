"""Export of transactions: the columns of an import, then the others that a list shows."""

from django.db.models import F

from paykassma_admin.exports.csv import CsvColumns, IsoMoment
from paykassma_admin.exports.formulas import EscapedFormula
from transactions.filters import TransactionFilterSet
from transactions.models import Transaction
from workspace.exports import ClientExportView

# The others hold only what the database has a form for: no text of a payer's.
COLUMNS: CsvColumns = {
    "number": EscapedFormula("number"),
    "payment_system": EscapedFormula("payment_system__code"),
    "wallet": EscapedFormula("wallet__number"),
    "direction": F("direction"),
    "type": F("type"),
    "status": F("status"),
    "amount": F("amount"),
    "currency": F("currency"),
    "country": F("country"),
    "label": EscapedFormula("label"),
    "order_number": EscapedFormula("order_number"),
    "counterparty": EscapedFormula("counterparty"),
    "logged_at": IsoMoment("logged_at"),
    "activated_at": IsoMoment("activated_at"),
    "usd_rate": F("usd_rate"),
    "amount_usd": F("amount_usd"),
    "payment_system_name": EscapedFormula("payment_system__name"),
}


class TransactionExportView(ClientExportView):
    model = Transaction
    filterset_class = TransactionFilterSet
    columns = COLUMNS
    kind = "transactions"
