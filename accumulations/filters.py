from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accumulations.models import AccumulationQuerySet
from accumulations.query import ACCUMULATION_FIELDS
from accumulations.totals import AccumulationTotals
from paykassma_admin.lists.fields import EXACT_TEXT_HELP, IdentifierFilter
from paykassma_admin.lists.filters import ListFilterSet, query_filter
from paykassma_admin.lists.period_filters import FilterForm


class AccumulationFilterSet(ListFilterSet):
    label = IdentifierFilter(label=_("Label"), help_text=EXACT_TEXT_HELP)
    number = IdentifierFilter(label=_("ID"), help_text=EXACT_TEXT_HELP)

    q = query_filter(ACCUMULATION_FIELDS)
    query_fields = ACCUMULATION_FIELDS
    form_fields = ("label", *ListFilterSet.form_fields)

    class Meta:
        form = FilterForm

    def compute_totals(self) -> AccumulationTotals:
        return AccumulationTotals.from_rows(self.qs)

    def filter_queryset(self, queryset: AccumulationQuerySet) -> AccumulationQuerySet:
        texts = {name: self.form.cleaned_data[name] for name in ("label", "number")}
        found = queryset.in_period(self.period).matching(**texts)
        return found.filter(*self.term_conditions(queryset)).newest_first()


def list_address(**texts: str) -> str:
    """Return the address of the list of all days, of a label or number."""
    query = urlencode({**texts, "date_from": "", "date_to": ""})
    return f"{reverse('accumulations:list')}?{query}"
