"""Problems: what the API answers with where it does not do what was asked (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import JsonResponse
from ninja import Schema
from pydantic import Field

from paykassma_admin.middleware.request_ids import request_id

MEDIA_TYPE = "application/problem+json"


class Problem(Schema):
    """A refusal. `reason` is the same sentence as `detail`, by the name that the guide gives it."""

    type: str = Field(description="Always about:blank: the status says it.")
    title: str = Field(description="The name of the status.", examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(
        description="A sentence for people, in Russian; in English if the request has the cookie"
        f" {settings.LANGUAGE_COOKIE_NAME}=en. Accept-Language is ignored.",
        examples=["Нет поля «wallet_type»."],
    )
    reason: str = Field(description="The same as `detail`.", examples=["Нет поля «wallet_type»."])
    request_id: str = Field(description="Name it when you write to us.", examples=["012345678901"])


class RowProblem(Problem):
    """A row that is refused."""

    outcome: str = Field(description="`conflict` or `invalid`.", examples=["invalid"])
    field: str = Field(description="Where it is wrong.", examples=["amount"])


class Refused(Exception):
    """The request is refused: the handler of the API makes a problem of it."""

    def __init__(
        self, status: int, reason: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(status, reason)
        self.status, self.reason, self.headers, self.members = status, reason, headers, members

    def response(self) -> JsonResponse:
        return problem(self.status, self.reason, headers=self.headers, **self.members)


def problem(
    status: int, reason: str, *, headers: Mapping[str, str] | None = None, **members: Any
) -> JsonResponse:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": reason,
        "reason": reason,
        "request_id": request_id.get(),
    }
    return JsonResponse(body | members, status=status, headers=headers, content_type=MEDIA_TYPE)
