from django.urls import path
from django.views.generic import TemplateView

from clients.mixins import ClientPageMixin


class Placeholder(ClientPageMixin, TemplateView):
    template_name = "placeholder.html"


app_name = "dashboard"
urlpatterns = [
    path("", Placeholder.as_view(), name="dashboard"),
    path("chart.json", Placeholder.as_view(), name="chart"),
]
