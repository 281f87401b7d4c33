from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("", views.SearchView.as_view(), name="search"),
    path("complete.json", views.CompletionView.as_view(), name="complete"),
]
