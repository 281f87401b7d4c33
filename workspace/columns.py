"""Which columns of a list its user has chosen, and in which order.

Registered as a template builtin in the settings.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django import template
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from accounts.http import TenantRequest
from accounts.models import User
from accounts.preferences import referring_page
from paykassma_admin.appearance import REFRESH_INTERVALS, Density
from paykassma_admin.figures import current_language
from paykassma_admin.lists.tables import PagedTable
from workspace.pages import ClientPageMixin

register = template.Library()


class ColumnChoice(NamedTuple):
    name: str
    title: str | Promise
    is_shown: bool


def show_as_chosen(table: PagedTable, request: Any) -> None:
    table.is_dense = request.user.density != Density.ROOMY
    table.column_names = stored_columns(request.user, list_name(request), table)


def display_choices(request: Any, table: type[PagedTable]) -> dict[str, object]:
    return {
        "columns": tuple(column_choices(request.user, list_name(request), table)),
        "densities": Density.choices,
        "intervals": REFRESH_INTERVALS,
    }


def list_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def stored_columns(user: User, name: str, table: PagedTable | type[PagedTable]) -> list[str]:
    """Return the names that the table still has, none where nothing was chosen."""
    return [each for each in user.list_columns.get(name, ()) if each in table.base_columns]


def column_choices(user: User, name: str, table: type[PagedTable]) -> Iterator[ColumnChoice]:
    """Yield all columns, those that are shown first and in their order."""
    shown = stored_columns(user, name, table) or [*table.base_columns]
    for each in dict.fromkeys([*shown, *table.base_columns]):
        yield ColumnChoice(each, table.base_columns[each].verbose_name, each in shown)


@register.filter
def column_fields(columns: tuple[ColumnChoice, ...]) -> SafeString:
    return cached_column_fields(columns, current_language())


@lru_cache(maxsize=256)  # orders of columns, in each language
def cached_column_fields(columns: tuple[ColumnChoice, ...], _language: str) -> SafeString:
    """Cache what no Client's data are in: its twenty sentences take a tenth of a page."""
    return render_to_string("includes/column_fields.html", {"columns": columns})


class ColumnsView(ClientPageMixin):
    """Keeps what the form of a list's columns says: those ticked, and the one to be moved."""

    def post(self, request: TenantRequest) -> HttpResponse:
        name = request.POST.get("list", "")
        chosen = self.chosen_names(list_table(name))
        user = cast(User, request.user)
        User.objects.filter(pk=user.pk).update(list_columns={**user.list_columns, name: chosen})
        return HttpResponseRedirect(referring_page(request))

    def chosen_names(self, table: type[PagedTable]) -> list[str]:
        """Return none, which stands for all, where no column or "reset" was chosen."""
        said = self.request.POST
        names = [name for name in said.getlist("order") if name in table.base_columns]
        if "reset" in said or len(set(names)) != len(names):
            return []
        move(names, said.get("up", ""), -1)
        move(names, said.get("down", ""), 1)
        return [name for name in names if name in said.getlist("column")]


def move(names: list[str], name: str, by: int) -> None:
    if name in names:
        place = names.index(name)
        names.insert(max(0, place + by), names.pop(place))


def list_table(name: str) -> type[PagedTable]:
    """Return the table of a list by the name of its address. Raise BadRequest."""
    try:
        view = resolve(reverse(name)).func
    except NoReverseMatch:
        raise BadRequest("No such list") from None
    table: type[PagedTable] | None = getattr(getattr(view, "view_class", None), "table_class", None)
    if table is None:
        raise BadRequest("No such list")
    return table
