import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from paykassma_admin.formats import country_name
from paykassma_admin.tables import MomentColumn, MoneyColumn, PagedTable
from transactions.models import Transaction


class TransactionTable(PagedTable):
    payment_system = tables.Column(_("Wallet type"))
    amount = MoneyColumn(_("Transaction amount"))
    number = tables.Column(_("Transaction number"))
    counterparty = tables.Column(_("Counterparty"))
    logged_at = MomentColumn(_("Date"))
    label = tables.Column(_("Label / Order number"), empty_values=())
    country = tables.Column(_("Country"))
    status = tables.Column(_("Status"))

    class Meta(PagedTable.Meta):
        model = Transaction
        fields = (
            "payment_system",
            "amount",
            "number",
            "counterparty",
            "logged_at",
            "label",
            "country",
            "status",
        )

    def render_amount(self, record: Transaction) -> SafeString:
        return render_to_string("transactions/includes/amount.html", {"transaction": record})

    def render_number(self, record: Transaction) -> SafeString:
        return render_to_string("transactions/includes/number.html", {"transaction": record})

    def render_label(self, record: Transaction) -> SafeString:
        return render_to_string("transactions/includes/label.html", {"transaction": record})

    def render_country(self, value: str) -> str:
        return country_name(value)

    def render_status(self, record: Transaction) -> SafeString:
        return render_to_string("transactions/includes/status.html", {"transaction": record})
