from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.views.generic import TemplateView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from devtools.benchmarks.tutorial.filters import TransactionFilterSet
from devtools.benchmarks.tutorial.tables import TransactionTable
from transactions.models import Transaction, TransactionQuerySet
from workspace.pages import ClientPageMixin

SUMMED = {"count": Count("id"), "sum": Sum("amount_usd")}


class TransactionListView(ClientPageMixin, SingleTableMixin, FilterView):
    table_class = TransactionTable
    filterset_class = TransactionFilterSet
    paginate_by = 25
    template_name = "tutorial/list.html"

    def get_queryset(self) -> TransactionQuerySet:
        return Transaction.objects.for_client(self.client).order_by("-logged_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"total": self.object_list.order_by().aggregate(**SUMMED)}


class DashboardView(ClientPageMixin, TemplateView):
    template_name = "tutorial/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Transaction.objects.for_client(self.client)
        found = TransactionFilterSet(self.request.GET, queryset=own).qs
        activated = found.filter(status="activated")
        pay_ins = activated.filter(direction="incoming", type__in=["real", "forced"])
        cards = [
            pay_ins.aggregate(**SUMMED),
            activated.filter(type="withdrawal").aggregate(**SUMMED),
            activated.filter(type="fake").aggregate(**SUMMED),
        ]
        days = pay_ins.annotate(day=TruncDate("logged_at")).order_by("day")
        by_system = days.values("day", "payment_system__name").annotate(**SUMMED)
        return super().get_context_data(cards=cards, days=by_system, **kwargs)
