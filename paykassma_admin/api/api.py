"""The JSON API. Its operations need a key, the pages that describe it a sign-in."""

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from secrets import token_hex
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from paykassma_admin.api.errors import error_reason
from paykassma_admin.api.problems import MEDIA_TYPE, Refused, problem
from paykassma_admin.imports.batches import shorten

DESCRIPTION_PAGES = {"openapi-json", "openapi-view"}


class RepeatedKeyError(ValueError):
    """A key stands twice in an object of JSON."""


class OneValueParser(Parser):
    """A parser that refuses repeated keys: taking the last would be a guess.

    It reads only UTF-8, with a byte order mark or without: `json.loads` guesses.
    """

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(
            request.body.decode("utf-8-sig"), object_pairs_hook=_unique_object
        )
        return body


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    together = dict(pairs)
    if len(together) < len(pairs):
        raise RepeatedKeyError(Counter(key for key, _value in pairs).most_common(1)[0][0])
    return together


class ExactRenderer(JSONRenderer):
    """A renderer of Decimal as a number with all its digits: Django would make a text of it."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        mark = token_hex(16)  # that stands in no text of `data`

        class Encoder(NinjaJSONEncoder):
            def default(self, o: Any) -> Any:
                return f"{mark}{o:f}{mark}" if isinstance(o, Decimal) else super().default(o)

        written = json.dumps(data, cls=Encoder)
        return written.replace(f'"{mark}', "").replace(f'{mark}"', "")


class Api(NinjaAPI):
    def _get_urls(self) -> list[Any]:
        patterns: list[Any] = super()._get_urls()
        for pattern in patterns:
            if pattern.name not in DESCRIPTION_PAGES:
                pattern.callback = login_not_required(complete(pattern.callback))
        return patterns

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        described = super().get_openapi_schema(*args, **kwargs)
        for operations in described["paths"].values():
            for operation in operations.values():
                describe_problems(operation["responses"])
        return described


def describe_problems(responses: dict[Any, Any]) -> None:
    """Name the media type of refusals: ninja knows one for all answers."""
    for status, response in responses.items():
        if int(status) >= 400 and (content := response.get("content")):
            response["content"] = {MEDIA_TYPE: next(iter(content.values()))}


def complete(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Add what the key has left of its minute, and a reason to 405, which ninja sends as text."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers["Allow"]
            reason = _("Ask with %(methods)s.") % {"methods": allowed}
            response = problem(405, reason, headers={"Allow": allowed})
        for name, value in getattr(request, "rate_headers", {}).items():
            response.headers[name] = value
        return response

    return answer


api = Api(
    title="Paykassma Admin",
    version="1",
    urls_namespace="api",
    parser=OneValueParser(),
    renderer=ExactRenderer(),
)
api.add_router("/wallets", "wallets.api.balance.router")
api.add_router("/wallets", "wallets.api.lists.wallets")
api.add_router("/payment-systems", "wallets.api.lists.payment_systems")
api.add_router("/balances", "wallets.api.lists.balances")
api.add_router("/accumulations", "accumulations.api.router")
api.add_router("/totals", "transactions.api.totals.router")
api.add_router("/transactions", "transactions.api.operations.router")


@api.exception_handler(AuthenticationError)
def missing_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    how = _("Send a valid key in the header “Authorization: Bearer KEY”.")
    return problem(401, f"{error.message} {how}", headers={"WWW-Authenticate": "Bearer"})


@api.exception_handler(Throttled)
def throttled_response(request: HttpRequest, error: Throttled) -> HttpResponse:
    reason = _("Too many requests with this key. Retry-After says in how many seconds to go on.")
    return problem(429, reason, headers={"Retry-After": str(error.wait)})


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RepeatedKeyError):
        key = shorten(str(error.__cause__))
        return problem(400, _("The key “%(key)s” stands twice.") % {"key": key})
    if error.status_code == 400:  # the only one that is ninja's own
        return problem(400, _("The body must be a JSON object."))
    return problem(error.status_code, error.message)


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(400, error_reason(error.errors))


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return error.response()
