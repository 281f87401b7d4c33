from django_tables2 import Table

from transactions.models import Transaction


class TransactionTable(Table):
    class Meta:
        model = Transaction
        template_name = "django_tables2/bootstrap5.html"
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
