from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(TextChoices):
    """The end of a question to an upstream: an answer, or why there is none."""

    ANSWERED = "answered", pgettext_lazy("an upstream", "Answered")
    UNAVAILABLE = "unavailable", pgettext_lazy("an upstream", "Wallet not available")
    SLOW = "slow", _("No answer in time")
    CLOSED = "closed", _("No connection")
    ERROR = "error", pgettext_lazy("an upstream", "Error")
    REDIRECT = "redirect", pgettext_lazy("an upstream", "Redirect")
    TOO_LARGE = "too_large", _("Answer too large")
    NONSENSE = "nonsense", _("Answer not understood")
    FORBIDDEN = "forbidden", _("Address not allowed")
    NO_SECRET = "no_secret", _("Secret lost")
    INTERRUPTED = "interrupted", pgettext_lazy("an upstream", "Interrupted")

    @property
    def is_answer(self) -> bool:
        return self in ANSWERS


ANSWERS = (Outcome.ANSWERED, Outcome.UNAVAILABLE)

SENTENCES = {
    Outcome.SLOW: _("The payment system did not answer in time."),
    Outcome.CLOSED: _("The payment system cannot be reached."),
    Outcome.ERROR: _("The payment system answered with an error."),
    Outcome.REDIRECT: _("The payment system answered from another address, which is not followed."),
    Outcome.TOO_LARGE: _("The payment system’s answer is too large to be a balance."),
    Outcome.NONSENSE: _("The payment system’s answer cannot be understood."),
    Outcome.FORBIDDEN: _("The payment system’s address is not allowed. Tell your administrator."),
    Outcome.NO_SECRET: _("The payment system’s secret is lost. Tell your administrator."),
    Outcome.INTERRUPTED: _("The request to the payment system was interrupted."),
}
