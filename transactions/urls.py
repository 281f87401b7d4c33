from django.urls import path

from transactions import views

app_name = "transactions"
urlpatterns = [
    path("", views.TransactionListView.as_view(), name="list"),
    path("<int:pk>/", views.TransactionView.as_view(), name="detail"),
]
