from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Users and sign-in")

    def ready(self) -> None:
        # Sessions first: they begin before a sign-in is recorded.
        from accounts import checks, sessions  # noqa: F401
        from accounts.sign_in import security_events  # noqa: F401
