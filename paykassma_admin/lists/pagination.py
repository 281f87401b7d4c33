"""Links between the pages of a list; a template loop would cost half a page of rows."""

from collections.abc import Iterator
from html import escape
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.lists.tables import PAGE_SIZES

register = template.Library()

ELLIPSIS = "<span>…</span>"


@register.simple_tag
def page_links(page: Page[Any], address: str, *, is_last_known: bool) -> SafeString:
    """Return links; `address` ends where a page's number follows."""
    return SafeString("\n".join(links(page, escape(address), is_last_known)))


def links(page: Page[Any], address: str, is_last_known: bool) -> Iterator[str]:
    if page.has_previous():
        yield neighbour_link("prev", f"{address}{page.number - 1}", "‹", _("Previous page"))
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        current = ' aria-current="page"' if number == page.number else ""
        is_page = isinstance(number, int)
        yield f'<a href="{address}{number}"{current}>{number}</a>' if is_page else ELLIPSIS
    if not is_last_known:
        yield ELLIPSIS
    if page.has_next():
        yield neighbour_link("next", f"{address}{page.number + 1}", "›", _("Next page"))


def neighbour_link(rel: str, address: str, arrow: str, name: str) -> str:
    spoken = f'<span class="visually-hidden">{escape(name)}</span>'
    return f'<a rel="{rel}" href="{address}">{arrow} {spoken}</a>'


@register.filter
def page_sizes(chosen: int) -> SafeString:
    buttons = (
        f'<button type="submit" name="page_size" value="{size}"'
        f' aria-pressed="{"true" if size == chosen else "false"}">{size}</button>'
        for size in PAGE_SIZES
    )
    return SafeString("\n".join(buttons))
