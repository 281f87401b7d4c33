from django.urls import path

from wallets import views

app_name = "wallets"
urlpatterns = [path("balance/", views.BalanceRequestView.as_view(), name="balance")]
