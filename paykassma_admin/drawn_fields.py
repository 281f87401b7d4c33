"""Fields of filter forms, each drawn once: drawing twelve of them takes as long as all the rest.

And what such a form keeps of its address, written in one pass: a dashboard has a dozen of them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape

from django import forms, template
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from paykassma_admin.looks import look

register = template.Library()

KEPT_SECONDS = 60 * 60


@register.filter
def drawn(fields: Iterable[forms.BoundField]) -> SafeString:
    """Together as they stood before, or each as it did."""
    each = [(field, "\0".join(shown(field))) for field in fields]
    together = "\0\0".join(text for _field, text in each)
    return SafeString(kept(together, lambda: "".join(drawing(*one) for one in each)))


@register.filter
def hidden_inputs(state: Iterable[tuple[str, object]]) -> SafeString:
    """Of pairs of an address."""
    inputs = (
        f'<input type="hidden" name="{escape(name)}" value="{escape(str(value))}">'
        for name, value in state
    )
    return SafeString("".join(inputs))


def drawing(field: forms.BoundField, shown: str) -> str:
    return kept(shown, partial(render_to_string, "includes/filter_field.html", {"field": field}))


def kept(shown: str, draw: Callable[[], str]) -> str:
    """Kept under all that it shows, so that no one is shown what another was offered."""
    key = hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
    return str(cache.get_or_set(key, draw, KEPT_SECONDS))


def shown(field: forms.BoundField) -> Iterator[str]:
    yield from ("drawn field", get_language() or "", field.html_name, str(field.value()))
    yield from map(str, field.errors)
    yield look(field.field)
