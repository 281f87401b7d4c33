from django.urls import path

from clients import audit_pages, views
from clients.preferences import keep_preferences

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("audit/", audit_pages.AuditListView.as_view(), name="audit"),
    path("audit/export.csv", audit_pages.AuditExportView.as_view(), name="audit_export"),
    path("preferences/", keep_preferences, name="preferences"),
]
