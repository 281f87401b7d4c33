from django.urls import path

from wallets import views
from wallets.upstream.history import BalanceHistoryView

app_name = "wallets"
urlpatterns = [
    path("balance/", views.BalanceRequestView.as_view(), name="balance"),
    path("balance/history/", BalanceHistoryView.as_view(), name="history"),
]
