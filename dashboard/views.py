from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView

from dashboard.charts import (
    Drawn,
    chart_of,
    selection_of_days,
    selection_of_tab,
    totals_by_hour,
)
from dashboard.days import DayTable
from dashboard.filters import DashboardFilterSet
from dashboard.legend import legend_of
from dashboard.long_periods import is_long
from dashboard.summary import Summary, summary_of_today
from paykassma_admin.charts.chart import Chart, ChartView
from transactions.selection import Selection
from workspace.pages import ClientPageMixin


class DashboardView(ClientPageMixin, TemplateView):
    is_costly = staticmethod(is_long)
    template_name = "dashboard/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = DashboardFilterSet(self.request.GET, request=self.request)
        context = super().get_context_data(filter=chosen, refreshed_at=timezone.now(), **kwargs)
        if chosen.is_valid():
            context |= numbers_of(chosen)
        elif chosen.selection_of_today:
            context["today"] = summary_of_today(chosen.selection_of_today)
        return context | {"legend": legend_of(chosen, context.get("chart"))}


def numbers_of(chosen: DashboardFilterSet) -> dict[str, Any]:
    summary = Summary(chosen.selection, cast(Selection, chosen.selection_of_today))
    shown = selection_of_tab(chosen)
    hours = totals_by_hour(chosen, shown)
    # Pay-ins are drawn from the very totals of their card, but for what had arrived.
    of_card = not chosen.is_on("detail") and shown == summary.pay_ins.selection
    totals = hours or (summary.pay_ins.totals if of_card else shown.totals())
    chart = chart_of(chosen, shown, totals, by_hour=hours is not None)
    return {
        "summary": summary,
        "today": summary.of_today,
        "chart": chart,
        "days": DayTable(chart, selection_of_days(chosen, shown)),
        "is_empty": not totals.count,
    }


class DashboardChartView(ClientPageMixin, ChartView):
    """The JSON of the tab that the address shows; a wrong address gets its errors, and 400."""

    is_costly = staticmethod(is_long)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.chosen = DashboardFilterSet(request.GET, request=request)
        if not self.chosen.is_valid():
            return refusal(self.chosen)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def get_chart(self) -> Chart[Drawn]:
        shown = selection_of_tab(self.chosen)
        hours = totals_by_hour(self.chosen, shown)
        return chart_of(self.chosen, shown, hours or shown.totals(), by_hour=hours is not None)


def refusal(chosen: DashboardFilterSet) -> JsonResponse:
    errors = {name: list(sentences) for name, sentences in chosen.errors.items()}
    return JsonResponse({"errors": errors}, status=400)
