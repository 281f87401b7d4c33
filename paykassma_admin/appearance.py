from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

THEME_COOKIE = f"{settings.COOKIE_PREFIX}theme"


class Theme(TextChoices):
    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(TextChoices):
    """Heights of the rows of lists: without a choice they are dense."""

    DENSE = "dense", _("Dense")
    ROOMY = "roomy", _("Roomy")


# Seconds after which a list asks for its newest rows by itself; 0 for never.
REFRESH_INTERVALS = (0, 15, 30, 60)


def appearance(request: HttpRequest) -> dict[str, object]:
    """Context processor: `theme`, from a cookie, since pages before sign-in have one too."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": chosen if chosen in Theme.values else Theme.SYSTEM, "themes": Theme.choices}
