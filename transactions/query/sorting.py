from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sort(TextChoices):
    """The orders of a list beside its own, which is newest first."""

    OLDEST = "date", _("Oldest first")
    SMALLEST = "amount", _("Smallest amount first")
    LARGEST = "-amount", _("Largest amount first")


# The orders of a column, ascending and descending.
SORTED_COLUMNS = {
    "amount": (Sort.SMALLEST, Sort.LARGEST),
    "logged_at": (Sort.OLDEST, ""),
}
BY_AMOUNT = frozenset({Sort.SMALLEST, Sort.LARGEST})
ORDERS: dict[str, tuple[str, str]] = {
    "": ("-logged_at", "-id"),
    Sort.OLDEST: ("logged_at", "id"),
    Sort.SMALLEST: ("amount", "id"),
    Sort.LARGEST: ("-amount", "-id"),
}
