from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.http import ClientRequest
from audit.kinds import Kind, Result
from audit.record import record_event
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.exports.csv import (
    CSV,
    CsvColumns,
    ExportResponse,
    FileFormat,
    TooManyExports,
    export_filename,
    refusal_page,
)
from paykassma_admin.lists.chips import value_text
from paykassma_admin.lists.filters import ListFilterSet
from paykassma_admin.lists.period_filters import EMPTY, PeriodFilterSet
from paykassma_admin.lists.query.query import PARAMETER
from workspace.audit_log.words import OMITTED
from workspace.pages import ClientRowsMixin


class ClientExportView(ClientRowsMixin):
    """The file at a list's filters, without its pages. It is refused unless it can be whole."""

    filterset_class: type[ListFilterSet]
    columns: CsvColumns
    kind: str  # in the file's name
    file_format: FileFormat = CSV
    request: ClientRequest

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if request.META["SERVER_PROTOCOL"] == "HTTP/1.0":
            reason = _("Over HTTP/1.0 an incomplete file cannot be told from a complete one.")
            return refusal_page(request, [reason], status=505)
        filterset = self.filterset()
        if reasons := filter_errors(filterset):
            return refusal_page(request, reasons, status=400)
        filterset.respell()
        record = self.recorder(filterset)
        if request.method != "HEAD":  # to which no row is sent
            record()
        return RecordedExport(
            filterset.qs,
            self.columns,
            client_id=self.client.pk,
            member=self.request.user.pk,
            zone=self.client.zone,
            filename=export_filename(
                self.kind, self.client.slug, filterset.period, self.file_format.ending
            ),
            file_format=self.file_format,
            record=record,
        )

    def filterset(self) -> ListFilterSet:
        arranged, _mistakes = self.filterset_class.arrange(self.request.GET, self.request)
        conditions = (arranged or self.request.GET).copy()
        for name in self.filterset_class.not_conditions:
            conditions.pop(name, None)
        rows = self.get_queryset()
        return self.filterset_class(conditions, queryset=rows, request=self.request)

    def recorder(self, filterset: ListFilterSet) -> Callable[..., None]:
        return partial(
            record_event,
            Kind.EXPORT,
            by=actor_of(self.request),
            client=self.client,
            target=self.request.path,
            details=audit_details(filterset),
        )


class RecordedExport(ExportResponse):
    """A file whose event is committed before its first byte; a failed begin has a second."""

    def __init__(self, *args: Any, record: Callable[..., None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.client_id: int = kwargs["client_id"]

    def begin(self) -> None:
        try:
            super().begin()
        except TooManyExports:
            with tenant(self.client_id):
                self.record(result=Result.REFUSED)
            raise


def audit_details(filterset: PeriodFilterSet) -> dict[str, str]:
    """Return the filters by name, without what may be a payer's name."""
    return {
        name: audit_detail(filterset, name, value)
        for name, value in filterset.form.cleaned_data.items()
        if value not in EMPTY
    }


def audit_detail(filterset: PeriodFilterSet, name: str, value: object) -> str:
    if name in filterset.unlogged:
        return OMITTED
    if name == PARAMETER and isinstance(filterset, ListFilterSet):
        return filterset.query_fields.print_without(str(value), filterset.unlogged, OMITTED)
    if name in filterset.logged_by_name:
        return value_text(filterset.form[name], filterset)
    return plain_text(value)


def plain_text(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def filter_errors(filterset: PeriodFilterSet) -> list[str]:
    """Return the form's own errors, since a file has no page for them."""
    form = filterset.form
    return [
        f"{form[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
