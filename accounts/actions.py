"""Actions on Clients and their keys: each is one transaction and one audit event."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.api_keys import digest_of, new_key, prefix_of
from accounts.models import ApiKey, ApiKeyQuerySet, Invitation, Membership, Scope, User
from accounts.roles import Role
from audit.kinds import Kind
from audit.record import Actor, record_event
from clients.models import Client
from clients.scoping import ClientOwnedQuerySet
from paykassma_admin.periods import last_day


def create_client(
    *,
    name: str,
    slug: str,
    time_zone: str,
    owner: str,
    password: str,
    by: Actor,
    second_factor_required: bool = True,
    using: str = DEFAULT_DB_ALIAS,
) -> Client:
    """Register a Client with its first owner, whose login is `owner`.

    Raise ValidationError, by field, for values that are invalid or taken.
    """
    client = Client(
        name=name, slug=slug, time_zone=time_zone, second_factor_required=second_factor_required
    )
    check_client(client, using=using)
    user = build_user(owner, password, field="owner", using=using)
    user.set_password(password)
    try:
        with transaction.atomic(using=using):
            save_client(client, user, by=by, using=using)
    except IntegrityError:  # somebody else has taken the name or the login since
        check_client(client, using=using)
        build_user(owner, password, field="owner", using=using)
        raise
    return client


def save_client(client: Client, owner: User, *, by: Actor, using: str) -> None:
    client.save(using=using)
    owner.save(using=using)
    Membership.unscoped.using(using).create(client=client, user=owner, role=Role.OWNER)
    record_event(
        Kind.CLIENT_REGISTERED,
        by=by,
        client=client,
        target=client.slug,
        details={"owner": owner.username, "time_zone": client.time_zone},
        using=using,
    )


def check_client(client: Client, *, using: str) -> None:
    """Raise ValidationError for what is invalid or taken; the database guards the same."""
    client.clean_fields()
    others = Client.objects.using(using)
    taken = [
        field
        for field, rivals in (
            ("name", others.filter(name=client.name)),
            ("slug", others.filter(slug=client.slug)),
        )
        if rivals.exists()
    ]
    if taken:
        raise ValidationError({field: _("Already taken.") for field in taken})


def build_user(login: str, password: str, *, field: str, using: str = DEFAULT_DB_ALIAS) -> User:
    """Return a user that may be saved with this login and password.

    Raise ValidationError of `field`, which is the login's, or of `password`.
    """
    user = User(username=User.normalize_username(login))
    try:
        user.clean_fields(exclude={"password"})
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
    if User.objects.using(using).filter(username__iexact=user.username).exists():
        raise ValidationError({field: _("This login is taken.")})
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    return user


def create_api_key(
    client: Client,
    *,
    name: str,
    by: Actor,
    scopes: Sequence[str] = (Scope.BALANCE,),
    expires_at: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> str:
    """Return a new key; only its digest is stored."""
    key = new_key()
    record = ApiKey(
        client=client,
        name=name,
        prefix=prefix_of(key),
        sha256=digest_of(key),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    record.clean_fields()
    with transaction.atomic(using=using):
        record.save(using=using)
        details = {"scopes": ",".join(record.scopes)} | expiry_details(expires_at, client)
        record_event(
            Kind.KEY_MADE, by=by, client=client, target=str(record), details=details, using=using
        )
    return key


def expiry_details(expires_at: datetime | None, client: Client) -> dict[str, object]:
    """Return the last day with the time zone that it is of: the Client's may be another later."""
    if expires_at is None:
        return {"last_day": "none"}
    return {"last_day": last_day(expires_at, client.zone), "time_zone": client.time_zone}


def revoke_api_keys(keys: ApiKeyQuerySet, *, by: Actor) -> list[ApiKey]:
    """Revoke those that are not revoked; return them."""
    return revoke(keys.unrevoked(), Kind.KEY_REVOKED, by=by)


def revoke[M: ApiKey | Invitation](
    chosen: ClientOwnedQuerySet[M], kind: Kind, *, by: Actor
) -> list[M]:
    with transaction.atomic():
        rows = list(chosen.select_related("client").select_for_update(of=("self",)))
        for row in rows:
            row.revoked_at = timezone.now()
            row.save(update_fields=["revoked_at"])
            record_event(kind, by=by, client=row.client, target=str(row))
    return rows
