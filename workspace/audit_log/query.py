"""The fields of a query for the audit log."""

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from paykassma_admin.lists.query.days import DayField
from paykassma_admin.lists.query.fields import ChoiceField, TextField
from paykassma_admin.lists.query.query import QueryFields

AUDIT_FIELDS = QueryFields(
    ChoiceField(
        name="action",
        names=pgettext_lazy("query field", "act"),
        label=pgettext_lazy("an act", "Action"),
        parameter="kind",
        column="kind",
    ),
    TextField(
        name="actor",
        names=pgettext_lazy("query field", "who"),
        label=pgettext_lazy("an act", "Actor"),
        parameter="actor",
        match=lambda _rows, actor: Q(actor=actor),
    ),
    ChoiceField(
        name="result",
        names=pgettext_lazy("query field", "outcome"),
        label=pgettext_lazy("an act", "Result"),
        parameter="result",
        column="result",
    ),
    DayField(
        name="at",
        names=pgettext_lazy("query field", "date day"),
        label=pgettext_lazy("an act", "Time"),
        column="at",
        bounds=("date_from", "date_to"),
    ),
    example=pgettext_lazy("query", "result:refused -actor:alice at:7d"),
)
