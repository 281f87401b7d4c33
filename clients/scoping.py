from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models
from django.db.models import sql

from paykassma_admin.database.querysets import SearchQuerySet

if TYPE_CHECKING:
    from clients.models import Client


class UnscopedQueryError(Exception):
    """A query on Clients' rows was run without a scope."""


class OwnedQuery(sql.Query):
    """A query that raises UnscopedQueryError unless it has a scope: one Client, or all."""

    is_scoped = False

    def require_scope(self) -> None:
        if not self.is_scoped:
            raise UnscopedQueryError(f"{self.model}: ask for_client() first")

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        self.require_scope()
        return super().get_compiler(*args, **kwargs)

    def chain(self, klass: Any = None) -> Any:
        if klass is not None:  # an update; its class knows nothing of scopes
            self.require_scope()
        return super().chain(klass)

    def trim_start(self, names_with_path: Any) -> Any:
        """Scope the inner query that Django makes of an exclude(); the outer one has its own."""
        self.is_scoped = True
        return super().trim_start(names_with_path)


class ClientOwnedQuerySet[M: models.Model](SearchQuerySet[M]):
    """Base of every QuerySet whose rows belong to one Client.

    The first of three nets: without a scope it raises. Behind it stand row-level security, and the
    tests that take off a view's scope.
    """

    def __init__(self, model: Any = None, query: Any = None, **kwargs: Any) -> None:
        super().__init__(model, OwnedQuery(model) if query is None else query, **kwargs)

    def for_client(self, client: Client) -> Self:
        return self.filter(client_id=client.pk).unscoped()

    def unscoped(self) -> Self:
        """Return all that the database shows: the tenant's rows to web, all to worker."""
        rows = self.all()
        cast(OwnedQuery, rows.query).is_scoped = True
        return rows

    def _raw_delete(self, using: str | None) -> int:
        cast(OwnedQuery, self.query).require_scope()
        return super()._raw_delete(using)


class UnscopedManager[M: models.Model](models.Manager[M]):
    def get_queryset(self) -> ClientOwnedQuerySet[M]:
        rows = cast(ClientOwnedQuerySet[M], super().get_queryset())
        return rows.unscoped()
