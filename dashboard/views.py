from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.actors import actor_of
from accounts.http import ClientRequest
from audit.kinds import Kind
from audit.record import record_event
from dashboard.charts import (
    TransactionSeries,
    build_chart,
    day_selection,
    hourly_totals,
    tab_selection,
)
from dashboard.days import DayTable
from dashboard.files import chart_file
from dashboard.filters import DashboardFilterSet
from dashboard.legend import build_legend
from dashboard.long_periods import is_long
from dashboard.sparkline import pay_in_lines, withdrawals_line
from dashboard.summary import Summary, summary_of_today
from paykassma_admin.charts.chart import Chart, ChartView
from paykassma_admin.exports.csv import export_filename, refusal_page
from transactions.selection import Selection
from workspace.exports import audit_details, filter_errors
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
            context["withdrawals_line"] = withdrawals_line(today.week)
        return context | {"legend": build_legend(chosen, context.get("chart"))}


def dashboard_context(chosen: DashboardFilterSet) -> dict[str, Any]:
    summary = Summary(chosen.selection, cast(Selection, chosen.today_selection))
    selection = tab_selection(chosen)
    hours = hourly_totals(chosen, selection)
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


def find_chart(chosen: DashboardFilterSet) -> Chart[TransactionSeries]:
    selection = tab_selection(chosen)
    hours = hourly_totals(chosen, selection)
    return build_chart(chosen, selection, hours or selection.totals(), by_hour=hours is not None)


class DashboardFileView(ClientPageMixin):
    """The points of the chart as CSV; recorded as the export of a list is."""

    is_costly = staticmethod(is_long)
    filterset_class = DashboardFilterSet  # for the words of the audit log

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = DashboardFilterSet(request.GET, request=request)
        if reasons := filter_errors(chosen):
            return refusal_page(request, reasons, status=400, back=_("Back to the dashboard"))
        file = chart_file(find_chart(chosen))
        if request.method != "HEAD":
            self.record(chosen)
        name = export_filename("chart", self.client.slug, chosen.period)
        disposition = str(content_disposition_header(True, name))
        return HttpResponse(
            file,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )

    def record(self, chosen: DashboardFilterSet) -> None:
        record_event(
            Kind.EXPORT,
            by=actor_of(cast(ClientRequest, self.request)),
            client=self.client,
            target=self.request.path,
            details=audit_details(chosen),
        )


class DashboardChartView(ClientPageMixin, ChartView):
    is_costly = staticmethod(is_long)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.chosen = DashboardFilterSet(request.GET, request=request)
        if not self.chosen.is_valid():
            return filter_errors_response(self.chosen)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def get_chart(self) -> Chart[TransactionSeries]:
        return find_chart(self.chosen)


def filter_errors_response(chosen: DashboardFilterSet) -> JsonResponse:
    errors = {name: list(sentences) for name, sentences in chosen.errors.items()}
    return JsonResponse({"errors": errors}, status=400)
