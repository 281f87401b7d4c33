from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView

from dashboard.charts import (
    TransactionSeries,
    build_chart,
    day_selection,
    tab_selection,
    totals_by_hour,
)
from dashboard.days import DayTable
from dashboard.filters import DashboardFilterSet
from dashboard.legend import build_legend
from dashboard.long_periods import is_long
from dashboard.sparkline import pay_in_lines, withdrawals_line
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
            context |= dashboard_context(chosen)
        elif chosen.today_selection:
            context["today"] = summary_of_today(chosen.today_selection)
        if today := context.get("today"):
            context["withdrawals_line"] = withdrawals_line(today.withdrawals)
        return context | {"legend": build_legend(chosen, context.get("chart"))}


def dashboard_context(chosen: DashboardFilterSet) -> dict[str, Any]:
    summary = Summary(chosen.selection, cast(Selection, chosen.today_selection))
    selection = tab_selection(chosen)
    hours = totals_by_hour(chosen, selection)
    # The card of pay-ins has their totals already, but not the amounts of arrival.
    has_card = not chosen.is_on("detail") and selection == summary.pay_ins.selection
    totals = hours or (summary.pay_ins.totals if has_card else selection.totals())
    chart = build_chart(chosen, selection, totals, by_hour=hours is not None)
    return {
        "summary": summary,
        "today": summary.today,
        "lines": pay_in_lines(chosen, summary, (chart.axis, hours) if has_card and hours else None),
        "chart": chart,
        "days": DayTable(chart, day_selection(chosen, selection)),
        "is_empty": not totals.count,
    }


class DashboardChartView(ClientPageMixin, ChartView):
    is_costly = staticmethod(is_long)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.chosen = DashboardFilterSet(request.GET, request=request)
        if not self.chosen.is_valid():
            return error_response(self.chosen)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def get_chart(self) -> Chart[TransactionSeries]:
        selection = tab_selection(self.chosen)
        hours = totals_by_hour(self.chosen, selection)
        return build_chart(
            self.chosen, selection, hours or selection.totals(), by_hour=hours is not None
        )


def error_response(chosen: DashboardFilterSet) -> JsonResponse:
    errors = {name: list(sentences) for name, sentences in chosen.errors.items()}
    return JsonResponse({"errors": errors}, status=400)
