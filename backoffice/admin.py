from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from allauth.core import context
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import ActionLocation
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import impersonation
from accounts.actions import create_client, revoke_api_keys
from accounts.actors import actor_of
from accounts.http import TenantRequest
from accounts.mfa import second_factor
from accounts.models import ApiKey, ApiKeyQuerySet, FailedSignIns, User
from accounts.reauthentication.mixins import ReauthenticatedForms, reauthentication_required
from accounts.sessions import end_sessions
from accounts.sign_in.forms import ClientForm, RegistrationForm
from accounts.sign_in.lockout import PAUSE, has_reached_limit, lock_condition, remove_locks
from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import record_event
from backoffice.base import BackOfficeAdmin, ReadOnly
from backoffice.bounded import NewestFirst
from backoffice.log import affected_client
from backoffice.membership_inlines import MembershipInline, UserMembershipInline
from backoffice.site import back_office
from clients.models import Client
from paykassma_admin import formats
from workspace.audit_log.words import details_in_words, target_in_words

SHOWN_LOCKS = 5  # in a sentence


class IssuedPasswordForm(AdminPasswordChangeForm[User]):
    """A password known to the administrator, which its user has to change first."""

    # Django's own speaks of Single Sign-On and LDAP, which are not here; its script shows the list.
    usable_password_help_text = cast(
        str,
        format_lazy(
            '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
            _("Whether the user can sign in with a password."),
            _("If disabled, the user’s current password is lost."),
        ),
    )

    def save(self, commit: bool = True) -> User:
        """Save these columns alone: a concurrent change of others stays."""
        self.user.must_change_password, self.user.is_demo = True, False
        super().save(commit=False)
        self.user.save(update_fields=["password", "must_change_password", "is_demo"])
        end_sessions(self.user)
        record_account_change(self.user, Kind.PASSWORD_CHANGED, context.request)
        user: User = self.user
        return user


def record_account_change(user: User, kind: Kind, request: HttpRequest, **details: object) -> None:
    by, client = actor_of(cast(TenantRequest, request)), affected_client(user)
    record_event(kind, by=by, client=client, target=user.username, details=details)


def record_removed_lock(failed: FailedSignIns, request: HttpRequest) -> None:
    """Record it where the failures stand: in the log of the Client whose member was named."""
    user = User.objects.filter(username__iexact=failed.login).first()
    target = " · ".join(filter(None, [user.username if user else failed.login, failed.address]))
    by, client = actor_of(cast(TenantRequest, request)), affected_client(user) if user else None
    record_event(Kind.LOCK_REMOVED, by=by, client=client, target=target)


