from functools import cache
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.figures import current_language
from paykassma_admin.templatetags.icons import icon

register = template.Library()


@register.simple_tag
def copy_icon() -> SafeString:
    return SafeString(f"<div hidden>{icon('outline/copy', size=14, id='copy-drawing')}</div>")


@register.filter
def copy_button(text: str, language: str | None = None) -> SafeString:
    return SafeString(button_html(language or current_language()) % {"text": escape(text)})


@cache
def button_html(_language: str) -> str:
    """Return HTML without the text: a list has a hundred buttons."""
    name = escape(_("Copy %(text)s"))
    return (
        '<button type="button" class="pk-copy" data-pk-copy="%(text)s">'
        '<svg aria-hidden="true"><use href="#copy-drawing"/></svg>'
        f'<span class="visually-hidden">{name}</span></button>'
    )
