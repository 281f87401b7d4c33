"""A sample of a series for the legend, each rendered once: a legend has forty."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from paykassma_admin.charts.styles import Style

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)  # `kind` comes out of the address
def swatch(style: Style, kind: str) -> SafeString:
    """Render a sample; `kind` is line or bar."""
    return render_to_string("dashboard/includes/swatch.html", {"style": style, "kind": kind})
