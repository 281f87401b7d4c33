from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobsView.as_view(), name="list"),
    path("<int:pk>/", views.JobView.as_view(), name="detail"),
    path("<int:pk>/cancel/", views.CancelJobView.as_view(), name="cancel"),
]
