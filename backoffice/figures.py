from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.db.models import Model

from paykassma_admin import formats

# Figures as everywhere else; what stock admin writes has all places of the column.
FIGURES: dict[str, Callable[[Any], str]] = {
    "amount": lambda row: formats.money(row.amount, row.currency),
    "amount_usd": lambda row: formats.money(row.amount_usd, "USD"),
    "commission_percent": lambda row: formats.percent(row.commission_percent),
    "usd_rate": lambda row: formats.rate(row.usd_rate),
}


def format_figures(model: type[Model], names: Sequence[Any]) -> list[Any]:
    return [figure_column(model, name) if name in FIGURES else name for name in names]


def format_computed(model_admin: admin.ModelAdmin[Any], names: Sequence[Any]) -> list[Any]:
    """Format a detail page's computed values as a list's: stock admin writes None and ISO there."""
    return [formatted_column(model_admin, name) for name in names]


def formatted_column(model_admin: admin.ModelAdmin[Any], name: Any) -> Any:
    method = getattr(model_admin, name, None) if isinstance(name, str) else None
    if not callable(method) or getattr(method, "boolean", False):
        return name

    @admin.display(description=method.short_description)
    def computed(row: Any) -> str:
        return display_for_value(method(row), model_admin.get_empty_value_display())

    computed.__name__ = name
    return computed


def figure_column(model: type[Model], name: str) -> Callable[[Any], str]:
    @admin.display(description=model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
    def figure(row: Any) -> str:
        return FIGURES[name](row)

    figure.__name__ = name  # its class in the page
    return figure
