from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView
from django.views.generic.base import View

from accounts.actors import actor_of
from accounts.http import ClientRequest
from accounts.members import members
from accounts.members.members import LastOwner
from accounts.models import Invitation, Membership, MembershipQuerySet
from accounts.roles import Role
from accounts.sign_in.unsent_forms import RestoredFormMixin, pop_fields
from clients.models import Client
from paykassma_admin.lists.fields import NO_SUCH_CHOICE
from workspace.pages import AccessPageMixin
from workspace.shown_once import pop_secret, store_secret

MAX_MEMBERS = 200  # of a Client, invitations that can be used counted with them


class InviteForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Role.choices,
        initial=Role.OPERATOR,
        error_messages=NO_SUCH_CHOICE,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client

    def clean(self) -> dict[str, Any]:
        # In this order: who joins meanwhile is counted twice, and not left out.
        there_are = Invitation.objects.for_client(self.client).usable().count()
        there_are += Membership.objects.for_client(self.client).count()
        if there_are >= MAX_MEMBERS:
            raise forms.ValidationError(
                _("There are already %(most)d members and invitations. Remove some first."),
                params={"most": MAX_MEMBERS},
            )
        return super().clean() or self.cleaned_data


class MembersView(AccessPageMixin, RestoredFormMixin, FormView[InviteForm]):
    template_name = "workspace/members.html"
    form_class = InviteForm
    restorable_fields = frozenset({"role"})
    success_url = reverse_lazy("members")
    request: ClientRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"client": self.client}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        members.lock_members_as(self.request.membership)  # or a link would outlive its owner
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: InviteForm) -> HttpResponse:
        role = form.cleaned_data["role"]
        token = members.invite(self.client, role=role, by=actor_of(self.request))
        link = self.request.build_absolute_uri(reverse("invitation", args=[token]))
        store_secret(self.request, "members", link)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        team = Membership.objects.for_client(self.client).with_user().order_by("user__username")
        invitations = Invitation.objects.for_client(self.client).usable().order_by("-created_at")
        new_link = pop_secret(self.request, "members")
        return super().get_context_data(
            members=team, invitations=invitations, new_link=new_link, **kwargs
        )


class RevokeInvitationView(AccessPageMixin, View):
    request: ClientRequest

    def form_page(self) -> str:
        return reverse("members")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitations = Invitation.objects.for_client(self.client).filter(pk=pk)
        get_object_or_404(invitations)
        if members.revoke_invitations(invitations, by=actor_of(self.request)):
            messages.success(request, _("The invitation is revoked."))
        else:
            messages.info(request, _("The invitation had been used, revoked or had ended before."))
        return redirect("members")


class MemberView(AccessPageMixin, DetailView[Membership]):
    template_name = "workspace/member.html"
    context_object_name = "member"
    request: ClientRequest

    def get_queryset(self) -> MembershipQuerySet:
        return Membership.objects.for_client(self.client).with_user()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = self.object.user.username
        role = pop_fields(self.request).get("role", [self.object.role])[-1]
        team = Membership.objects.for_client(self.client).with_user()
        is_last_owner = members.owners_of(team) == {self.object.pk}
        return super().get_context_data(
            here=here, role=role, roles=Role.choices, is_last_owner=is_last_owner, **kwargs
        )


class MemberChangeView(MemberView):
    http_method_names = ["post"]

    def form_page(self) -> str:
        return reverse("member", kwargs=self.kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        try:
            self.change()
        except Membership.DoesNotExist as gone:
            raise Http404 from gone
        except LastOwner:
            return self.render_to_response(self.get_context_data(is_refused=True), status=409)
        is_himself = self.object.pk == self.request.membership.pk
        return redirect("/" if is_himself else "members")

    def change(self) -> None:
        raise NotImplementedError


class ChangeRoleView(MemberChangeView):
    restorable_fields = frozenset({"role"})

    def change(self) -> None:
        role = self.request.POST.get("role")
        if role not in Role.values:
            raise BadRequest("No such role")
        owner, by = self.request.membership, actor_of(self.request)
        if not members.change_role(self.object, Role(role), owner=owner, by=by):
            messages.info(self.request, _("The member has this role already."))
            return
        self.request.session.cycle_key()  # it may be the member's own
        messages.success(self.request, _("The role is changed."))


class RemoveMemberView(MemberChangeView):
    def change(self) -> None:
        owner, by = self.request.membership, actor_of(self.request)
        members.remove_member(self.object, owner=owner, by=by)
        messages.success(
            self.request, _("%(login)s is removed.") % {"login": self.object.user.username}
        )
