"""A button that copies a text, where there are scripts."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from paykassma_admin.icons import icon

register = template.Library()


@register.filter
def copy_button(text: str) -> SafeString:
    drawing = icon("outline/copy", size=14, aria_hidden="true")
    name = escape(_("Copy %(text)s") % {"text": text})
    return mark_safe(  # noqa: S308  # escaped, or our own icon
        f'<button type="button" class="pk-copy" data-pk-copy="{escape(text)}">{drawing}'
        f'<span class="visually-hidden">{name}</span></button>'
    )
