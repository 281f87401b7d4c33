"""Lists over HTTP, with the parameters of the lists on screen: the same FilterSets read them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django_filters import MultipleChoiceFilter

from paykassma_admin.api.pages import (
    PARAMETERS,
    Page,
    Paging,
    next_address,
    read_paging,
    read_response,
    take_page,
)
from paykassma_admin.api.problems import Problem, Refused
from paykassma_admin.lists.filters import ListFilterSet

type ReadRows = Callable[[Any], list[tuple[Any, ...]]]
type WriteRows = Callable[[list[tuple[Any, ...]]], list[dict[str, Any]]]

PROBLEMS = {(400, 401, 403, 413, 422, 429, 500, 503, 504): Problem}
OF_THE_SCREEN = {"page", "per_page"}


def answer_list(
    request: HttpRequest,
    filters: type[ListFilterSet],
    rows: Any,
    *,
    by: Callable[[ListFilterSet], str],
    read: ReadRows,
    write: WriteRows,
) -> HttpResponse:
    """Answer with a page of `rows` that meet the conditions of the address.

    `by` says what they are in the order of, `read` reads them, `write` makes objects of them.
    """
    paging = read_paging(request)
    found = valid_filters(filters, paging.conditions, rows, request)
    page = read_page(found, paging, by(found), read)
    following = next_address(request, found.query_of_all_pages, page.next)
    return read_response(request, {"rows": write(page.rows), "next": following})


def read_page(filters: ListFilterSet, paging: Paging, by: str, read: ReadRows) -> Page:
    """Read identifiers as the rows spell them where there are none as typed, as a page does."""
    page = take_page(filters.qs, by, paging, read)
    if not page.rows and filters.respell():
        page = take_page(filters.qs, by, paging, read)
    return page


def valid_filters[F: ListFilterSet](
    filters: type[F], conditions: QueryDict, rows: Any, request: HttpRequest
) -> F:
    """Return the filters, or raise Refused with the sentences of their form by parameter."""
    found = filters(conditions, queryset=rows, request=request)
    if found.is_valid():
        return found
    errors = {name: list(map(str, own)) for name, own in found.form.errors.items()}
    [(name, [sentence, *_more]), *_rest] = errors.items()
    is_of_all = name == "__all__"
    reason = sentence if is_of_all else f"{name}: {sentence}"
    raise Refused(422, reason, field=None if is_of_all else name, errors=errors)


def list_parameters(
    filters: type[ListFilterSet], *further: str, has_pages: bool = True
) -> dict[str, Any]:
    """Describe the parameters of a list."""
    own = [
        {"in": "query", "name": name, "schema": parameter_schema(each), "required": False}
        for name, each in filters.base_filters.items()
        if name not in OF_THE_SCREEN
    ]
    own += [
        {"in": "query", "name": name, "schema": {"type": "string"}, "required": False}
        for name in further
    ]
    return {"parameters": own + (PARAMETERS if has_pages else [])}


def parameter_schema(parameter: Any) -> dict[str, Any]:
    if isinstance(parameter, MultipleChoiceFilter):
        return {"type": "array", "items": {"type": "string"}}
    return {"type": "string"}
