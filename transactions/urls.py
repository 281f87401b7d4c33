from django.urls import path

from transactions import exports, views

app_name = "transactions"
urlpatterns = [
    path("", views.TransactionListView.as_view(), name="list"),
    path("export.csv", exports.TransactionExportView.as_view(), name="export"),
    path("<int:pk>/", views.TransactionView.as_view(), name="detail"),
]
