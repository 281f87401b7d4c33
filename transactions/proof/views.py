from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateView

from paykassma_admin.values.money import STORED_PLACES, USD, places
from transactions.filters import TransactionFilterSet
from transactions.models import Transaction
from transactions.proof.left_out import left_out_rows
from transactions.proof.lines import DayLine, Proof, Rest
from transactions.selection import Selection
from transactions.totals.result import Total, Totals
from transactions.views import TransactionListView
from workspace.lists import NO_PAGE
from workspace.pages import ClientRowsMixin

DAYS_ON_A_PAGE = 31


class ProofFilterSet(TransactionFilterSet):
    """The list's filters, without its form; pages are of days."""

    form_fields = ()

    def compute_totals(self) -> Totals:
        return self.selection.totals()


@dataclass(frozen=True)
class Section:
    """The proof of what came in, or of what went out: the two are never netted."""

    proof: Proof
    page: int
    usd = USD  # the heading of its column

    @property
    def places(self) -> int:
        """Return the least places of the last column, which the total is of."""
        currency = self.proof.totals.currency
        return STORED_PLACES if currency == USD else places(currency)

    @property
    def total(self) -> Total:
        return self.proof.totals.total()

    @property
    def last_page(self) -> int:
        return ceil(len(self.proof.lines) / DAYS_ON_A_PAGE)

    @cached_property
    def lines(self) -> list[DayLine]:
        return self.proof.page(self.page, DAYS_ON_A_PAGE)

    @property
    def rest(self) -> Rest | None:
        return self.proof.rest(self.lines)


class ProofView(ClientRowsMixin, TemplateView):
    """The answer to "Why this number?": conditions, period, what is left out, and every line."""

    model = Transaction
    template_name = "transactions/proof.html"
    is_costly = staticmethod(TransactionListView.is_costly)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move what parameters can say into them, as a list does: chips take those off."""
        filters = ProofFilterSet(request.GET, queryset=self.get_queryset(), request=request)
        if address := filters.moved_address:
            return redirect(address)
        return self.render_to_response(self.get_context_data(filter=filters, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = kwargs["filter"]
        more = proof_context(filters) if filters.is_valid() else {}
        return super().get_context_data(
            here=_("Why this number?"),
            refreshed_at=timezone.now(),
            **more,
            **kwargs,
        )


def proof_context(filters: ProofFilterSet) -> dict[str, Any]:
    totals = filters.totals
    if not isinstance(totals, Totals):  # more rows than are counted
        return {"totals": totals}
    selection, page = filters.selection, filters.page_number
    sections = [Section(each, page) for each in proofs(selection, totals)]
    last = max([1, *(section.last_page for section in sections)])
    if page > last:
        filters.form.add_error("page", NO_PAGE % {"page": page, "last": last})
    return {
        "totals": totals,
        "selection": selection,
        "sections": sections,
        "left_out": [*left_out_rows(selection)],
        "pages": range(1, last + 1),
    }


def proofs(selection: Selection, totals: Totals) -> list[Proof]:
    return [
        Proof(selection.replace(direction=direction), totals.select_direction(direction))
        for direction in totals.directions
    ]
