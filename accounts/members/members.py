"""Who is a member of a Client. Each action is one transaction and one audit event."""

import secrets
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import build_user
from accounts.api_keys import digest_of
from accounts.models import Invitation, InvitationQuerySet, Membership, User
from accounts.roles import Role
from accounts.sessions import end_sessions
from audit.kinds import ActorKind, Kind
from audit.record import Actor, record_event
from clients.models import Client
from paykassma_admin.database.tenancy import set_tenant


class LastOwner(Exception):
    """Without him nobody could let anybody in."""


class InvitationGone(Exception):
    """Unknown, used, expired or revoked; which of them is told to nobody."""


# By a link that is used once


def invite(client: Client, *, role: str, by: Actor) -> str:
    """The secret of a new invitation. It is not stored: this is the only sight of it."""
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


def revoke_invitations(invitations: InvitationQuerySet, *, by: Actor) -> None:
    """One that is used, revoked or over already stays as it is."""
    with transaction.atomic():
        for invitation in (
            invitations.usable().select_related("client").select_for_update(of=("self",))
        ):
            invitation.revoked_at = timezone.now()
            invitation.save(update_fields=["revoked_at"])
            record_event(
                Kind.INVITATION_REVOKED, by=by, client=invitation.client, target=str(invitation)
            )


def open_invitation(token: str) -> Invitation:
    """Let the request see the rows of the Client that invites. Raises InvitationGone."""
    set_tenant(invitation_client_id(digest_of(token)))
    usable = Invitation.unscoped.usable().filter(client__is_active=True)
    invitation = usable.select_related("client").filter(sha256=digest_of(token)).first()
    if invitation is None:
        raise InvitationGone
    return invitation


def invitation_client_id(digest: str) -> int | None:
    """Whose invitation this is: asked of a database function, as that of a key is."""
    with connection.cursor() as cursor:
        cursor.execute("select invitation_client(%s)", [digest])
        row = cursor.fetchone()
    return row[0] if row else None


def join(invitation: Invitation, *, login: str, password: str, address: str | None) -> User:
    """A new user, who is a member by `invitation`.

    Raises ValidationError of `login` or `password`, and InvitationGone where somebody was quicker.
    """
    user = build_user(login, password, field="login")
    user.must_change_password = False  # he has chosen it himself
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
    """The database decides who is first: the other waits for its row, and finds it used."""
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


def change_role(member: Membership, role: Role, *, owner: Membership, by: Actor) -> None:
    """His sessions end: what he opened in another role is not open to him any more.

    Raises LastOwner, and what `locked` raises.
    """
    with transaction.atomic():
        member = lock_member(member, owner=owner, may_stay_owner=role == Role.OWNER)
        if member.role == role:
            return
        revoke_links_of(member, by=by)
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        end_sessions(member.user)
        record_event(
            Kind.MEMBER_CHANGED,
            by=by,
            client=owner.client,
            target=member.user.username,
            details={"before": before, "after": role.value},
        )


def remove_member(member: Membership, *, owner: Membership, by: Actor) -> None:
    """His user is switched off, and his sessions end: for ever, as his password is gone.

    Raises LastOwner, and what `locked` raises.
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
        record_event(
            Kind.MEMBER_REMOVED,
            by=by,
            client=owner.client,
            target=user.username,
            details={"role": member.role},
        )


def revoke_links_of(member: Membership, *, by: Actor) -> None:
    if member.role == Role.OWNER:
        revoke_links(member.client, by=by)


def revoke_links(client: Client, *, by: Actor) -> None:
    """An owner who goes might come back by one; whose each is nobody knows."""
    revoke_invitations(Invitation.objects.for_client(client), by=by)


def lock_member(
    member: Membership, *, owner: Membership, may_stay_owner: bool = False
) -> Membership:
    """`member` as he is now, while nobody else changes any member of the Client.

    Raises Membership.DoesNotExist where he was removed meanwhile, PermissionDenied where `owner`
    is none any more, LastOwner where none would be left.
    """
    members = lock_members_as(owner)
    left = [m for m in members.values() if may_stay_owner or m.pk != member.pk]
    if member.pk not in members:
        raise Membership.DoesNotExist
    require_an_owner(before=members.values(), after=left)
    return members[member.pk]


def lock_members_as(owner: Membership) -> dict[int, Membership]:
    """Raises PermissionDenied where he is no owner any more: somebody was quicker."""
    members = lock_members(owner.client)
    if owner.pk not in owners_of(members.values()):
        raise PermissionDenied(_("This page is not for your role. Ask an owner."))
    return members


def lock_members(client: Client) -> dict[int, Membership]:
    """All of them, in one order: two owners who change each other wait, and do not deadlock.

    Their users, too: else whoever had to wait would read of one switched off meanwhile as active.
    """
    members = Membership.objects.for_client(client).select_related("user").order_by("pk")
    return {member.pk: member for member in members.select_for_update(of=("self", "user"))}


def require_an_owner(*, before: Iterable[Membership], after: Iterable[Membership]) -> None:
    """Raises LastOwner where the last one would go; who has none already may be given one."""
    if owners_of(before) and not owners_of(after):
        raise LastOwner


def owners_of(members: Iterable[Membership]) -> set[int]:
    """Who can sign in: an owner who is switched off lets nobody in."""
    return {m.pk for m in members if m.role == Role.OWNER and m.user.is_active}
