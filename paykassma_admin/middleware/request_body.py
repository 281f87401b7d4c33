"""Limits on request bodies, which are read before anything else is done, or refused.

Read in the middle of a view, or of an error's page, a broken body would be a failure of ours.
"""

import codecs
from collections.abc import Callable
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from paykassma_admin.api.problems import problem
from paykassma_admin.errors import API

MAX_API_BYTES = 2 * 1024 * 1024
UPLOADS = "/imports/"  # its view reads the file, once it knows whose it is


class RejectFiles(FileUploadHandler):
    """An upload handler that refuses files; Django's own would write them to the disk first."""

    def new_file(self, *args: object, **kwargs: object) -> NoReturn:
        raise BadRequest("A file was sent, and no page takes one")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:
        raise NotImplementedError

    def file_complete(self, file_size: int) -> NoReturn:
        raise NotImplementedError


class RequestGuardMiddleware:
    """Read the body before session and database: a slow sender holds no connection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == UPLOADS:
            require_utf_8(request)
        elif not request.path.startswith(API):
            require_utf_8(request)
            read_form(request)
        elif settings.SERVED_OVER_HTTPS and not request.is_secure():
            # Pages are redirected by Django; a key is not even looked at.
            reason = _("Ask over HTTPS. If a key was sent just now, revoke it: others may have it.")
            return problem(403, reason)
        elif content_length(request) > MAX_API_BYTES:
            return problem(413, _("The body is larger than 2 MB. Send fewer rows at once."))
        else:
            request._mark_post_parse_error()  # type: ignore[attr-defined]  # it takes no forms
            read_body(request)
        return self.get_response(request)


def require_utf_8(request: HttpRequest) -> None:
    """Refuse other charsets, in which a text may come that no page can be written with.

    Beside a wrong password such a page would fail, and undo the count of the attempt.
    """
    if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
        raise BadRequest("The body is in another charset than UTF-8")


def read_form(request: HttpRequest) -> None:
    if content_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise BadRequest("The body is too big")
    try:
        _read = request.POST
    except UnreadablePostError as error:
        raise BadRequest("The body broke off") from error


def read_body(request: HttpRequest) -> None:
    try:
        _read = request.body
    except UnreadablePostError as error:
        raise BadRequest("The body broke off") from error


def content_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
