import hashlib
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from accounts.sign_in.logins import validate_not_reserved, validate_one_script
from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin.appearance import REFRESH_INTERVALS, Density, Theme
from paykassma_admin.lists.tables import PAGE_SIZES


class User(AbstractUser):
    username = models.CharField(
        _("login"),
        max_length=150,
        unique=True,
        validators=[AbstractUser.username_validator, validate_one_script, validate_not_reserved],
        error_messages={"unique": _("This login is taken.")},
    )
    is_staff = models.BooleanField(_("administrator"), default=False)

    # Preferences; "" for the default.
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme.choices, blank=True)
    page_size = models.PositiveSmallIntegerField(_("rows on a page"), default=PAGE_SIZES[0])
    density = models.CharField(_("rows"), max_length=5, choices=Density.choices, blank=True)
    refresh_seconds = models.PositiveSmallIntegerField(_("seconds between refreshes"), default=0)
    # Names of columns, in their order, by the name of a list's address: {"audit": ["at", "kind"]}.
    list_columns = models.JSONField(_("columns of lists"), default=dict, editable=False)

    # The first password is known to who made the account.
    must_change_password = models.BooleanField(_("must change the password"), default=True)
    # Has a password that everybody knows, and no more: set by the command `demo` alone.
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Upper("username"),
                name="user_login_once",
                violation_error_message=_("This login is taken."),
            ),
            models.CheckConstraint(
                name="user_language_known", condition=Q(language__in=["", "ru", "en"])
            ),
            models.CheckConstraint(
                name="user_theme_known", condition=Q(theme__in=["", *Theme.values])
            ),
            models.CheckConstraint(
                name="user_page_size_offered", condition=Q(page_size__in=PAGE_SIZES)
            ),
            models.CheckConstraint(
                name="user_density_known", condition=Q(density__in=["", *Density.values])
            ),
            models.CheckConstraint(
                name="user_refresh_seconds_offered",
                condition=Q(refresh_seconds__in=REFRESH_INTERVALS),
            ),
        ]


class MembershipQuerySet(ClientOwnedQuerySet["Membership"]):
    def with_user(self) -> Self:
        return self.select_related("user")


class Membership(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="membership"
    )
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    unscoped = UnscopedManager.from_queryset(MembershipQuerySet)()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return str(self.user)  # without the role's word: histories are read in both languages


INVITATION_LASTS = timedelta(days=7)


def default_expiry() -> datetime:
    return timezone.now() + INVITATION_LASTS


class InvitationQuerySet(ClientOwnedQuerySet["Invitation"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link that makes its reader a member. It is shown once; only its digest is stored."""

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    sha256 = models.CharField(max_length=64, unique=True, db_collation="C")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"), default=default_expiry)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    unscoped = UnscopedManager.from_queryset(InvitationQuerySet)()
    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="invitation_sha256_is_a_digest", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="invitation_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Scope(models.TextChoices):
    READ = "read", _("Reading of lists and totals")
    WRITE = "write", _("Writing of transactions, accumulations and balances")
    BALANCE = "balance", _("Balance requests")


class KeyState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("an API key", "Active")
    EXPIRED = "expired", pgettext_lazy("an API key", "Expired")
    REVOKED = "revoked", pgettext_lazy("an API key", "Revoked")


class ApiKeyQuerySet(ClientOwnedQuerySet["ApiKey"]):
    def unrevoked(self) -> Self:
        return self.filter(revoked_at=None)

    def unrevoked_first(self) -> Self:
        return self.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-id")


class ApiKey(models.Model):
    """A program's access to one Client. The key is shown once; only its digest is stored."""

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12)
    sha256 = models.CharField(max_length=64, unique=True, db_collation="C")
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    # How many requests it has made in the minute that it was last used in.
    counted_minute = models.DateTimeField(null=True, editable=False)
    counted_requests = models.PositiveIntegerField(db_default=0, editable=False)

    unscoped = UnscopedManager.from_queryset(ApiKeyQuerySet)()
    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            # The target of a composite foreign key: what a key wrote is of its Client.
            models.UniqueConstraint(fields=["id", "client"], name="api_key_of_client"),
            models.CheckConstraint(
                name="api_key_sha256_is_a_digest", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="api_key_scopes_known", condition=Q(scopes__contained_by=Scope.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def actor(self) -> str:
        return f"key {self.prefix}"

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    @property
    def state(self) -> KeyState:
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.EXPIRED if self.is_expired(timezone.now()) else KeyState.ACTIVE

    @property
    def scopes_line(self) -> str:
        return ", ".join(str(Scope(scope).label) for scope in self.scopes)


class IdempotentRequestQuerySet(ClientOwnedQuerySet["IdempotentRequest"]):
    pass


class IdempotentRequest(models.Model):
    """A request that named an Idempotency-Key, and its answer; see api/idempotency.py.

    Its key alone writes and reads it. It is kept for 24 hours; no event is recorded. One without an
    answer is at work, or its process has died.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    key = models.ForeignKey(
        ApiKey, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )  # a composite foreign key in SQL
    name = models.CharField(max_length=255, db_collation="C")
    sha256 = models.CharField(max_length=64, db_collation="C")  # of all that was sent
    started_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    media_type = models.CharField(max_length=50, blank=True)
    body = models.TextField(blank=True)

    unscoped = UnscopedManager.from_queryset(IdempotentRequestQuerySet)()
    objects = IdempotentRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "client", "name"], name="idempotent_request_once"
            ),
            models.CheckConstraint(name="idempotent_request_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="idempotent_request_sha256_is_a_digest",
                condition=Q(sha256__regex="^[0-9a-f]{64}$"),
            ),
        ]


class Session(AbstractBaseSession):
    """Django's session with its user, beginning and origin; a visitor's has no user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions"
    )
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_at"]

    @property
    def name(self) -> str:
        """Return an id for pages; the session's key would open the session."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]


class FailedSignIns(models.Model):
    """Wrong passwords of a login, from an address, or both; "" stands for any."""

    login = models.CharField(_("login in capitals"), max_length=150, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    count = models.PositiveIntegerField(_("wrong attempts"))
    since = models.DateTimeField(_("counted from"), db_index=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("failed sign-ins")
        verbose_name_plural = _("failed sign-ins")
        constraints = [
            models.UniqueConstraint(fields=["login", "address"], name="failed_sign_ins_once"),
            models.CheckConstraint(
                name="failed_sign_ins_of_somebody", condition=~Q(login="", address="")
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [self.login, self.address]))


class WrongCodes(models.Model):
    """Wrong codes of an account since its last right one; see mfa/code_pauses.py."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    count = models.PositiveIntegerField()
    paused_until = models.DateTimeField(null=True)
