from django.urls import path

from transactions import exports, views
from transactions.detail.views import TransactionView

app_name = "transactions"
urlpatterns = [
    path("", views.TransactionListView.as_view(), name="list"),
    path("export.csv", exports.TransactionExportView.as_view(), name="export"),
    path("<int:pk>/", TransactionView.as_view(), name="detail"),
]
