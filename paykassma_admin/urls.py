from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from paykassma_admin import errors, health
from paykassma_admin.api import api

# The back office has no sign-in of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's way

urlpatterns = [
    path("", include("dashboard.urls")),
    path("payments/transactions/", include("transactions.urls")),
    path("payments/accumulations/", include("accumulations.urls")),
    path("wallets/", include("wallets.urls")),
    path("", include("clients.urls")),
    path("language/", set_language, name="set_language"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
]
handler500 = errors.failed
