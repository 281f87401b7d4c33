from django.urls import include, path
from django.utils.module_loading import import_string

from paykassma_admin import errors
from paykassma_admin.api.api import api

urlpatterns = [
    path("", include("dashboard.urls")),
    path("payments/transactions/", include("transactions.urls")),
    path("payments/accumulations/", include("accumulations.urls")),
    path("wallets/", include("wallets.urls")),
    path("jobs/", include("jobs.urls")),
    path("imports/", include("imports.urls")),
    path("search/", include("search.urls")),
    path("", include("workspace.urls")),
    path("api/v1/", api.urls),
    path("admin/", import_string("backoffice.site.back_office").urls),
]
handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error
