from django.urls import path

from accumulations import exports, views

app_name = "accumulations"
urlpatterns = [
    path("", views.AccumulationListView.as_view(), name="list"),
    path("export.csv", exports.AccumulationExportView.as_view(), name="export"),
]
