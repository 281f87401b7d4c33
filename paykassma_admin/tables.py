"""What the tables of two lists or more share: pages and columns."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.core.paginator import Page, Paginator

from paykassma_admin.formats import moment, money

PAGE_SIZES = (25, 50, 100)


class CountedPaginator(Paginator[Any]):
    """Pages of rows whose number is known already, from the totals: it is not counted again.

    `skipped` rows are not among `rows`, but are counted: they come before them.
    """

    def __init__(
        self, rows: Any, per_page: int, *, count: int, skipped: int, **kwargs: Any
    ) -> None:
        super().__init__(rows, per_page, **kwargs)
        self.known_count = count
        self.skipped = skipped

    @cached_property
    def count(self) -> int:
        return self.known_count

    def page(self, number: int | str) -> Page[Any]:
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page - self.skipped
        return Page(self.object_list[first : first + self.per_page], valid, self)


class PagedTable(tables.Table):
    """Rows in the order that they come in; a dash where a cell has nothing."""

    class Meta:
        orderable = False
        default = "—"

    def show_page(self, page: int, *, per_page: int, count: int, skipped: int) -> None:
        """Show one page of `count` rows, of which the table has not the first `skipped`.

        Raises django.core.paginator.InvalidPage.
        """
        self.paginate(CountedPaginator, per_page=per_page, page=page, count=count, skipped=skipped)

    @property
    def page_links(self) -> list[int | None]:
        """Numbers of the pages to offer; None where some are left out."""
        elided = self.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [number if isinstance(number, int) else None for number in elided]


class MoneyColumn(tables.Column):
    """An amount with the currency of its row."""

    def __init__(self, verbose_name: Any) -> None:
        attrs = {"td": {"class": "pk-amount"}, "th": {"class": "pk-amount"}}
        super().__init__(verbose_name, attrs=attrs)

    def render(self, value: Decimal, record: Any) -> str:
        return money(value, record.currency)


class MomentColumn(tables.Column):
    def __init__(self, verbose_name: Any) -> None:
        super().__init__(verbose_name, attrs={"td": {"class": "pk-moment"}})

    def render(self, value: datetime) -> str:
        return moment(value)
