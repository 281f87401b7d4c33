"""Lists of ever-growing tables, which are never read whole; docs/adr/0014."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy

from backoffice.base import BackOfficeAdmin, ReadOnly
from paykassma_admin.values import identifiers


class NewestPaginator[M: Model](Paginator[M]):
    """Pages of the newest rows: counting all of them would read the whole table."""

    MAX_ROWS = 1000

    @cached_property
    def count(self) -> int:
        return min(self.found_count, self.MAX_ROWS)

    @cached_property
    def found_count(self) -> int:
        """Return the number of rows up to one that no page shows."""
        rows = cast(QuerySet[M], self.object_list)
        return rows[: self.MAX_ROWS + 1].count()


class NewestList(ChangeList):
    """Ignore `?o=3`, which stock admin obeys even where `sortable_by` is empty."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        self.params.pop(ORDER_VAR, None)
        return super().get_ordering(request, queryset)

    @property
    def newest(self) -> int:
        """Return how many rows are shown of more; 0 where all are."""
        pages = cast(NewestPaginator[Any], self.paginator)
        return pages.count if pages.found_count > pages.count else 0

    def get_results(self, request: HttpRequest) -> None:
        """Leave the number beside the search away unless it counts all that was searched for."""
        super().get_results(request)
        if self.newest or not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count
        if self.newest:
            self.result_list = self.result_list[: self.newest]  # stock admin slices no only page


class Bounded[M: Model](BackOfficeAdmin[M]):
    """A list of an ever-growing table: its newest rows, in the order of an index."""

    sortable_by = ()
    ordering = ["-id"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = NewestPaginator
    subtitle: str | Promise = gettext_lazy("The latest %(most)s")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Say that only the newest rows are listed, if there are more."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {})
        if "cl" in shown and shown["cl"].newest:
            shown["subtitle"] = str(self.subtitle) % {"most": shown["cl"].newest}
        return response

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow one value of each filter: two Clients are an OR, which no index sorts."""
        return lookup in self.lookups() and len(request.GET.getlist(lookup)) == 1

    def lookups(self) -> Iterator[str]:
        for field in map(self.opts.get_field, cast(list[str], self.list_filter)):
            yield f"{field.name}__id__exact" if field.is_relation else f"{field.name}__exact"
            if field.null:
                yield f"{field.name}__isnull"


class NewestFirst[M: Model](ReadOnly, Bounded[M]):
    pass


class LedgerList(NewestList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        super().get_ordering(request, queryset)
        return self.newest_first

    @property
    def newest_first(self) -> list[str]:
        return cast(Ledger[Any], self.model_admin).client_ordering

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        rows = super().get_queryset(request, *args, **kwargs)
        is_narrowed = any(used.used_parameters for used in self.filter_specs)
        if is_narrowed or self.query:
            return rows
        return rows.filter(pk__in=newest_of_all(self.model, *self.newest_first))


NEWEST_OF_ALL = """
    select newest.id from (
        select row.id, row.at from clients_client client cross join lateral (
            select id, {at} as at from {table} where client_id = client.id
            order by {at} desc, id desc limit %(most)s
        ) row
        order by row.at desc, row.id desc limit %(most)s
    ) newest
"""


def newest_of_all(model: type[Model], newest_first: str, *_by_id: str) -> RawSQL:
    """Return the newest rows of each Client, and of those the newest: no index sorts all."""
    at, table = newest_first.removeprefix("-"), model._meta.db_table
    query = NEWEST_OF_ALL.format(at=at, table=table) % {"most": NewestPaginator.MAX_ROWS + 1}
    return RawSQL(query, [])  # noqa: S611  # of names that stand in the code


class Ledger[M: Model](NewestFirst[M]):
    """Rows of all Clients or one by date; any row by its number."""

    list_filter = ["client"]
    list_select_related = ["client", "wallet"]
    search_fields = ["number__exact"]
    subtitle = gettext_lazy("The latest %(most)s; search for any other by its number")
    client_ordering: list[str]  # the order that the index of a Client's list has

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LedgerList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Search for the whole number, not for each word as stock admin does."""
        number = identifiers.trim(search_term)
        sought = identifiers.case_variants(identifiers.spellings(number))
        return (queryset.filter(number__in=sought) if number else queryset), False
