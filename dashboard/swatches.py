"""A piece of a series, to be found again in the chart; each drawn once: a legend has forty."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from paykassma_admin.charts.styles import Style

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)  # `kind` comes out of the address
def swatch(style: Style, kind: str) -> SafeString:
    """`kind` is line or bar."""
    return render_to_string("dashboard/includes/swatch.html", {"style": style, "kind": kind})
