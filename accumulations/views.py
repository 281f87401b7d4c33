from django.utils.translation import gettext_lazy as _

from accumulations.filters import AccumulationFilterSet
from accumulations.models import Accumulation
from accumulations.tables import AccumulationTable
from workspace.lists import ClientListView


class AccumulationListView(ClientListView):
    model = Accumulation
    filterset_class = AccumulationFilterSet
    table_class = AccumulationTable
    template_name = "accumulations/accumulation_list.html"
    export = "accumulations:export"
    nothing_found = _("There are no accumulations like that on these days.")
    found_exactly = _(
        "Labels are found by the whole of them, as they are written; by their beginning with “*”,"
        " as in “abc*”."
    )
