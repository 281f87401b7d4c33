from django.urls import path
from django.views.generic import TemplateView

app_name = "wallets"
urlpatterns = [
    path("balance/", TemplateView.as_view(template_name="placeholder.html"), name="balance")
]
