"""Cached HTML of filter fields: rendering twelve of them takes as long as the rest of the page."""

from collections.abc import Iterable
from functools import partial
from html import escape

from django import forms, template
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from paykassma_admin.cache_keys import Part, cache_key
from paykassma_admin.lists.fingerprints import fingerprint

register = template.Library()

CACHE_SECONDS = 60 * 60


@register.filter
def render_fields(fields: Iterable[forms.BoundField], client_id: int | None) -> SafeString:
    """Return cached HTML; render only the fields that changed."""
    each = [(field, field_state(field)) for field in fields]
    key = cache_key("drawn fields", client_id, *(parts for _field, parts in each))

    def draw() -> str:
        return "".join(render_field(field, client_id, parts) for field, parts in each)

    return SafeString(cache.get_or_set(key, draw, CACHE_SECONDS))


@register.filter
def hidden_inputs(state: Iterable[tuple[str, object]]) -> SafeString:
    inputs = (
        f'<input type="hidden" name="{escape(name)}" value="{escape(str(value))}">'
        for name, value in state
    )
    return SafeString("".join(inputs))


def render_field(field: forms.BoundField, client_id: int | None, parts: Part) -> str:
    key = cache_key("drawn field", client_id, parts)
    draw = partial(render_to_string, "includes/filter_field.html", {"field": field})
    return str(cache.get_or_set(key, draw, CACHE_SECONDS))


def field_state(field: forms.BoundField) -> Part:
    errors = tuple(str(error) for error in field.errors)
    return (get_language(), field.html_name, field.value(), errors, fingerprint(field.field))
