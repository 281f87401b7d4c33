from django.urls import path

from devtools.benchmarks.tutorial import views
from paykassma_admin.urls import urlpatterns as ours

urlpatterns = [
    path("", views.DashboardView.as_view()),
    path("payments/transactions/", views.TransactionListView.as_view()),
    *ours,
]
handler500 = "paykassma_admin.errors.server_error"
