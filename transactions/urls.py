from django.urls import path

from paykassma_admin.exports.json_lines import JSON_LINES
from transactions import exports, views
from transactions.detail.views import NoteView, TransactionView
from transactions.proof.views import ProofView

app_name = "transactions"
urlpatterns = [
    path("", views.TransactionListView.as_view(), name="list"),
    path("export.csv", exports.TransactionExportView.as_view(), name="export"),
    path(
        "export.jsonl",
        exports.TransactionExportView.as_view(file_format=JSON_LINES),
        name="export_json_lines",
    ),
    path("why/", ProofView.as_view(), name="proof"),
    path("<int:pk>/", TransactionView.as_view(), name="detail"),
    path("<int:pk>/notes/", NoteView.as_view(), name="notes"),
]
