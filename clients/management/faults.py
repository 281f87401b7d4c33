from django.core.exceptions import ValidationError
from django.core.management.base import CommandError


def refusal(error: ValidationError) -> CommandError:
    """A line for each value: "slug: This is taken already." """
    lines = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
    return CommandError("\n".join(lines))
