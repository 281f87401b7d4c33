"""Pages, columns and table bodies that lists share.

django-tables2 knows the columns, their order and their names. Its own rendering takes a
millisecond a row; these cells take a thirtieth of that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from html import escape
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, Self

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from paykassma_admin.figures import current_language
from paykassma_admin.formats import DASH, amount_html, moment, moments

PAGE_SIZES = (25, 50, 100)
AMOUNT = "pk-amount"  # the class of a column that can be added up

type Cell = Callable[[Any, str], str]  # of a record, in a language: HTML, everything escaped


class CountedPaginator(Paginator[Any]):
    """A paginator of one page's rows; the count of all rows is known from the totals."""

    def __init__(self, rows: Any, per_page: int, *, count: int, **kwargs: Any) -> None:
        super().__init__(rows, per_page, **kwargs)
        self.known_count = count

    @cached_property
    def count(self) -> int:
        return self.known_count

    def page(self, number: int | str) -> Page[Any]:
        return Page(self.object_list, self.validate_number(number), self)


class CellColumn(tables.Column):
    """A column; `has_label` repeats its heading in rows that narrow screens show as cards."""

    def __init__(
        self, verbose_name: Any, cell: Cell, *, css_class: str = "", has_label: bool = False
    ) -> None:
        super().__init__(verbose_name)
        self.cell = cell
        self.css_class = css_class
        self.has_label = has_label

    def cells(self, records: Iterable[Any], language: str) -> Iterable[str]:
        return (self.cell(record, language) for record in records)

    def table_cells(self, table: "PagedTable", language: str) -> Iterable[str]:
        return self.cells(table.data, language)

    def __deepcopy__(self, memo: object) -> Self:
        """Share the column among all tables, which set nothing in it."""
        return self


class TextColumn(CellColumn):
    def __init__(self, verbose_name: Any, field: str, *, has_label: bool = False) -> None:
        super().__init__(
            verbose_name,
            lambda record, _language: titled_text(getattr(record, field)),
            has_label=has_label,
        )


class MoneyColumn(CellColumn):
    def __init__(self, verbose_name: Any, field: str) -> None:
        super().__init__(
            verbose_name,
            lambda record, language: amount_html(getattr(record, field), record.currency, language),
            css_class=AMOUNT,
        )


class MomentColumn(CellColumn):
    def __init__(self, verbose_name: Any, field: str) -> None:
        self.at = attrgetter(field)
        super().__init__(
            verbose_name, lambda record, _language: moment(self.at(record)), css_class="pk-moment"
        )

    def cells(self, records: Iterable[Any], language: str) -> Iterable[str]:
        return moments(map(self.at, records))


def text(value: object) -> str:
    return escape(str(value or DASH))


LONG = 16  # letters: a narrow column may end in dots after so many


def titled_text(value: object) -> str:
    """Return a text with a title of the whole, as its column may cut it."""
    shown = text(value)
    return shown if len(shown) <= LONG else f'<span title="{shown}">{shown}</span>'


class Sorting(NamedTuple):
    """The address of a column's head, and how its rows are sorted: "" where by another column."""

    address: str
    direction: str


class PagedTable(tables.Table):
    class Meta:
        orderable = False

    page_sizes = PAGE_SIZES
    is_dense = False
    has_row_pages = False
    sortings: Mapping[str, Sorting] = MappingProxyType({})
    column_names: Sequence[str] = ()  # those that are shown, in their order; none for all
    query = ""  # of the list's address: it stands in those of its rows, too, to come back to

    def show_page(self, page: int, *, per_page: int, count: int) -> None:
        """Set which page of `count` rows this is. Raise django.core.paginator.InvalidPage."""
        self.paginate(CountedPaginator, per_page=per_page, page=page, count=count)

    @property
    def page_numbers(self) -> list[int | str]:
        page = self.page
        return [*page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)]

    @property
    def head(self) -> SafeString:
        if not self.sortings:
            return head_html(self.shown_columns, current_language())
        return SafeString("".join(map(self.column_head, *zip(*self.shown_columns, strict=True))))

    def column_head(self, name: str, column: CellColumn) -> str:
        return heading(name, column, self.sortings.get(name))

    @property
    def shown_columns(self) -> tuple[tuple[str, CellColumn], ...]:
        names = self.column_names or self.base_columns
        return tuple((name, self.base_columns[name]) for name in names)

    @property
    def copies_numbers(self) -> bool:
        """Return whether rows have a number to copy; its column may be hidden."""
        return "number" in dict(self.shown_columns)

    @property
    def adds_up(self) -> bool:
        return any(column.css_class == AMOUNT for _name, column in self.shown_columns)

    @property
    def opens_rows(self) -> bool:
        return self.has_row_pages and self.copies_numbers  # the number is the link

    @property
    def body(self) -> SafeString:
        language = current_language()
        columns = [
            [f"{opened}{cell}</td>" for cell in column.table_cells(self, language)]
            for opened, column in self.column_tags()
        ]
        rows = map("".join, zip(*columns, strict=True))
        return SafeString("".join([f"<tr>{row}</tr>" for row in rows]))

    def column_tags(self) -> Iterator[tuple[str, CellColumn]]:
        for name, column in self.shown_columns:
            yield f"<td{cell_attributes(name, column)}{label_attribute(column)}>", column


@cache
def head_html(columns: tuple[tuple[str, CellColumn], ...], _language: str) -> SafeString:
    """Cache headings by language: they are translated when they are rendered."""
    return SafeString("".join(heading(name, column) for name, column in columns))


def heading(name: str, column: CellColumn, sorting: Sorting | None = None) -> str:
    title, opened = escape(str(column.header)), f'<th scope="col"{cell_attributes(name, column)}'
    if sorting is None:
        return f"{opened}>{title}</th>"
    sorted_by = f' aria-sort="{sorting.direction}"' if sorting.direction else ""
    link = f'<a href="{escape(sorting.address)}" id="sort-{name}">{title}</a>'
    return f"{opened}{sorted_by}>{link}</th>"


def label_attribute(column: CellColumn) -> str:
    return f' data-label="{escape(str(column.header))}"' if column.has_label else ""


def cell_attributes(name: str, column: CellColumn) -> str:
    css_class = f' class="{column.css_class}"' if column.css_class else ""
    return f' data-pk-column="{name}"{css_class}'
