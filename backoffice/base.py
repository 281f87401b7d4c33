from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import BadRequest, ValidationError
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.http import TenantRequest
from accounts.sign_in.unsent_forms import UnsentForm, pop_fields
from audit.kinds import Kind
from audit.record import record_event
from backoffice.figures import format_computed, format_figures
from backoffice.log import (
    add_values,
    affected_client,
    change_details,
    history_in_words,
    log_target,
    own_parts,
    saved_rows,
    stored_values,
    translate_message,
)
from paykassma_admin.values import identifiers


class Undeletable:
    """Rows of money, and what they refer to, are switched off instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AddOnly(Undeletable):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(AddOnly):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class BoundedInline(InlineModelAdmin[Any, Any]):
    """A bound on rows: a form may claim any number, and Django would render a thousand."""

    MORE = 20
    owner: str  # the field that names it

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        rows = self.get_queryset(request).filter(**{self.owner: obj}).count() if obj else 0
        kwargs["absolute_max"] = kwargs["max_num"] = rows + self.MORE
        return super().get_formset(request, obj, **kwargs)


class RecordedFormSet:
    """A formset that records its rows by itself, by events of their own."""


class BackOfficeAdmin[M: Model](Undeletable, admin.ModelAdmin[M]):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Replace stock admin's title, which declines no name in Russian."""
        title = {"title": capfirst(self.opts.verbose_name_plural), "subtitle": ""}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return format_figures(self.model, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        """Format figures of rows that are only read; in forms they are typed."""
        fields = super().get_fields(request, obj)
        is_form = obj is None or self.has_change_permission(request, obj)
        if is_form:
            return fields
        return format_computed(self, format_figures(self.model, fields))

    def restorable_fields(self, request: HttpRequest) -> frozenset[str]:
        match = request.resolver_match
        is_form = match is not None and (match.url_name or "").endswith(("_add", "_change"))
        names = request.POST if is_form and "CHANGE_FORM-action" not in request.POST else {}
        return frozenset(
            name for name in names if not name.startswith(("_", "csrf")) and "password" not in name
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form again after a concurrent save of the same: it says what is taken.

        A form whose session had ended is shown as it was sent, and not saved.
        """
        if fields := pop_fields(request):
            request.method, request.POST = "POST", QueryDict(urlencode(fields, doseq=True))
            cast(Any, request).is_restored = True
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (IntegrityError, ValidationError):
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm[M]]:
        form = super().get_form(request, *args, **kwargs)
        if not getattr(request, "is_restored", False):
            return form
        metaclass: Any = type(form)
        return cast(type[ModelForm[M]], metaclass(form.__name__, (UnsentForm, form), {}))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> M | None:
        """Accept an empty `_to_field=`, on which stock admin fails; remember the row's values."""
        found = super().get_object(request, object_id, from_field or None)
        if found is not None and request.method == "POST":
            cast(Any, found).values_before = stored_values(found)
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        return super().get_search_results(request, queryset, identifiers.trim(search_term))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        field, *rest = lookup.split("__")
        conditions: list[list[str]] = [[], ["exact"], ["id", "exact"], ["isnull"]]
        return field in self.list_filter and rest in conditions

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse impossible ids before stock admin queries them."""
        try:
            for ticked in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(ticked)
        except ValidationError as error:
            raise BadRequest("No such row can be") from error
        return super().response_action(request, *args, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Record each row of an inline by itself: one event has no room for all."""
        for gone in formset.deleted_forms:
            if gone.instance.pk is not None:
                gone.instance.refresh_from_db()  # a role may be sent along with the tick
        super().save_formset(request, form, formset, change)
        if isinstance(formset, RecordedFormSet):
            return
        for kind, row, fields in saved_rows(formset):
            self.record(kind, request, row, [{"changed": {"fields": fields}}])

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:
        self.record(Kind.ADDED, request, obj, own_parts(message))
        return super().log_addition(request, obj, translate_message(message))

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:
        if not message:  # a form that is saved as it was changes nothing
            cast(Any, request).is_unchanged = True
            return None
        own = own_parts(message)
        if own:
            self.record(Kind.CHANGED, request, obj, own)
        written = add_values(translate_message(message), change_details(own, obj))
        return super().log_change(request, obj, written)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[M]) -> Any:
        for each in queryset:
            self.record(Kind.DELETED, request, each, [])
        return super().log_deletions(request, queryset)

    def message_user(
        self,
        request: HttpRequest,
        message: Any,
        level: int | str = messages.INFO,
        *args: Any,
        **more: Any,
    ) -> None:
        """Replace stock admin's "changed successfully" where the form was sent as it was."""
        if level == messages.SUCCESS and getattr(request, "is_unchanged", False):
            message, level = _("Nothing was changed: the form was sent as it was."), messages.INFO
        super().message_user(request, message, level, *args, **more)

    def finish_action(
        self, request: HttpRequest, kind: Kind, changed: Sequence[M], chosen: QuerySet[M]
    ) -> None:
        """Write what an action did into the history of each row, and say for how many it did."""
        LogEntry.objects.log_actions(cast(int, request.user.pk), changed, CHANGE, kind.value)
        counts = {"done": len(changed), "chosen": chosen.count()}
        self.message_user(request, _("Done for %(done)s of %(chosen)s chosen.") % counts)

    def translate_history(self, message: str) -> str:
        """Return stock admin's message with what else it holds in the reader's language."""
        return message

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Put into words what `log_change` and `finish_action` have written, beside stock admin."""
        response = super().history_view(request, object_id, extra_context)
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            if entry.change_message in Kind.values:
                entry.change_message = Kind(entry.change_message).label
            else:
                entry.change_message = self.translate_history(entry.change_message)
                entry.change_message = history_in_words(entry)
        return response

    def record(self, kind: Kind, request: HttpRequest, changed: Model, message: Any) -> None:
        target, details = log_target(changed), change_details(message, changed)
        by = actor_of(cast(TenantRequest, request))
        record_event(kind, by=by, client=affected_client(changed), target=target, details=details)
