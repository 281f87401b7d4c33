"""What a text is by its look, before anything is looked up."""

import re
from urllib.parse import urlencode

from django.urls import reverse

QUERY = re.compile(
    r"(?:^|\s)-?(?:status|state|system|wallet|amount|logged|type|label|order|number|counterparty"
    r"|country|currency|direction|is|has|no|sort|[\u0400-\u04ff]+):\S",
    re.IGNORECASE,
)
SELECTIVE_DIGITS = 6  # of which the index of names has few rows


def query_address(text: str) -> str:
    """Return the address of the list that a query asks for; "" where the text is no query."""
    if not QUERY.search(text):
        return ""
    return f"{reverse('transactions:list')}?{urlencode({'q': text})}"


def is_costly_text(text: str) -> bool:
    """Return whether it may be a part of many names."""
    has_few_rows = sum(sign.isdigit() for sign in text) >= SELECTIVE_DIGITS
    return bool(text.strip()) and not has_few_rows and not QUERY.search(text)
