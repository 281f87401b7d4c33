from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccumulationsConfig(AppConfig):
    name = "accumulations"
    verbose_name = _("Accumulations")
