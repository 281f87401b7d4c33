"""The back office at /admin/: stock Django admin, for administrators only."""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from accounts.actors import actor_of
from accounts.http import TenantRequest
from accounts.models import Membership, User
from accounts.sign_in.hashing import prepared_hashes
from accounts.sign_in.unsent_forms import UnsentForm, pop_fields
from audit.kinds import Kind
from audit.record import record_event
from clients.models import Client
from paykassma_admin import __version__, formats
from paykassma_admin.values import identifiers
from workspace.audit_log.words import BEFORE_AFTER, field_names

# Django's own, of which it has no Russian yet.
gettext_noop("- Select an option -")
gettext_noop("Change history: %s")
NEW_PASSWORDS = ("password", "password1")  # fields of forms that make users


class BackOffice(AdminSite):
    site_title = site_header = gettext_lazy("Paykassma: back office, all times in UTC")
    site_url = None

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"version": __version__}

    def has_permission(self, request: HttpRequest) -> bool:
        """Keep members out: the back office reads all users, outside row-level security."""
        is_member = cast(TenantRequest, request).membership is not None
        return not is_member and super().has_permission(request)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]  # it never renders a page
        """Redirect to the sign-in page, or refuse: who is signed in here is no administrator."""
        require_back_office()
        if request.user.is_authenticated:
            raise PermissionDenied(_("The back office is for administrators."))
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]  # it never renders a page
        return redirect("change_password")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(reject_nul(hash_passwords_first(view)), cacheable)


def require_back_office() -> None:
    if not settings.IS_BACK_OFFICE_SERVED:
        raise Http404  # without DATABASE_BACKOFFICE_URL


