from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
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


def figure_column(model: type[Model], name: str) -> Callable[[Any], str]:
    @admin.display(description=model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
    def figure(row: Any) -> str:
        return FIGURES[name](row)

    figure.__name__ = name  # its class in the page
    return figure
