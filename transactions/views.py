from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from paykassma_admin import formats
from paykassma_admin.lists.counting import MAX_COUNTED_ROWS, RowCount
from paykassma_admin.values import identifiers
from transactions.filters import TOO_MANY_TO_SORT, TransactionFilterSet
from transactions.models import Transaction
from transactions.proof.comparison import Comparison, OtherDays, compare
from transactions.proof.moved import moved_rows
from transactions.proof.seen import (
    PARAMETER,
    read_seen,
    relative_address,
    select_seen_days,
    total_address,
)
from transactions.query.sorting import BY_AMOUNT
from transactions.rows import TransactionRow, transaction_rows
from transactions.selection import CONDITIONS
from transactions.tables import TransactionTable
from transactions.totals.result import Totals
from workspace.lists import ClientListView

# Conditions without totals; not those that leave few rows to be read, of a number or a day.
COSTLY_FILTERS = {c.parameter for c in CONDITIONS.values() if not c.has_totals}
COSTLY_FILTERS -= {"transaction_id", "until"}
COSTLY_FILTERS |= {"q"}


class TransactionListView(ClientListView):
    model = Transaction
    filterset_class = TransactionFilterSet
    table_class = TransactionTable
    template_name = "transactions/transaction_list.html"
    export = "transactions:export"
    export_json_lines = "transactions:export_json_lines"
    nothing_found = _("No transactions match on the chosen days.")
    found_exactly = _(
        "Labels, order numbers and transaction IDs are matched whole, as they are written. End"
        " with “*” to match their beginning, as in “abc*”; “\\*” asks for the star itself."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Compare the total with the number that led here, if an address says what it was."""
        filters, totals, table = (kwargs[name] for name in ("filter", "totals", "table"))
        if isinstance(totals, Totals) and filters.is_valid():
            kwargs |= self.links(filters, totals)
            kwargs["comparison"] = found = self.compare(filters, totals)
            if isinstance(found, Comparison) and not found.is_equal:
                ids = [row.pk for row in table.data]
                table.moved = moved_rows(self.client, ids, found.seen.at)
        return super().get_context_data(**kwargs)

    def links(self, filters: TransactionFilterSet, totals: Totals) -> dict[str, Any]:
        """Return addresses that remember the total: of these dates, and by their period's name."""
        selection, quick = filters.selection, filters.shown_quick_period
        link = total_address(selection, totals)
        if quick is None or selection.until:
            return {"link": link}
        relative = relative_address(link, selection, quick.name)
        return {"link": link, "relative_link": relative, "period": quick.label}

    def compare(
        self, filters: TransactionFilterSet, totals: Totals
    ) -> Comparison | OtherDays | None:
        text, selection = self.request.GET.get(PARAMETER, ""), filters.selection
        if seen := read_seen(text, selection):
            return compare(seen, totals, selection)
        named = filters.named_period
        then = select_seen_days(text, selection, named.name) if named else None
        seen = read_seen(text, then) if then else None
        return OtherDays(seen, then) if seen and then else None

    def has_page(self, filters: TransactionFilterSet, totals: RowCount) -> bool:
        return self.is_sortable(filters, totals) and super().has_page(filters, totals)

    def is_sortable(self, filters: TransactionFilterSet, totals: RowCount) -> bool:
        """Return whether the rows are few enough for their order; add an error if not."""
        is_counted = totals.is_exact and totals.count <= MAX_COUNTED_ROWS
        if is_counted or filters.selection.sort not in BY_AMOUNT:
            return True
        most = {"most": formats.number(MAX_COUNTED_ROWS)}
        filters.form.add_error("sort", TOO_MANY_TO_SORT % most)
        return False

    @staticmethod
    def is_costly(request: HttpRequest) -> bool:
        number = request.GET.get("transaction_id", "").strip()
        is_sorted = request.GET.get("sort") in BY_AMOUNT
        return (
            is_sorted
            or identifiers.is_prefix(number)
            or any(request.GET.get(name) for name in COSTLY_FILTERS)
        )

    def page_rows(
        self, filters: TransactionFilterSet, totals: RowCount, offset: int, size: int
    ) -> list[TransactionRow]:
        rows, skipped = filters.qs, 0
        if isinstance(totals, Totals):  # otherwise there are more rows than were counted
            rows, skipped = filters.selection.seek_rows(offset, totals)
        return transaction_rows(rows[offset - skipped :][:size])
