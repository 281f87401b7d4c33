"""The one place that knows which rows belong to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from paykassma_admin.querysets import SearchedQuerySet

if TYPE_CHECKING:
    from clients.models import Client


class ClientOwnedQuerySet[M: models.Model](SearchedQuerySet[M]):
    """Base of every QuerySet whose rows belong to one Client."""

    def for_client(self, client: Client) -> Self:
        return self.filter(client=client)
