from collections import defaultdict
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from workspace.models import SavedView

register = template.Library()


@register.filter
def of_list(views: Any, name: str) -> list[SavedView]:
    """Return none on an error's page, which has no views."""
    found: list[SavedView] = views.get(name, []) if views else []
    return found


def saved_views(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `views`, those of the member by list; asked where a menu stands."""
    return {"views": SimpleLazyObject(lambda: views_by_list(request))}


def views_by_list(request: Any) -> dict[str, list[SavedView]]:
    """Return the views that the member sees, read once for a request."""
    if not hasattr(request, "views_by_list"):
        request.views_by_list = read_views(request)
    found: dict[str, list[SavedView]] = request.views_by_list
    return found


def read_views(request: Any) -> dict[str, list[SavedView]]:
    found: defaultdict[str, list[SavedView]] = defaultdict(list)
    client = getattr(request, "client", None)
    if client is not None and request.user.is_authenticated:
        views = SavedView.objects.for_client(client).visible_to(request.user)
        for view in views.order_by("name", "pk"):
            found[view.list_name].append(view)
    return dict(found)
