"""The base of lists: filters, a table of one page, and totals of all rows found."""

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from paykassma_admin.lists.filters import ListFilterSet
from paykassma_admin.lists.tables import PagedTable
from workspace.pages import ClientRowsMixin


class ClientListView(ClientRowsMixin, SingleTableMixin, FilterView):
    """A list with its filters in the address; invalid ones are named, and show no rows."""

    filterset: ListFilterSet
    export: str  # the name of its address
    nothing_found: str | Promise  # said where a list is empty
    found_exactly: str | Promise = ""  # and there, how the texts that it looks for are found

    def get_table(self, **kwargs: Any) -> PagedTable:
        shown = self.filterset
        table: PagedTable
        if not shown.is_valid():
            table = self.table_class([], **kwargs)
            return table
        table = self.table_class(shown.page_rows, **kwargs)
        table.query = self.request.GET.urlencode()
        table.show_page(shown.page_number, per_page=shown.page_size, count=shown.totals.count)
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"refreshed_at": timezone.now()}
