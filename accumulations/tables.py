import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from accumulations.models import Accumulation
from paykassma_admin.tables import MomentColumn, MoneyColumn, PagedTable


class AccumulationTable(PagedTable):
    number = tables.Column(_("ID"))
    amount = MoneyColumn(_("Accumulated amount"))
    label = tables.Column(_("Label"))
    formed_at = MomentColumn(_("Date formed"))

    class Meta(PagedTable.Meta):
        model = Accumulation
        fields = ("number", "amount", "label", "formed_at")
