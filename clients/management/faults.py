from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin.database.tenancy import WORKER


def get_client(slug: str) -> Client:
    """Return the Client, as worker: web sees none without a tenant."""
    try:
        return Client.objects.using(WORKER).get(slug=slug)
    except Client.DoesNotExist:
        raise CommandError(_("There is no Client “%(slug)s”.") % {"slug": slug}) from None


def command_error(error: ValidationError) -> CommandError:
    """Return an error with a line for each field, as in "slug: This is taken already"."""
    lines = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
    return CommandError("\n".join(lines))
