"""What a person reads of an answer."""

import re
from html import unescape


def words(response):
    """The text without tags; runs of spaces, no-break ones too, as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def numbers(response):
    """The numbers of the rows that a list shows, in its order."""
    return [row.record.number for row in response.context["table"].page.object_list]


def errors(response):
    """The errors of a list's filters: field → sentences."""
    return {name: list(found) for name, found in response.context["filter"].form.errors.items()}
