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
    export_json_lines = "accumulations:export_json_lines"
    nothing_found = _("No accumulations match on the chosen days.")
    found_exactly = _(
        "Labels are matched whole, as they are written. End with “*” to match their beginning, as"
        " in “abc*”; “\\*” asks for the star itself."
    )
