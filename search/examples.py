from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EXAMPLES = (
    (
        ("6334 1234 5678", "2026-99120", "user-7841"),
        _(
            "a transaction number, order number or label, whole; words before it, spaces and"
            " hyphens do no harm"
        ),
    ),
    (("user-78*",), _("what begins so")),
    (
        ("+880 1712 345678", pgettext_lazy("query", "Rahim")),
        _("a telephone number, at least five digits of it, or any part of a counterparty’s name"),
    ),
    (("4 750", "4750 14:00"), _("an amount of the last 7 days, in one hour if it is named")),
    (("633412345678, 633412345679",), _("up to 100 numbers at once")),
    (
        (pgettext_lazy("query", "status:pending amount:>5000 -type:fake"),),
        _("a list by its conditions, which the box completes while you type"),
    ),
)
