"""Inline SVG icons, rendered once each: a page has forty, which took five ms."""

from functools import cache

from django import template
from django.utils.safestring import SafeString
from tablericons.templatetags import tablericons

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, *, size: int = 24, **attributes: str) -> SafeString:
    return SafeString(tablericons.icon(name, size=size, **attributes))
