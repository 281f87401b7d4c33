from django.urls import path

from clients import views
from clients.preferences import keep_preferences

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("preferences/", keep_preferences, name="preferences"),
]
