from django.urls import path
from django.views.generic import TemplateView

app_name = "transactions"
urlpatterns = [
    path("", TemplateView.as_view(template_name="placeholder.html"), name="list"),
    path("<int:pk>/", TemplateView.as_view(template_name="placeholder.html"), name="detail"),
]
