from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.ImportsView.as_view(), name="list"),
    path("<int:pk>/", views.ImportView.as_view(), name="detail"),
    path("<int:pk>/refused.csv", views.RefusedView.as_view(), name="refused"),
]
