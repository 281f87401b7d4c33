from django.utils.translation import gettext_lazy as _

from paykassma_admin.lists.tables import MomentColumn, MoneyColumn, PagedTable, TextColumn


class AccumulationTable(PagedTable):
    number = TextColumn(_("ID"), "number")
    amount = MoneyColumn(_("Accumulated amount"), "amount")
    label = TextColumn(_("Label"), "label")
    formed_at = MomentColumn(_("Date formed"), "formed_at")
