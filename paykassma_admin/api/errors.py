from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

BAD_IDENTIFIER = "bad_identifier"  # whose message is the reason

# By the names that pydantic gives to what it finds wrong.
REASONS: dict[str, str | Promise] = {
    "missing": gettext_lazy("“%(field)s” is missing."),
    "string_type": gettext_lazy("“%(field)s” must be a string."),
    "string_too_short": gettext_lazy("“%(field)s” is empty."),
    "string_too_long": gettext_lazy("“%(field)s” is too long."),
}


def error_reason(errors: list[dict[str, Any]]) -> str:
    """Return the first error of a body; its place is ("body", parameter, field)."""
    _body, _parameter, *field = errors[0]["loc"]
    if not field:
        return _("The body must be a JSON object.")
    if errors[0]["type"] == BAD_IDENTIFIER:
        return _("“%(field)s” %(fault)s.") % {"field": field[0], "fault": errors[0]["msg"]}
    sentence = REASONS.get(errors[0]["type"]) or _("“%(field)s” is not valid.")
    return str(sentence) % {"field": field[0]}