def reject_nul(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse NUL bytes, on which stock admin's queries would fail."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_back_office()
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A NUL byte in the address")
        return view(request, *args, **kwargs)

    return wrapper


def hash_passwords_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hash new passwords before stock admin opens a block of its own around the form."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        new = {request.POST.get(name, "") for name in NEW_PASSWORDS}
        with prepared_hashes(*new):
            return view(request, *args, **kwargs)

    return wrapper


back_office = BackOffice(name="admin")
back_office.empty_value_display = formats.DASH


class Undeletable:
    """Rows of money, and what they refer to, are switched off instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# Figures as everywhere else; what stock admin writes has all places of the column.
FIGURES: dict[str, Callable[[Any], str]] = {
    "amount": lambda row: formats.money(row.amount, row.currency),
    "amount_usd": lambda row: formats.money(row.amount_usd, "USD"),
    "commission_percent": lambda row: formats.percent(row.commission_percent),
    "usd_rate": lambda row: formats.rate(row.usd_rate),
}


def format_figures(model: type[Model], names: Sequence[Any]) -> list[Any]:
    return [figure_column(model, name) if name in FIGURES else name for name in names]


def figure_column(model: type[Model], name: str) -> Callable[[Any], str]:
    @admin.display(description=model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
    def figure(row: Any) -> str:
        return FIGURES[name](row)

    figure.__name__ = name  # its class in the page
    return figure


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
        return fields if is_form else format_figures(self.model, fields)

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
        """Accept an empty `_to_field=`, on which stock admin fails; remember the row's name."""
        found = super().get_object(request, object_id, from_field or None)
        if found is not None:
            cast(Any, found).target_before = log_target(found)
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
        if own := own_parts(message):
            self.record(Kind.CHANGED, request, obj, own)
        return super().log_change(request, obj, translate_message(message))

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

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Put into words what `finish_action` has written; stock admin does so with its own."""
        response = super().history_view(request, object_id, extra_context)
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            if entry.change_message in Kind.values:
                entry.change_message = Kind(entry.change_message).label
        return response

    def record(self, kind: Kind, request: HttpRequest, changed: Model, message: Any) -> None:
        target, details = log_target(changed), change_details(message)
        loaded = getattr(changed, "target_before", target)
        if loaded != target:
            details[BEFORE_AFTER] = " → ".join(each.partition(" ")[2] for each in (loaded, target))
        by = actor_of(cast(TenantRequest, request))
        record_event(kind, by=by, client=affected_client(changed), target=target, details=details)


def log_target(row: Model) -> str:
    """Return "user alice", in one language, whichever the administrator reads."""
    with override("en"):
        return f"{row._meta.model_name} {getattr(row, 'audit_target', row)}"


def own_parts(message: Any) -> list[dict[str, Any]]:
    """Leave out of stock admin's message the rows of inlines, which have events of their own."""
    return [part for part in message if not any("name" in what for what in part.values())]


def saved_rows(formset: Any) -> Iterator[tuple[Kind, Model, list[str]]]:
    for row in formset.new_objects:
        yield Kind.ADDED, row, []
    for row, changed in formset.changed_objects:
        yield Kind.CHANGED, row, [formset.forms[0].fields[name].label for name in changed]
    for row in formset.deleted_objects:
        yield Kind.DELETED, row, []


def translate_message(message: Any) -> Any:
    if not isinstance(message, list):
        return message
    return [{verb: translate_fields(what) for verb, what in part.items()} for part in message]


def translate_fields(what: dict[str, Any]) -> dict[str, Any]:
    if "fields" not in what:
        return what
    names = field_names()
    with override(None):
        return what | {"fields": [str(names.get(each, each)) for each in what["fields"]]}


def affected_client(changed: Model) -> Client | None:
    if isinstance(changed, Client):
        return changed
    if isinstance(changed, User):
        changed = (
            Membership.unscoped.select_related("client").filter(user=changed).first() or changed
        )
    return getattr(changed, "client", None)


def change_details(message: Any) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for part in message if isinstance(message, list) else []:
        for verb, what in part.items():
            said.setdefault(verb, []).extend(what.get("fields", []))
    return {verb: ", ".join(map(str, names)) for verb, names in said.items() if names}


class NewestPaginator[M: Model](Paginator[M]):
    """Pages of the newest rows: counting all of them would read the whole table."""

    MAX_ROWS = 1000

    @cached_property
    def count(self) -> int:
        return min(self.found, self.MAX_ROWS)

    @cached_property
    def found(self) -> int:
        """Return the number of rows up to one that no page shows."""
        rows = cast(QuerySet[M], self.object_list)
        return rows[: self.MAX_ROWS + 1].count()


class NewestList(ChangeList):
    """Ignore `?o=3`, which stock admin obeys even where `sortable_by` is empty."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        self.params.pop(ORDER_VAR, None)
        return super().get_ordering(request, queryset)

    @property
    def newest(self) -> int:
        """Return how many rows are shown of more; 0 where all are."""
        pages = cast(NewestPaginator[Any], self.paginator)
        return pages.count if pages.found > pages.count else 0

    def get_results(self, request: HttpRequest) -> None:
        """Leave the number beside the search away where it counts only the newest rows."""
        super().get_results(request)
        if self.newest:
            self.full_result_count = self.result_count
            self.result_list = self.result_list[: self.newest]  # stock admin slices no only page


class Bounded[M: Model](BackOfficeAdmin[M]):
    """A list of an ever-growing table: its newest rows, in the order of an index."""

    sortable_by = ()
    ordering = ["-id"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = NewestPaginator
    subtitle: str | Promise = gettext_lazy("The latest %(most)s")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Say that these are the newest only where there are others."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {})
        if "cl" in shown and shown["cl"].newest:
            shown["subtitle"] = str(self.subtitle) % {"most": shown["cl"].newest}
        return response

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow one value of each filter: two Clients are an OR, which no index sorts."""
        return lookup in self.lookups() and len(request.GET.getlist(lookup)) == 1

    def lookups(self) -> Iterator[str]:
        for field in map(self.opts.get_field, cast(list[str], self.list_filter)):
            yield f"{field.name}__id__exact" if field.is_relation else f"{field.name}__exact"
            if field.null:
                yield f"{field.name}__isnull"


class NewestFirst[M: Model](ReadOnly, Bounded[M]):
    pass


class LedgerList(NewestList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        super().get_ordering(request, queryset)
        return self.newest_first

    @property
    def newest_first(self) -> list[str]:
        return cast(Ledger[Any], self.model_admin).client_ordering

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        rows = super().get_queryset(request, *args, **kwargs)
        is_narrowed = any(used.used_parameters for used in self.filter_specs)
        if is_narrowed or self.query:
            return rows
        return rows.filter(pk__in=newest_of_all(self.model, *self.newest_first))


NEWEST_OF_ALL = """
    select newest.id from (
        select row.id, row.at from clients_client client cross join lateral (
            select id, {at} as at from {table} where client_id = client.id
            order by {at} desc, id desc limit %(most)s
        ) row
        order by row.at desc, row.id desc limit %(most)s
    ) newest
"""


def newest_of_all(model: type[Model], newest_first: str, *_by_id: str) -> RawSQL:
    """Return the newest rows of each Client, and of those the newest: no index sorts all."""
    at, table = newest_first.removeprefix("-"), model._meta.db_table
    query = NEWEST_OF_ALL.format(at=at, table=table) % {"most": NewestPaginator.MAX_ROWS + 1}
    return RawSQL(query, [])  # noqa: S611  # of names that stand in the code


class Ledger[M: Model](NewestFirst[M]):
    """Rows of all Clients or one by date; any row by its number."""

    list_filter = ["client"]
    list_select_related = ["client", "wallet"]
    search_fields = ["number__exact"]
    subtitle = gettext_lazy("The latest %(most)s; search for any other by its number")
    client_ordering: list[str]  # the order that the index of a Client's list has

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LedgerList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Search for the whole number, not for each word as stock admin does."""
        number = identifiers.trim(search_term)
        sought = identifiers.case_variants(identifiers.spellings(number))
        return (queryset.filter(number__in=sought) if number else queryset), False
