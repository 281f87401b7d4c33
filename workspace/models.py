from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin.navigation import menu_path

LISTS = ("transactions:list", "accumulations:list", "audit")  # names of addresses
MAX_QUERY_LENGTH = 2000


class SavedViewQuerySet(ClientOwnedQuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """Return the user's own, and those that others share."""
        return self.filter(Q(user=user) | Q(is_shared=True))


class SavedView(models.Model):
    """Conditions of a list under a name: its user's, or shared with all members of the Client."""

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="+"
    )
    list_name = models.CharField(_("list"), max_length=20, choices=[(n, n) for n in LISTS])
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=MAX_QUERY_LENGTH, blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    unscoped = UnscopedManager.from_queryset(SavedViewQuerySet)()
    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user", "list_name", "name"], name="saved_view_name_once"
            ),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="saved_view_list_known", condition=Q(list_name__in=LISTS)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{reverse(self.list_name)}?{self.query}"

    @property
    def list_title(self) -> str | Promise:
        return menu_path(self.list_name)[-1].title


def known_query(list_name: str, parameters: Iterable[tuple[str, list[str]]]) -> str:
    """Return the parameters that the list knows as a query string, without its page."""
    filters = resolve(reverse(list_name)).func.view_class.filterset_class.base_filters  # type: ignore[attr-defined]  # of a list's view
    query = QueryDict(mutable=True)
    for name, values in parameters:
        if name in filters and name != "page":
            query.setlist(name, values)
    return query.urlencode()
