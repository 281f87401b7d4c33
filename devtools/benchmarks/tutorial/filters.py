from django_filters import CharFilter, DateFilter, FilterSet

from transactions.models import Transaction


class TransactionFilterSet(FilterSet):
    date_from = DateFilter(field_name="logged_at", lookup_expr="date__gte")
    date_to = DateFilter(field_name="logged_at", lookup_expr="date__lte")
    counterparty = CharFilter(lookup_expr="icontains")

    class Meta:
        model = Transaction
        fields = (
            "payment_system",
            "wallet",
            "label",
            "order_number",
            "direction",
            "number",
            "type",
            "status",
            "country",
        )
