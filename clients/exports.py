"""The one shape of every export: the rows of a list, all pages of them, as a file."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from clients.mixins import ClientPageMixin
from paykassma_admin.exports import CsvColumns, CsvResponse, named, refused
from paykassma_admin.filters import ListFilterSet


class ClientExportView(ClientPageMixin):
    """The list's address, but for its pages. What cannot be whole is refused."""

    model: type[Model]
    filterset_class: type[ListFilterSet]
    columns: CsvColumns
    kind: str  # in the file's name

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if request.META["SERVER_PROTOCOL"] == "HTTP/1.0":
            reason = _("Over HTTP/1.0 nobody could tell a broken file from a whole one.")
            return refused(request, [reason], status=505)
        filterset = self.filterset()
        if reasons := reasons_of(filterset):
            return refused(request, reasons, status=400)
        return CsvResponse(
            filterset.qs,
            self.columns,
            client_id=self.client.pk,
            zone=self.client.zone,
            filename=named(self.kind, self.client.slug, filterset.period),
        )

    def filterset(self) -> ListFilterSet:
        conditions = self.request.GET.copy()
        for name in self.filterset_class.not_conditions:
            conditions.pop(name, None)
        rows: Any = self.model._default_manager.all()
        return self.filterset_class(conditions, queryset=rows, request=self.request)


def reasons_of(filterset: ListFilterSet) -> list[str]:
    """What is wrong with its filters; the form's own word, since a file has no pages."""
    return [
        f"{filterset.form[name].label}: {error}"
        for name, errors in filterset.form.errors.items()
        for error in errors
    ]
