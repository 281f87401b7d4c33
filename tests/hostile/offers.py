"""Offers of the pages: forms, parameters of links, and filters.

So a new filter, form or page is asked without being named here.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.contrib.contenttypes.models import ContentType
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils.regex_helper import normalize
from django_filters import FilterSet

from backoffice.site import back_office

MOST_VALUES = 12  # of one field
FORMS_OF_A_QUERY = ["/views/?list=audit"]  # without it the page has none
IDS = r"/(\d+|[0-9a-f]{16}|[^/]{30,})(?=/)"  # of rows, of sessions, and what opens something


@dataclass
class Offer:
    """A page as one visitor may request it, with the offered values of each name."""

    visitor: str
    method: str
    path: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        values = self.fields.setdefault(name, [])
        if value not in values and len(values) < MOST_VALUES:
            values.append(value)


class Offers:
    """Offers to draw from, each page weighted by its number of fields."""

    def __init__(self, offers: list[Offer]) -> None:
        self.offers = offers
        alike = Counter(map(kind_of, offers))
        each = ((1 + len(offer.fields)) / alike[kind_of(offer)] for offer in offers)
        self.weights = list(accumulate(each))

    def draw(self, chance: Random) -> Offer:
        return chance.choices(self.offers, cum_weights=self.weights)[0]


def kind_of(offer: Any) -> tuple[str, str]:
    return offer.method, re.sub(IDS, "/…", str(offer.path))


class Forms(HTMLParser):
    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address = address
        self.sent: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.form: tuple[str, str] | None = None
        self.fields: list[tuple[str, str]] = []
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "data-pk-chart-url"):
            if "?" in given.get(name, ""):
                self.add("GET", given[name], parse_qsl(urlsplit(given[name]).query, True))
        if tag == "form":
            method = given.get("method", "get").upper()
            self.form, self.fields = (method, given.get("action", "")), []
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "option" and self.select:
            self.fields.append((self.select, given.get("value", "")))
        elif given.get("type") == "checkbox" and "name" in given:
            self.fields += [(given["name"], given.get("value", "on")), (given["name"], "")]
        elif tag in ("input", "textarea", "button") and "name" in given:
            self.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form:
            self.add(*self.form, self.fields)
            self.form = None
        elif tag == "select":
            self.select = ""

    def add(self, method: str, action: str, fields: list[tuple[str, str]]) -> None:
        self.sent.append((method, urlsplit(urljoin(self.address, action)).path, fields))


def offers(visitor: str, addresses: list[str], html_of: Callable[[str], str]) -> list[Offer]:
    """Return offers, also each address by itself; `html_of` returns "" for other files."""
    found = {("GET", address): Offer(visitor, "GET", address) for address in addresses}
    for address in [*addresses, *FORMS_OF_A_QUERY]:
        for method, path, fields in Forms(address, html_of(address)).sent:
            offer = found.setdefault((method, path), Offer(visitor, method, path))
            for name, value in fields:
                offer.add(name, value)
    for (method, address), offer in found.items():
        for name in filters_of(address) if method == "GET" else ():
            offer.fields.setdefault(name, [])
    return list(found.values())


def filters_of(address):
    """Return all filters, also those that no form of the page shows."""
    try:
        module = sys.modules[resolve(address).func.__module__]
    except Resolver404:
        return []
    return [name for each in vars(module).values() if is_set(each) for name in each.base_filters]


def is_set(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, FilterSet)


def addresses(ids: dict[str, list[Any]]) -> Iterator[str]:
    """Yield addresses of all patterns, with `ids` by the table's name or the first part."""
    for template, names, _pattern in templates():
        for values in zip(*(ids_for(template, name, ids) for name in names), strict=False):
            yield template % dict(zip(names, values, strict=True))
        if not names:
            yield template


def templates(
    patterns: Any = None, before: str = "/"
) -> Iterator[tuple[str, list[str], URLPattern]]:
    """Yield (address with places for its parameters, their names, the pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        for template, names in normalize(pattern.pattern.regex.pattern):
            if isinstance(pattern, URLPattern):
                yield before + template, names, pattern
            else:
                yield from templates(pattern.url_patterns, before + template)


def ids_for(template: str, name: str, ids: dict[str, list[Any]]) -> list[Any]:
    parts = template.strip("/").split("/")
    if name == "app_label":
        return sorted({model._meta.app_label for model in back_office._registry})
    if name == "url":
        return ["clients"]
    if name == "content_type_id":
        return [ContentType.objects.get(app_label="clients", model="client").pk]
    if parts[0] == "admin":
        return ids.get(f"{parts[1]}_{parts[2]}", ["1"])
    return ids.get("/".join(parts[:2]), ids.get(parts[0], ["1"]))
