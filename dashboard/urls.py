from django.urls import path

from dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.DashboardView.as_view(), name="dashboard"),
    path("chart.csv", views.DashboardFileView.as_view(), name="file"),
    path("chart.json", views.DashboardChartView.as_view(), name="chart"),
]
