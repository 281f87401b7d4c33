from collections.abc import Iterable, Mapping
from html import escape

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paykassma_admin.lists.tables import AMOUNT, CellColumn, MomentColumn, PagedTable, TextColumn
from transactions import cells


class NumberColumn(CellColumn):
    def table_cells(self, table: PagedTable, language: str) -> Iterable[str]:
        query = escape(f"?{table.query}") if table.query else ""
        moved = getattr(table, "moved", {})
        return (
            cells.number(record, language, query) + cells.moved_tag(moved.get(record.pk, ""))
            for record in table.data
        )


class TransactionTable(PagedTable):
    has_row_pages = True
    moved: Mapping[int, str | Promise] = {}  # since its total was seen: the word, by key
    payment_system = CellColumn(_("Wallet type"), cells.payment_system)
    amount = CellColumn(_("Transaction amount"), cells.amount_after_type, css_class=AMOUNT)
    number = NumberColumn(_("Transaction number"), cells.number)
    counterparty = TextColumn(_("Counterparty"), "counterparty")
    logged_at = MomentColumn(_("Date"), "logged_at")
    label_and_order = CellColumn(_("Label / Order number"), cells.label_and_order)
    country = CellColumn(_("Country"), cells.country)
    status = CellColumn(_("Status"), cells.status)
