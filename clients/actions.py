"""What an administrator does with Clients. Each action is one transaction."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.keys import digest_of, new_key, prefix_of
from clients.models import ApiKey, Client, Membership, Scope, User
from clients.roles import Role


def create_client(
    *,
    name: str,
    slug: str,
    time_zone: str,
    owner: str,
    password: str,
    using: str = DEFAULT_DB_ALIAS,
) -> Client:
    """Register a Client with its first owner, whose login is `owner`.

    Raises ValidationError, by field, where a value is wrong or taken.
    """
    client = Client(name=name, slug=slug, time_zone=time_zone)
    user = User(username=User.normalize_username(owner))
    _check_values(client, user, password)
    with transaction.atomic(using=using):
        _check_free(client, user, using=using)
        user.set_password(password)
        client.save(using=using)
        user.save(using=using)
        Membership.objects.using(using).create(client=client, user=user, role=Role.OWNER)
    return client


def create_api_key(client: Client, *, name: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """A new key for balance requests. It is not stored: this is the only sight of it."""
    key = new_key()
    record = ApiKey(
        client=client,
        name=name,
        prefix=prefix_of(key),
        sha256=digest_of(key),
        scopes=[Scope.BALANCE],
    )
    record.clean_fields()
    record.save(using=using)
    return key


def _check_values(client: Client, user: User, password: str) -> None:
    client.clean_fields()
    user.clean_fields(exclude={"password"})
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.error_list}) from weak


def _check_free(client: Client, user: User, *, using: str) -> None:
    """Say what is taken; where two are equally quick, the database refuses the second."""
    clients, users = Client.objects.using(using), User.objects.using(using)
    rivals: dict[str, QuerySet[Client] | QuerySet[User]] = {
        "name": clients.filter(name=client.name),
        "slug": clients.filter(slug=client.slug),
        "owner": users.filter(username__iexact=user.username),
    }
    taken = [field for field, rows in rivals.items() if rows.exists()]
    if taken:
        raise ValidationError({field: _("This is taken already.") for field in taken})
