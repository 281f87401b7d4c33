from django.urls import path

from accumulations import views

app_name = "accumulations"
urlpatterns = [path("", views.AccumulationListView.as_view(), name="list")]
