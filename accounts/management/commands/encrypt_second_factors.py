from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.mfa.encryption import rotate_secrets
from paykassma_admin.database.tenancy import WORKER


class Command(BaseCommand):
    help = (
        "Encrypts second factors under the secret key of now; once none is left to be,"
        " those of before may leave SECRET_KEY_FALLBACKS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = rotate_secrets(using=WORKER)
        self.stdout.write(_("Second factors re-encrypted: %d") % found["encrypted"])
        if found["lost"]:
            self.stderr.write(_("Lost, since their secret key is gone: %d") % found["lost"])
