from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Entry:
    """A line of the menu; without `view` it is a heading over its `entries`."""

    title: str | Promise
    icon: str = ""
    view: str = ""
    entries: tuple["Entry", ...] = ()
    query: str = ""  # with its "?", of the address that leads back to it


MENU = (
    Entry(_("Dashboard"), "outline/chart-bar", "dashboard:dashboard"),
    Entry(
        _("Payments"),
        "outline/credit-card",
        entries=(
            Entry(
                _("Transactions"),
                entries=(
                    Entry(_("Transactions"), "outline/arrows-left-right", "transactions:list"),
                ),
            ),
            Entry(_("Accumulations"), "outline/stack-2", "accumulations:list"),
        ),
    ),
    Entry(
        _("Wallets"),
        "outline/wallet",
        entries=(
            Entry(_("Balance request"), "outline/report-money", "wallets:balance"),
            Entry(_("Balance history"), "outline/chart-line", "wallets:history"),
        ),
    ),
    Entry(_("Imports"), "outline/file-import", "imports:list"),
    Entry(_("Jobs"), "outline/list-check", "jobs:list"),
    Entry(_("Members"), "outline/users", "members"),
    Entry(pgettext_lazy("menu", "API keys"), "outline/key", "keys"),
    Entry(_("Audit log"), "outline/history", "audit"),
)


# In no menu but that of one's own name.
SECURITY = Entry(
    _("Security"),
    view="mfa_index",
    entries=(
        Entry(_("Authenticator app"), view="mfa_activate_totp"),
        Entry(_("New passkey"), view="mfa_add_webauthn"),
        Entry(_("Remove a second factor"), view="remove_factor"),
        Entry(_("Recovery codes"), view="mfa_view_recovery_codes"),
        Entry(_("New recovery codes"), view="mfa_generate_recovery_codes"),
        Entry(pgettext_lazy("heading", "New password"), view="change_password"),
    ),
)
ABOUT = Entry(_("About"), view="about")  # in no menu but that of one's own name
VIEWS = Entry(_("Saved views"), view="views")  # in no menu: each stands under its list
BACK_OFFICE = Entry(_("Back office"), "outline/building", "admin:index")


def menu_path(view: str, entries: tuple[Entry, ...] = MENU) -> tuple[Entry, ...]:
    """Return the entries from the top of the menu to the one of `view`, or none.

    A missing page has no view, as headings have none: it is below none of them.
    """
    for entry in entries:
        if view and entry.view == view:
            return (entry,)
        if below := menu_path(view, entry.entries):
            return (entry, *below)
    return ()


# Where an error stands: whoever has a menu keeps it.
IN_FRAME, ALONE = "layout/error_in_frame.html", "layout/error_alone.html"

# What is no entry of the menu stands under one.
SECTIONS = {
    "transactions:detail": "transactions:list",
    "transactions:proof": "transactions:list",
    "transactions:notes": "transactions:list",
    "imports:detail": "imports:list",
    "jobs:detail": "jobs:list",
    "jobs:cancel": "jobs:list",
    "revoke_key": "keys",
    "member": "members",
    "change_role": "members",
    "remove_member": "members",
    "view": "views",
}


@cache
def view_roles(view: str) -> frozenset[str]:
    roles: frozenset[str] = resolve(reverse(view)).func.view_class.roles  # type: ignore[attr-defined]  # of class views
    return roles


def role_menu(role: str, entries: tuple[Entry, ...] = MENU) -> Iterator[Entry]:
    for entry in entries:
        below = tuple(role_menu(role, entry.entries))
        if below or (entry.view and role in view_roles(entry.view)):
            yield replace(entry, entries=below)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `menu`, and `breadcrumbs` of the current page."""
    match = request.resolver_match
    view = match.view_name if match else ""
    section = SECTIONS.get(view, view)
    breadcrumbs = menu_path(section, (*MENU, SECURITY, ABOUT, VIEWS))
    if section != view:
        breadcrumbs = link_to_list_state(breadcrumbs, request)
    menu = request_menu(request)
    return {
        "menu": menu,
        "breadcrumbs": breadcrumbs,
        "section": section,
        "error_layout": IN_FRAME if menu else ALONE,
        "has_search": bool(menu and getattr(request, "role", None)),
    }


def link_to_list_state(breadcrumbs: tuple[Entry, ...], request: HttpRequest) -> tuple[Entry, ...]:
    """Link back to the list with its filters and page, which the row's address has, too."""
    *above, section = breadcrumbs
    query = request.GET.urlencode()
    return (*above, replace(section, query=f"?{query}" if query else ""))


def request_menu(request: HttpRequest) -> list[Entry]:
    """Return the menu, empty while a required action is open: every page would lead back to it."""
    role = getattr(request, "role", None)
    if getattr(request, "required_action", ""):
        return []
    if role:
        return list(role_menu(role))
    user = getattr(request, "user", None)
    return [BACK_OFFICE] if user and user.is_staff else []