@admin.register(Client, site=back_office)
class ClientAdmin(ReauthenticatedForms, BackOfficeAdmin[Client]):
    form = ClientForm
    list_display = ["name", "slug", "time_zone", "second_factor_required", "is_active"]
    search_fields = ["name", "slug"]
    inlines = [MembershipInline]
    actions = ["impersonate"]

    def get_form(
        self, request: HttpRequest, obj: Client | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Client]]:
        if obj is None:
            kwargs["form"] = RegistrationForm
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Client | None) -> list[Any]:
        """Show members of existing Clients only: a new one's first owner is in the form."""
        return self.inlines if obj else []

    def save_model(
        self, request: HttpRequest, obj: Client, form: ModelForm[Client], change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            by = actor_of(cast(TenantRequest, request))
            obj.pk = create_client(**form.cleaned_data, by=by).pk

    @admin.action(
        description=_("View the Client’s pages as an administrator"),
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    @method_decorator(reauthentication_required)
    def impersonate(self, request: HttpRequest, clients: QuerySet[Client]) -> HttpResponse | None:
        chosen = list(clients[:2])
        if len(chosen) == 1 and chosen[0].is_active:
            impersonation.begin(cast(TenantRequest, request), chosen[0])
            return redirect("dashboard:dashboard")
        one = _("The pages of a Client that is switched off are closed.")
        several = _("Choose exactly one active Client to view.")
        self.message_user(request, one if len(chosen) == 1 else several, messages.ERROR)
        return None


@admin.register(User, site=back_office)
class OperatorAdmin(ReauthenticatedForms, BackOfficeAdmin[User], UserAdmin[User]):
    """Users are switched off, not deleted: their past actions would go with them."""

    list_display = ["username", "client_and_role", "is_staff", "is_active", "last_login"]
    list_select_related = ["membership__client"]
    list_filter = ["is_staff", "is_active"]
    inlines = [UserMembershipInline]
    add_form = UserCreationForm  # Django's other one offers a user without a password
    add_fieldsets = [(None, {"fields": ["username", "password1", "password2"]})]
    change_password_form = IssuedPasswordForm
    actions = ["remove_second_factors", "end_all_sessions"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    filter_horizontal = []
    readonly_fields = ["must_change_password", "last_login", "date_joined"]

    @admin.display(description=_("membership"), ordering="membership")
    def client_and_role(self, user: User) -> str | None:
        if not hasattr(user, "membership"):
            return None
        return f"{user.membership.client} · {user.membership.get_role_display()}"

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[User]]:
        labels = {"username": pgettext_lazy("sign-in", "Login")}
        return super().get_form(request, obj, change=change, labels=labels, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        obj.is_superuser = obj.is_staff  # there are no lesser administrators
        if not change:
            super().save_model(request, obj, form, change)
            return
        changed = set(form.changed_data)
        # These columns alone: a password that is changed meanwhile, or a switch-off, stays.
        obj.save(update_fields=changed | ({"is_superuser"} if "is_staff" in changed else set()))
        if {"is_staff", "is_active", "password"} & changed:
            end_sessions(obj, keep=request.session.session_key)

    @method_decorator(reauthentication_required)
    def user_change_password(self, request: HttpRequest, id: str, *args: Any, **kwargs: Any) -> Any:
        """Redirect one's own change to the page that asks for the current password."""
        if id == str(request.user.pk):
            return redirect("change_password")
        return super().user_change_password(request, id, *args, **kwargs)

    @admin.action(description=_("Remove lost second factors"))
    @method_decorator(reauthentication_required)
    def remove_second_factors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        done = []
        # Not one's own: the present session rests on them.
        for user in users.exclude(username=request.user.get_username()):
            removed = second_factor.remove_factors(user)
            if not removed:
                continue
            done.append(user)
            end_sessions(user, keep=request.session.session_key)
            record_account_change(
                user, Kind.SECOND_FACTOR_REMOVED, request, factor=",".join(removed)
            )
        self.finish_action(request, Kind.SECOND_FACTOR_REMOVED, done, users)

    @admin.action(description=_("End all sessions"))
    @method_decorator(reauthentication_required)
    def end_all_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            ended = end_sessions(user, keep=request.session.session_key)
            record_account_change(user, Kind.SESSIONS_ENDED, request, ended=ended)
        self.finish_action(request, Kind.SESSIONS_ENDED, list(users), users)


@admin.register(ApiKey, site=back_office)
class ApiKeyAdmin(ReadOnly, BackOfficeAdmin[ApiKey]):
    """Keys are made by owners or by `manage.py create_api_key`, and shown once."""

    list_display = [
        "client",
        "name",
        "prefix",
        "scopes_text",
        "last_used_at",
        "expires_in_utc",
        "revoked_at",
    ]
    list_filter = ["client"]
    list_select_related = ["client"]
    fields = ["client", "name", "prefix", "scopes_text", "created_at"]
    fields += ["last_used_at", "expires_in_utc", "revoked_at"]
    actions = ["revoke"]

    @admin.display(description=_("scopes"))
    def scopes_text(self, key: ApiKey) -> str:
        return key.scopes_line

    @admin.display(description=_("expires at (UTC)"), ordering="expires_at")
    def expires_in_utc(self, key: ApiKey) -> datetime | None:
        """Name the zone: owners choose a last day on their Client's clock."""
        return key.expires_at

    @admin.action(description=_("Revoke permanently"))
    def revoke(self, request: HttpRequest, keys: ApiKeyQuerySet) -> None:
        done = revoke_api_keys(keys, by=actor_of(cast(TenantRequest, request)))
        self.finish_action(request, Kind.KEY_REVOKED, done, keys)


@admin.register(AuditEvent, site=back_office)
class AuditEventAdmin(NewestFirst[AuditEvent]):
    list_display = [
        "at",
        "client_name",
        "actor",
        "actor_kind",
        "kind",
        "result",
        "target_text",
        "address",
        "details_text",
    ]
    fields = [
        "at",
        "client_name",
        "kind",
        "result",
        "actor",
        "actor_kind",
        "address",
        "target_text",
        "details_text",
    ]
    list_filter = ["client", "kind", "result"]
    ordering = ["-at"]

    @admin.display(description=pgettext_lazy("an act", "target"))
    def target_text(self, event: AuditEvent) -> str:
        return target_in_words(event)

    @admin.display(description=_("details"))
    def details_text(self, event: AuditEvent) -> str:
        return details_in_words(event)


@admin.register(FailedSignIns, site=back_office)
class FailedSignInsAdmin(ReadOnly, BackOfficeAdmin[FailedSignIns]):
    """A lock ends by itself, or by an administrator who cannot wait."""

    list_display = ["login", "address", "count", "counted_from", "locked_until", "is_locked"]
    fields = ["login", "address", "count", "counted_from", "locked_until", "is_locked"]
    search_fields = ["login", "address"]
    actions = ["unlock"]

    @admin.display(description=_("counted from"), ordering="since")
    def counted_from(self, failed: FailedSignIns) -> datetime | None:
        return None if has_reached_limit(failed) else failed.since

    @admin.display(description=_("locked until"), ordering="since")
    def locked_until(self, failed: FailedSignIns) -> datetime | None:
        return failed.since + PAUSE if has_reached_limit(failed) else None

    @admin.display(description=_("locked"), boolean=True)
    def is_locked(self, failed: Any) -> bool:
        return bool(failed.is_locked)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FailedSignIns]:
        return (
            super()
            .get_queryset(request)
            .filter(count__gt=0)  # of an attempt that was right a row stays
            .annotate(is_locked=ExpressionWrapper(lock_condition(timezone.now()), BooleanField()))
        )

    @admin.action(description=_("Remove lock"))
    def unlock(self, request: HttpRequest, failed: QuerySet[FailedSignIns]) -> None:
        removed, left = remove_locks(list(failed))
        LogEntry.objects.log_actions(cast(int, request.user.pk), removed, DELETION)
        for each in removed:
            record_removed_lock(each, request)
        self.message_user(request, *removed_lock_message(len(removed), left[:SHOWN_LOCKS]))


def removed_lock_message(removed: int, left: Iterable[FailedSignIns]) -> tuple[str, int]:
    """Return a sentence that is true of a login which something else still locks."""
    until = gettext("%(what)s until %(until)s")
    locks = [until % {"what": each, "until": formats.moment(each.since + PAUSE)} for each in left]
    if locks:
        done = [gettext("Lock removed.")] if removed else []
        still = gettext("Still locked: %(locks)s.") % {"locks": "; ".join(locks)}
        return " ".join([*done, still]), messages.WARNING
    if not removed:
        return gettext("Nothing was locked."), messages.INFO
    return gettext("Lock removed. The login may be tried again at once."), messages.SUCCESS
