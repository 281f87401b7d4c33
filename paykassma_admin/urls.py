from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.utils.module_loading import import_string
from django.views.i18n import set_language

from paykassma_admin import errors, health
from paykassma_admin.api import api

urlpatterns = [
    path("", include("dashboard.urls")),
    path("payments/transactions/", include("transactions.urls")),
    path("payments/accumulations/", include("accumulations.urls")),
    path("wallets/", include("wallets.urls")),
    path("", include("clients.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", api.urls),
    path("admin/", import_string("clients.back_office.back_office").urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
]
handler500 = errors.failed
