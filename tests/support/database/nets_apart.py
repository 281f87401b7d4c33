"""The two nets between Clients, each taken away, so that a test shows the other by itself."""

from django.db.utils import DEFAULT_DB_ALIAS

from accounts import api_keys, middleware
from clients.scoping import ClientOwnedQuerySet
from paykassma_admin.database import tenancy


def without_scopes(monkeypatch):
    monkeypatch.setattr(ClientOwnedQuerySet, "for_client", lambda rows, client: rows.unscoped())


def without_row_security(monkeypatch):
    set_tenant = tenancy.set_tenant

    def set_tenant_of_all(*args, using=DEFAULT_DB_ALIAS, **kwargs):
        set_tenant(*args, using=using, **kwargs)
        tenancy.use_back_office_role(using=using)

    for module in (tenancy, middleware, api_keys):
        monkeypatch.setattr(module, "set_tenant", set_tenant_of_all)
