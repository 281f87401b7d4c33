"""The check that everything is requested: an incomplete run does not begin."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.urls import Resolver404, URLPattern, resolve
from django.views.generic import RedirectView

from backoffice.site import back_office
from tests.hostile.offers import Offer, Offers, addresses, offers, templates

BACK_OFFICE = "/admin/"
TOKEN = "csrfmiddlewaretoken"
# Functions do not say what they take.
POSTED_FUNCTIONS = {"end_impersonation", "preferences", "invitation"}


# To whom Clients' pages do not open. Others' offers are asked by them, too: requests.py.
OUTSIDE = ("waiting", "newcomer", "unassigned", "shut out")


class IncompleteRun(Exception):
    """Pages or forms that no request of the run would reach."""


def collect_offers(cast: Any, html_of: Callable[[str, str], str]) -> list[Offer]:
    """Return the offers of each visitor; a key has those of the anonymous."""
    every = sorted(set(addresses(cast.ids)))
    found = [
        offer
        for visitor in cast.cookies
        if visitor not in cast.keys
        for offer in offers(visitor, every, partial(html_of, visitor))
    ]
    found = [
        offer for offer in found if offer.visitor not in OUTSIDE or is_open_to_outsiders(offer)
    ]
    found += [replace(o, visitor="key") for o in found if o.visitor == "anonymous"]
    if missing := sorted(missing_requests(found)):
        raise IncompleteRun(", ".join(missing))
    return found


def is_open_to_outsiders(offer: Offer) -> bool:
    return offer.method == "POST" or offer.path.startswith(("/login/", "/security/"))


def group_by_kind(found: list[Offer]) -> dict[str, Offers]:
    inside = [o for o in found if o.path.startswith(BACK_OFFICE) and o.visitor == "administrator"]
    pages = [offer for offer in found if not offer.path.startswith(BACK_OFFICE)]
    return {"pages": Offers(pages), "back office": Offers(inside)}


def missing_requests(found: list[Offer]) -> set[str]:
    """Return patterns without an offer, and POSTs without one that has a token."""
    asked = {view_of(offer.path) for offer in found}
    posted = {view_of(o.path) for o in found if o.method == "POST" and TOKEN in o.fields}
    every = list(templates())
    never = {f"GET {template}" for template, _names, each in every if each.callback not in asked}
    return never | {
        f"POST {template}"
        for template, _names, each in every
        if takes_posts(each) and each.callback not in posted
    }


def view_of(path: str) -> Any:
    try:
        return resolve(path).func
    except Resolver404:
        return None


def takes_posts(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "view_class", None)
    if view is None:
        return pattern.name in POSTED_FUNCTIONS | back_office_posts()
    if issubclass(view, RedirectView):
        return False
    return hasattr(view, "post") and "post" in view.http_method_names


def back_office_posts() -> set[str]:
    """Return names of admin forms, by its rights: nothing is deleted there."""
    anybody: Any = SimpleNamespace(user=SimpleNamespace(has_perm=lambda *_: True))
    found = {"auth_user_password_change"}
    for model, admin in back_office._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        may = {
            "add": admin.has_add_permission(anybody),
            "change": admin.has_change_permission(anybody),
            "changelist": bool(admin.actions),
        }
        found |= {f"{name}_{what}" for what, is_offered in may.items() if is_offered}
    return found
