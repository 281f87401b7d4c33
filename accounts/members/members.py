"""Membership of a Client: each action is one transaction and one audit event."""

import secrets
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import build_user, revoke
from accounts.api_keys import digest_of
from accounts.models import Invitation, InvitationQuerySet, Membership, User
from accounts.roles import Role
from accounts.sessions import end_sessions
from audit.kinds import ActorKind, Kind
from audit.record import Actor, record_event
from clients.models import Client
from paykassma_admin.database.tenancy import set_tenant


class LastOwner(Exception):
    """The Client would have no owner who can sign in."""


class InvitationGone(Exception):
    """The invitation is unknown, used, expired or revoked; nobody is told which."""


# By a link that is used once


def invite(client: Client, *, role: str, by: Actor) -> str:
    """Return the token of a new invitation; only its digest is stored."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.unscoped.create(client=client, role=role, sha256=digest_of(token))
        record_event(
            Kind.MEMBER_INVITED,
            by=by,
            client=client,
            target=str(invitation),
            details={"role": role},
        )
    return token


def revoke_invitations(invitations: InvitationQuerySet, *, by: Actor) -> list[Invitation]:
    """Revoke those that can still be used; return them."""
    return revoke(invitations.usable(), Kind.INVITATION_REVOKED, by=by)


def open_invitation(token: str) -> Invitation:
    """Return a usable invitation, and set its Client as the tenant. Raise InvitationGone."""
    set_tenant(invitation_client_id(digest_of(token)))
    usable = Invitation.unscoped.usable().filter(client__is_active=True)
    invitation = usable.select_related("client").filter(sha256=digest_of(token)).first()
    if invitation is None:
        raise InvitationGone
    return invitation


def invitation_client_id(digest: str) -> int | None:
    """Return the id of the invitation's Client, by a database function: no tenant is set yet."""
    with connection.cursor() as cursor:
        cursor.execute("select invitation_client(%s)", [digest])
        row = cursor.fetchone()
    return row[0] if row else None


def join(invitation: Invitation, *, login: str, password: str, address: str | None) -> User:
    """Return a new user, a member by `invitation`.

    Raise ValidationError of `login` or `password`, and InvitationGone if another request has used
    it.
    """
    user = build_user(login, password, field="login")
    user.must_change_password = False  # it is their own choice
    user.set_password(password)
    try:
        with transaction.atomic():
            use_invitation(invitation)
            user.save()
            Membership.unscoped.create(client=invitation.client, user=user, role=invitation.role)
            record_joining(invitation, Actor(user.username, address, ActorKind.USER))
    except IntegrityError:  # another link's user has taken the login since it was looked up
        build_user(login, password, field="login")
        raise
    return user


def use_invitation(invitation: Invitation) -> None:
    """Mark the invitation as used, or raise InvitationGone: the row's lock decides who is first."""
    rows = Invitation.unscoped.usable().filter(pk=invitation.pk)
    if not rows.update(used_at=timezone.now()):
        raise InvitationGone


def record_joining(invitation: Invitation, by: Actor) -> None:
    record_event(
        Kind.MEMBER_JOINED,
        by=by,
        client=invitation.client,
        target=str(invitation),
        details={"role": invitation.role},
    )


# Changed and removed


def change_role(member: Membership, role: Role, *, owner: Membership, by: Actor) -> bool:
    """Change the role and end the member's sessions; return whether it was another.

    Raise LastOwner, and what `lock_member` raises.
    """
    with transaction.atomic():
        member = lock_member(member, owner=owner, may_stay_owner=role == Role.OWNER)
        if member.role == role:
            return False
        revoke_links_of(member, by=by)
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        end_sessions(member.user)
        record_member(
            Kind.MEMBER_CHANGED, member, owner.client, by=by, before=before, after=role.value
        )
    return True


def remove_member(member: Membership, *, owner: Membership, by: Actor) -> None:
    """Remove the member and disable the user for good, password included.

    Raise LastOwner, and what `lock_member` raises.
    """
    with transaction.atomic():
        member = lock_member(member, owner=owner)
        user = member.user
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        end_sessions(user)
        revoke_links_of(member, by=by)
        member.delete()
        record_member(Kind.MEMBER_REMOVED, member, owner.client, by=by, role=member.role)


def record_member(
    kind: Kind, member: Membership, client: Client, *, by: Actor, **details: str
) -> None:
    """Record what became of a member: the same event on each page where it is done."""
    record_event(kind, by=by, client=client, target=member.user.username, details=details)


def revoke_links_of(member: Membership, *, by: Actor) -> None:
    if member.role == Role.OWNER:
        revoke_links(member.client, by=by)


def revoke_links(client: Client, *, by: Actor) -> None:
    """Revoke all invitations of a Client: any may be known to an owner who leaves."""
    revoke_invitations(Invitation.objects.for_client(client), by=by)


def lock_member(
    member: Membership, *, owner: Membership, may_stay_owner: bool = False
) -> Membership:
    """Return `member` as stored, with all members of the Client locked.

    Raise Membership.DoesNotExist if it was removed meanwhile, PermissionDenied if `owner` is no
    owner any more, LastOwner if none would be left.
    """
    members = lock_members_as(owner)
    left = [m for m in members.values() if may_stay_owner or m.pk != member.pk]
    if member.pk not in members:
        raise Membership.DoesNotExist
    require_an_owner(before=members.values(), after=left)
    return members[member.pk]


def lock_members_as(owner: Membership) -> dict[int, Membership]:
    """Lock the members, or raise PermissionDenied if `owner` is no owner any more."""
    members = lock_members(owner.client)
    if owner.pk not in owners_of(members.values()):
        raise PermissionDenied(_("Your role has no access to this page. Ask an owner."))
    return members


def lock_members(client: Client) -> dict[int, Membership]:
    """Lock all members in one order, so that two owners who change each other do not deadlock.

    Their users are locked, too: one that was switched off meanwhile must not be read as active.
    """
    members = Membership.objects.for_client(client).select_related("user").order_by("pk")
    return {member.pk: member for member in members.select_for_update(of=("self", "user"))}


def require_an_owner(*, before: Iterable[Membership], after: Iterable[Membership]) -> None:
    """Raise LastOwner if the last owner would go; a Client without one may get one."""
    if owners_of(before) and not owners_of(after):
        raise LastOwner


def owners_of(members: Iterable[Membership]) -> set[int]:
    return {m.pk for m in members if m.role == Role.OWNER and m.user.is_active}
