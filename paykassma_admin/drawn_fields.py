"""Fields of filter forms, each drawn once: drawing twelve of them takes as long as all the rest."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import cast

from django import forms, template
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

KEPT_SECONDS = 60 * 60


@register.filter
def drawn(field: forms.BoundField) -> SafeString:
    """Kept under all that it shows, so that no one is shown what another was offered."""
    key = hashlib.sha256("\0".join(shown(field)).encode("utf-8", "surrogatepass")).hexdigest()
    html = cache.get(key)
    if html is None:
        html = render_to_string("includes/filter_field.html", {"field": field})
        cache.set(key, html, KEPT_SECONDS)
    return SafeString(html)


def shown(field: forms.BoundField) -> Iterator[str]:
    yield from ("drawn field", get_language() or "", field.html_name, str(field.value()))
    yield from map(str, field.errors)
    if isinstance(field.field, forms.ChoiceField):
        # At once: Python is slower to walk over hundreds of choices one by one.
        yield repr([*cast(Iterable[object], field.field.choices)])
