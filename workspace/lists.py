from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from paykassma_admin.lists.counting import RowCount
from paykassma_admin.lists.filters import ListFilterSet
from paykassma_admin.lists.tables import PagedTable
from workspace.columns import display_choices, show_as_chosen
from workspace.pages import ClientRowsMixin

NO_PAGE = _("There is no page %(page)s; the last is %(last)s.")
NO_PAGE_SO_FAR = _(
    "There is no page %(page)s, though there are more rows: pages end at %(last)s."
    " Choose fewer days, or narrow the search."
)


class ClientListView(ClientRowsMixin, TemplateResponseMixin, ContextMixin):
    """A list whose filters are the address. A wrong address gets its errors, and no rows."""

    filterset_class: type[Any]
    table_class: type[PagedTable]
    export: str  # the name of its address
    export_json_lines = ""
    nothing_found: str | Promise  # said where a list is empty
    found_exactly: str | Promise = ""  # and there, how the texts that it looks for are found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        if address := filters.moved_address:
            return redirect(address)
        totals = filters.totals if filters.is_valid() else None
        table = self.table_class([])
        if totals and self.has_page(filters, totals):
            table = self.table_of_page(filters, totals)
        context = self.get_context_data(
            filter=filters,
            totals=totals,
            table=table,
            refreshed_at=timezone.now(),
            **display_choices(self.request, self.table_class),
        )
        return self.render_to_response(context)

    def has_page(self, filters: ListFilterSet, totals: RowCount) -> bool:
        """Return whether there is such a page; add an error to its field if not."""
        page, last = filters.page_number, max(1, ceil(totals.count / filters.page_size))
        if page <= last:
            return True
        sentence = NO_PAGE if totals.is_exact else NO_PAGE_SO_FAR
        filters.form.add_error("page", sentence % {"page": page, "last": last})
        return False

    def table_of_page(self, filters: ListFilterSet, totals: RowCount) -> PagedTable:
        page, size = filters.page_number, filters.page_size
        rows = self.page_rows(filters, totals, (page - 1) * size, size) if totals.count else []
        table = self.table_class(rows)
        table.sortings = filters.sortings
        show_as_chosen(table, self.request)
        table.query = self.request.GET.urlencode()
        table.show_page(page, per_page=size, count=totals.count)
        return table

    def page_rows(self, filters: Any, totals: RowCount, offset: int, size: int) -> list[Any]:
        return list(filters.qs[offset : offset + size])
