"""The sentence of success on the next page: Django's messages, in a cookie named as ours."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Sentences(FallbackStorage):
    storage_classes = (HostCookieStorage, SessionStorage)
