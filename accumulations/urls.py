from django.urls import path

from accumulations import exports, views
from paykassma_admin.exports.json_lines import JSON_LINES

app_name = "accumulations"
urlpatterns = [
    path("", views.AccumulationListView.as_view(), name="list"),
    path("export.csv", exports.AccumulationExportView.as_view(), name="export"),
    path(
        "export.jsonl",
        exports.AccumulationExportView.as_view(file_format=JSON_LINES),
        name="export_json_lines",
    ),
]
