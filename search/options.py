"""The offers of the box: conditions, recent searches, saved views, and pages of the menu."""

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from clients.models import Client
from paykassma_admin.lists.fields import MAX_TEXT_LENGTH
from paykassma_admin.navigation import Entry, request_menu
from search.completion import MAX_OPTIONS, Option, completions
from search.recent import recent_searches
from workspace.saved_views.menu import views_by_list


class OptionGroup(TypedDict):
    title: str
    options: list[Option]


def options(request: HttpRequest, client: Client, text: str) -> dict[str, Any]:
    """Return the options that have `text`, in groups, and a sentence that tells their number."""
    typed = text[:MAX_TEXT_LENGTH].strip()
    found = [
        OptionGroup(title=pgettext("query", "Conditions"), options=completions(client, typed)),
        OptionGroup(title=_("Recent searches"), options=recent_options(request, client, typed)),
        OptionGroup(title=_("Saved views"), options=matching_views(request, typed)[:MAX_OPTIONS]),
        OptionGroup(title=_("Pages"), options=matching_pages(request, typed)),
    ]
    count = sum(len(group["options"]) for group in found)
    said = ngettext("%(count)s suggestion.", "%(count)s suggestions.", count) % {"count": count}
    return {"groups": [group for group in found if group["options"]], "said": said}


def recent_options(request: HttpRequest, client: Client, typed: str) -> list[Option]:
    recent = recent_searches(request, client.pk)
    search = reverse("search:search")
    return [
        Option(label=text, href=f"{search}?{urlencode({'q': text})}")
        for text in recent
        if typed.casefold() in text.casefold() and text != typed
    ]


def matching_views(request: HttpRequest, typed: str) -> list[Option]:
    """Return the saved views whose name has `typed`, of the lists that are in the menu."""
    views = views_by_list(request)
    return [
        Option(label=view.name, hint=str(entry.title), href=view.address)
        for entry in pages(request_menu(request))
        for view in views.get(entry.view, ())
        if typed.casefold() in view.name.casefold()
    ]


def matching_pages(request: HttpRequest, typed: str) -> list[Option]:
    """Return the pages of the menu whose name has `typed` in any language; all for ""."""
    return [
        Option(label=str(entry.title), href=reverse(entry.view))
        for entry in pages(request_menu(request))
        if any(typed.casefold() in name.casefold() for name in names(entry))
    ]


def pages(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield from [entry] if entry.view else []
        yield from pages(entry.entries)


def names(entry: Entry) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield str(entry.title)
