from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.actors import actor_of
from accounts.http import ClientRequest
from accounts.models import Membership
from accounts.roles import Role
from audit.kinds import Kind
from audit.record import record_event
from workspace.models import LISTS, MAX_QUERY_LENGTH, SavedView, SavedViewQuerySet, known_query
from workspace.pages import ClientPageMixin

MAX_VIEWS = 50  # of a user
MAY_SHARE = frozenset({Role.OWNER, Role.OPERATOR})
TOO_MANY = gettext_lazy("You already have %(most)d views. Remove one that you no longer need.")
TAKEN = gettext_lazy("You already have a view with this name. Choose another one.")


class SavedViewForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter a name for the view.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Share with all members"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, others: SavedViewQuerySet, may_share: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.others = others  # of the same user and list
        if not may_share:
            del self.fields["is_shared"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.others.filter(name=name).exists():
            raise forms.ValidationError(TAKEN)
        return name


class NewViewForm(SavedViewForm):
    list = forms.ChoiceField(choices=[(name, name) for name in LISTS], widget=forms.HiddenInput)
    query = forms.CharField(
        max_length=MAX_QUERY_LENGTH, required=False, widget=forms.HiddenInput, strip=False
    )


class SavedViewsMixin(ClientPageMixin):
    @property
    def member_request(self) -> ClientRequest:
        return cast(ClientRequest, self.request)

    @property
    def own(self) -> SavedViewQuerySet:
        return SavedView.objects.for_client(self.client).filter(user=self.member_request.user)

    @property
    def may_share(self) -> bool:
        return self.member_request.role in MAY_SHARE

    def record(self, kind: Kind, view: SavedView) -> None:
        record_event(kind, by=actor_of(self.member_request), client=self.client, target=view.name)


class ViewsView(SavedViewsMixin, FormView[NewViewForm]):
    """The views of a member, and the form that saves what a list shows, which its address says."""

    template_name = "workspace/views.html"
    form_class = NewViewForm

    def get_form_kwargs(self) -> dict[str, Any]:
        name = self.request.POST.get("list")
        others = self.own.filter(list_name=name) if name in LISTS else self.own.none()
        return super().get_form_kwargs() | {"others": others, "may_share": self.may_share}

    def get_initial(self) -> dict[str, Any]:
        said = self.request.GET
        return {name: said[name] for name in ("list", "query") if name in said}

    def form_valid(self, form: NewViewForm) -> HttpResponse:
        Membership.objects.for_client(self.client).select_for_update().get(
            user=self.member_request.user
        )
        if self.own.count() >= MAX_VIEWS:
            form.add_error(None, TOO_MANY % {"most": MAX_VIEWS})
            return self.form_invalid(form)
        said = form.cleaned_data
        view = SavedView.unscoped.create(
            client=self.client,
            user=self.member_request.user,
            list_name=said["list"],
            name=said["name"],
            query=known_query(said["list"], QueryDict(said["query"]).lists()),
            is_shared=said.get("is_shared", False),
        )
        if view.is_shared:
            self.record(Kind.VIEW_SHARED, view)
        return redirect(view.address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.member_request.user
        visible = SavedView.objects.for_client(self.client).visible_to(user)
        return super().get_context_data(
            saved=visible.select_related("user").order_by("list_name", "name", "pk"),
            is_new=self.request.method == "POST" or self.request.GET.get("list") in LISTS,
            is_owner=self.member_request.role == Role.OWNER,
            **kwargs,
        )


class SavedViewView(SavedViewsMixin, FormView[SavedViewForm]):
    """A view is renamed, shared and removed by its user; an owner may remove what others share."""

    template_name = "workspace/view.html"
    form_class = SavedViewForm
    success_url = reverse_lazy("views")

    @property
    def changeable(self) -> SavedViewQuerySet:
        is_own = Q(user=self.member_request.user)
        if self.member_request.role == Role.OWNER:
            is_own |= Q(is_shared=True)
        return SavedView.objects.for_client(self.client).filter(is_own)

    @cached_property
    def saved_view(self) -> SavedView:
        return get_object_or_404(self.changeable, pk=self.kwargs["pk"])

    @property
    def is_own(self) -> bool:
        return bool(self.saved_view.user_id == self.member_request.user.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        others = self.own.filter(list_name=self.saved_view.list_name).exclude(pk=self.saved_view.pk)
        return super().get_form_kwargs() | {"others": others, "may_share": self.may_share}

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.saved_view.name, "is_shared": self.saved_view.is_shared}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST:
            return self.remove(self.saved_view)
        return super().post(request, *args, **kwargs)

    def remove(self, view: SavedView) -> HttpResponse:
        self.record(Kind.VIEW_REMOVED, view)
        self.changeable.filter(pk=view.pk).delete()
        messages.success(self.request, _("The view “%(view)s” is removed.") % {"view": view})
        return redirect("views")

    def form_valid(self, form: SavedViewForm) -> HttpResponse:
        if not self.is_own:
            raise PermissionDenied(_("Only its user can change this view."))
        is_shared = form.cleaned_data.get("is_shared", self.saved_view.is_shared)
        self.own.filter(pk=self.saved_view.pk).update(
            name=form.cleaned_data["name"], is_shared=is_shared
        )
        if is_shared and not self.saved_view.is_shared:
            self.record(Kind.VIEW_SHARED, self.saved_view)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            saved=self.saved_view, here=self.saved_view.name, is_own=self.is_own, **kwargs
        )
