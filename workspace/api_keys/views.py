from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView

from accounts.actions import create_api_key, revoke_api_keys
from accounts.actors import actor_of
from accounts.http import ClientRequest, TenantRequest
from accounts.members.members import lock_members_as
from accounts.models import ApiKey, ApiKeyQuerySet, Scope
from accounts.sign_in.unsent_forms import RestoredFormMixin
from clients.models import Client
from paykassma_admin.lists.fields import NO_SUCH_CHOICE, DayField
from paykassma_admin.periods import Period, today
from workspace.pages import AccessPageMixin
from workspace.shown_once import pop_secret, store_secret

MAX_KEYS = 100  # of a Client, that are not revoked
MAX_LISTED_KEYS = 200


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Enter what the key is for.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Access to"),
        choices=Scope.choices,
        initial=[Scope.BALANCE],
        error_messages=NO_SUCH_CHOICE | {"required": gettext_lazy("Choose what the key opens.")},
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy(
            "Inclusive, in the Client’s time zone. If empty, the key works until revoked."
        ),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.fields["last_day"].widget.attrs["class"] = "form-control"

    @property
    def expires_at(self) -> datetime | None:
        return Period(None, self.cleaned_data["last_day"], self.client.zone).end

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < today(self.client.zone):
            raise forms.ValidationError(_("This day is in the past. Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        if ApiKey.objects.for_client(self.client).unrevoked().count() >= MAX_KEYS:
            raise forms.ValidationError(
                _("There are already %(most)d keys. Revoke one that is no longer needed."),
                params={"most": MAX_KEYS},
            )
        return super().clean() or self.cleaned_data


class KeysView(AccessPageMixin, RestoredFormMixin, FormView[KeyForm]):
    template_name = "workspace/keys.html"
    form_class = KeyForm
    restorable_fields = frozenset({"name", "scopes", "last_day"})
    success_url = reverse_lazy("keys")
    request: ClientRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        lock_members_as(self.request.membership)  # two at once would each count without the other
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"client": self.client}

    def form_valid(self, form: KeyForm) -> HttpResponse:
        new_key = create_api_key(
            self.client,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at,
            by=actor_of(self.request),
        )
        store_secret(self.request, "keys", new_key)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = ApiKey.objects.for_client(self.client).unrevoked_first()[:MAX_LISTED_KEYS]
        new_key = pop_secret(self.request, "keys")
        return super().get_context_data(keys=keys, new_key=new_key, **kwargs)


class RevokeKeyView(AccessPageMixin, DetailView[ApiKey]):
    """Ask on a page of its own whether to revoke a key, so that it works without scripts."""

    template_name = "workspace/revoke_key.html"
    context_object_name = "key"

    def get_queryset(self) -> ApiKeyQuerySet:
        return ApiKey.objects.for_client(self.client)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(here=str(self.object), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = super().get(request, *args, **kwargs)
        if self.object.revoked_at is None:
            return page
        before = _("The key “%(key)s” had been revoked before.")
        messages.info(request, before % {"key": self.object})
        return redirect("keys")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = self.get_object()
        keys = self.get_queryset().filter(pk=key.pk)
        if not revoke_api_keys(keys, by=actor_of(cast(TenantRequest, request))):
            return self.get(request)
        messages.success(request, _("The key “%(key)s” is revoked.") % {"key": key})
        return redirect("keys")
