from django.utils.translation import gettext_lazy as _

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
        ("+880 1712 345678", "Rahim"),
        _("a telephone number, or any part of a counterparty’s name"),
    ),
    (("4 750", "4750 14:00"), _("an amount of the last 7 days, in one hour if it is named")),
    (("633412345678, 633412345679",), _("up to 100 numbers at once")),
)
