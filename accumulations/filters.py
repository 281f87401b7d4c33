from django.utils.translation import gettext_lazy as _

from accumulations.models import AccumulationQuerySet
from accumulations.totals import AccumulationTotals
from paykassma_admin.lists.fields import EXACT_TEXT_HELP, IdentifierFilter
from paykassma_admin.lists.filters import FilterForm, ListFilterSet


class AccumulationFilterSet(ListFilterSet):
    label = IdentifierFilter(label=_("Label"), help_text=EXACT_TEXT_HELP)

    form_fields = ("label", *ListFilterSet.form_fields)

    class Meta:
        form = FilterForm

    def compute_totals(self) -> AccumulationTotals:
        return AccumulationTotals.from_rows(self.qs)

    def filter_queryset(self, queryset: AccumulationQuerySet) -> AccumulationQuerySet:
        return (
            queryset.in_period(self.period)
            .matching(label=self.form.cleaned_data["label"])
            .newest_first()
        )
