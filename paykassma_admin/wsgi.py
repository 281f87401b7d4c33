import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paykassma_admin.settings")


class Request(WSGIRequest):
    """Keep the charset that the sender names, undecoded: request_body.py refuses all but UTF-8.

    Django would decode the address by it, at once, and fall over one that is no charset of texts.
    """

    encoding: str | None = None  # Django's is a property that decodes


class Handler(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
application = Handler()
