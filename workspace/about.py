"""The page that says what this is: its version, and whose work it stands on."""

from functools import cache
from importlib.metadata import metadata
from typing import Any, NamedTuple

from django.views.generic.base import TemplateView

import paykassma_admin
from workspace.pages import ClientPageMixin

# What a page of it runs on; all that production installs stands in requirements.txt.
LIBRARIES = (
    "Django",
    "django-filter",
    "django-tables2",
    "django-chartjs",
    "django-allauth",
    "django-ninja",
    "django-htmx",
    "psycopg",
    "gunicorn",
    "whitenoise",
    "babel",
)


class Library(NamedTuple):
    name: str
    version: str
    license: str


class AboutView(ClientPageMixin, TemplateView):
    template_name = "workspace/about.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = paykassma_admin.__version__
        return super().get_context_data(version=version, libraries=libraries(), **kwargs)


@cache
def libraries() -> list[Library]:
    return [library(name) for name in LIBRARIES]


def library(name: str) -> Library:
    about = metadata(name)
    classifiers = [each.split(" :: ") for each in about.get_all("Classifier") or ()]
    named = [parts[-1] for parts in classifiers if parts[0] == "License"]
    license_ = about.get("License-Expression") or ", ".join(named) or about["License"] or ""
    return Library(name, about["Version"], license_.split("\n")[0])
