from itertools import chain
from typing import Any, cast

from allauth.core import context
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.http import TenantRequest
from accounts.members.members import (
    LastOwner,
    lock_members,
    owners_of,
    record_member,
    require_an_owner,
    revoke_links,
)
from accounts.models import Membership, User
from accounts.sessions import end_sessions
from audit.kinds import Kind
from audit.record import Actor
from backoffice.base import BoundedInline, RecordedFormSet
from clients.models import Client


class MembershipFormSet(RecordedFormSet, BaseInlineFormSet[Membership, Any, Any]):
    """A formset that locks the members before it is validated: an owner stays in each Client."""

    owners_before: dict[Client, set[int]]
    roles_before: dict[int, str]

    def add_fields(self, form: Any, index: int | None) -> None:
        """Forbid moving a member: removing and adding are recorded by each Client."""
        super().add_fields(form, index)
        for name in {"client", "user"} & {*form.fields} - {self.fk.name}:
            form.fields[name].disabled = form.instance.pk is not None

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            stays = form not in self.deleted_forms and (form.instance.pk or form.has_changed())
            if stays and is_administrator(form.instance):
                raise ValidationError(
                    _(
                        "An administrator is a member of no Client. Remove the membership, or do"
                        " not make this user an administrator."
                    )
                )
        locked = {client: lock_members(client) for client in self.affected_clients()}
        stored = dict(chain.from_iterable(each.items() for each in locked.values()))
        self.refresh_members(stored)
        self.roles_before = {pk: member.role for pk, member in stored.items()}
        self.owners_before = {c: owners_of(members.values()) for c, members in locked.items()}
        for client, members in locked.items():
            try:
                require_an_owner(
                    before=members.values(), after=self.remaining_members(client, members)
                )
            except LastOwner:
                raise ValidationError(
                    _(
                        "The last owner must stay an active owner: someone has to manage access."
                        " Make another member an owner first."
                    )
                ) from None

    def refresh_members(self, members: dict[int, Membership]) -> None:
        for form in self.forms:
            if form.instance.pk in members:
                form.instance.user = members[form.instance.pk].user
            elif form.instance.pk is not None:
                raise ValidationError(
                    _("The members were just changed. Review them and try again.")
                )

    def save(self, commit: bool = True) -> Any:
        """End the sessions of changed members, and the links of a Client that loses an owner."""
        saved = super().save(commit)
        by = actor_of(cast(TenantRequest, context.request))
        changed = [membership for membership, _fields in self.changed_objects]
        for membership in [*changed, *self.new_objects, *self.deleted_objects]:
            end_sessions(membership.user)
        for client, owners in self.owners_before.items():
            if owners - owners_of(lock_members(client).values()):
                revoke_links(client, by=by)
        self.record_members(by)
        return saved

    def record_members(self, by: Actor) -> None:
        """Record what the Client's own pages would: one act has one name wherever it is done."""
        for member in self.new_objects:
            record_member(Kind.MEMBER_JOINED, member, member.client, by=by, role=member.role)
        for member, _fields in self.changed_objects:
            roles = {"before": self.roles_before[member.pk], "after": member.role}
            record_member(Kind.MEMBER_CHANGED, member, member.client, by=by, **roles)
        for member in self.deleted_objects:
            record_member(Kind.MEMBER_REMOVED, member, member.client, by=by, role=member.role)

    def affected_clients(self) -> list[Client]:
        raise NotImplementedError

    def remaining_members(self, client: Client, members: dict[int, Membership]) -> list[Membership]:
        after = dict(members)
        new = []
        for form in self.forms:
            if form in self.deleted_forms:
                after.pop(form.instance.pk, None)
            elif form.has_changed() and form.is_valid():
                after.pop(form.instance.pk, None)
                new.append(form.instance)
        return [m for m in [*after.values(), *new] if m.client_id == client.pk]


def is_administrator(membership: Membership) -> bool:
    return membership.user_id is not None and membership.user.is_staff


class ClientMembershipFormSet(MembershipFormSet):
    def affected_clients(self) -> list[Client]:
        return [self.instance]


class UserMembershipFormSet(MembershipFormSet):
    instance: User

    def affected_clients(self) -> list[Client]:
        own = Membership.unscoped.select_related("client").filter(user_id=self.instance.pk)
        return [membership.client for membership in own]

    def remaining_members(self, client: Client, members: dict[int, Membership]) -> list[Membership]:
        left = super().remaining_members(client, members)
        return [m for m in left if m.user_id != self.instance.pk or self.instance.is_active]


class MembershipInline(BoundedInline, admin.TabularInline[Membership, Any]):
    model = Membership
    owner = "client"
    formset = ClientMembershipFormSet
    extra = 0
    raw_id_fields = ["user"]


class UserMembershipInline(BoundedInline, admin.StackedInline[Membership, User]):
    model = Membership
    owner = "user"
    formset = UserMembershipFormSet
