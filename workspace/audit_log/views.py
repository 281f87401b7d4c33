from html import escape

from django import forms
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import Filter

from accounts.roles import MAY_READ_THE_AUDIT_LOG
from audit.kinds import Kind, Result
from audit.models import ACTOR_LENGTH, AuditEvent, AuditEventQuerySet
from paykassma_admin.exports.csv import CsvColumns, IsoMoment
from paykassma_admin.exports.formulas import EscapedFormula
from paykassma_admin.lists.counting import ExactCount, bounded_count
from paykassma_admin.lists.fields import ChoiceFilter, SharedFieldMixin
from paykassma_admin.lists.filters import ListFilterSet, query_filter
from paykassma_admin.lists.period_filters import FilterForm
from paykassma_admin.lists.tables import CellColumn, MomentColumn, PagedTable, TextColumn, text
from workspace.audit_log.query import AUDIT_FIELDS
from workspace.audit_log.words import details_in_words, target_in_words
from workspace.exports import ClientExportView
from workspace.lists import ClientListView


class ActorFilter(SharedFieldMixin, Filter):
    field_class = forms.CharField


class AuditFilterSet(ListFilterSet):
    kind = ChoiceFilter(label=pgettext_lazy("an act", "Action"), choices=Kind.choices)
    actor = ActorFilter(
        label=pgettext_lazy("an act", "Actor"),
        max_length=ACTOR_LENGTH,
        help_text=_("The full login, key or command, as in the log."),
    )
    result = ChoiceFilter(label=pgettext_lazy("an act", "Result"), choices=Result.choices)

    q = query_filter(AUDIT_FIELDS)
    query_fields = AUDIT_FIELDS
    form_fields = ("kind", "actor", "result", *ListFilterSet.form_fields)

    class Meta:
        form = FilterForm

    def compute_totals(self) -> ExactCount:
        return bounded_count(self.qs)

    def filter_queryset(self, queryset: AuditEventQuerySet) -> AuditEventQuerySet:
        asked = {name: self.form.cleaned_data[name] for name in ("kind", "actor", "result")}
        return (
            queryset.for_period(self.period)
            .filter(*self.term_conditions(queryset), **{n: v for n, v in asked.items() if v})
            .newest_first()
        )


def actor(event: AuditEvent) -> str:
    kind = escape(event.get_actor_kind_display())
    return f'{text(event.actor)}<div class="pk-help">{kind}</div>'


class AuditTable(PagedTable):
    at = MomentColumn(pgettext_lazy("an act", "Time"), "at")
    actor = CellColumn(pgettext_lazy("an act", "Actor"), lambda event, _language: actor(event))
    kind = CellColumn(
        pgettext_lazy("an act", "Action"), lambda event, _language: escape(event.get_kind_display())
    )
    result = CellColumn(
        pgettext_lazy("an act", "Result"),
        lambda event, _language: escape(event.get_result_display()),
    )
    target = CellColumn(
        pgettext_lazy("an act", "Target"),
        lambda event, _language: text(target_in_words(event)),
        has_label=True,
    )
    address = TextColumn(_("IP address"), "address", has_label=True)
    details = CellColumn(
        _("Details"), lambda event, _language: text(details_in_words(event)), has_label=True
    )


class AuditListView(ClientListView):
    model = AuditEvent
    filterset_class = AuditFilterSet
    table_class = AuditTable
    template_name = "workspace/audit_list.html"
    export = "audit_export"
    nothing_found = _("No events match these filters on the chosen days.")
    roles = MAY_READ_THE_AUDIT_LOG


COLUMNS: CsvColumns = {
    "at": IsoMoment("at"),
    "actor": EscapedFormula("actor"),
    "actor_kind": F("actor_kind"),
    "kind": F("kind"),
    "result": F("result"),
    "target": EscapedFormula("target"),
    "address": F("address"),
    "details": Cast("details", TextField()),  # JSON, which begins with a brace
}


class AuditExportView(ClientExportView):
    model = AuditEvent
    filterset_class = AuditFilterSet
    columns = COLUMNS
    kind = "audit"
    roles = MAY_READ_THE_AUDIT_LOG
