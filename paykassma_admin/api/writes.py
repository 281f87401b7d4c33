"""Writing over HTTP: rows of a body, stored as an import stores them, and what became of each."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from paykassma_admin.api.bodies import MAX_ROWS, as_record, read_rows, require_count
from paykassma_admin.api.problems import Problem, Refused, RowProblem
from paykassma_admin.database.request_transaction import pause_transaction
from paykassma_admin.imports.batches import Record, Report, RowError, RowOutcome
from paykassma_admin.imports.files import Columns


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"  # an earlier state of what is stored: nothing changes
    CONFLICT = "conflict"  # differs from what is stored in what cannot change
    INVALID = "invalid"


OUTCOMES = {
    RowOutcome.NEW: Outcome.CREATED,
    RowOutcome.CHANGED: Outcome.CHANGED,
    RowOutcome.UNCHANGED: Outcome.UNCHANGED,
    RowOutcome.STALE: Outcome.STALE,
}


class RowResult(Schema):
    outcome: Outcome = Field(examples=["created"])
    field: str | None = Field(
        default=None, description="Where a refused row is wrong.", examples=[None]
    )
    reason: str | None = Field(default=None, description="Why it is refused.", examples=[None])


type Import = Callable[[Iterable[Record | RowError]], Iterator[Report]]


def store_body(request: HttpRequest, columns: Columns, store: Import) -> JsonResponse:
    """Store a row or a list of rows, batch by batch, outside of the request's transaction."""
    body = read_rows(request)
    if isinstance(body, list):
        require_count(body)
        results = store_rows(body, columns, store)
        return JsonResponse([written(result) for result in results], safe=False)
    if not isinstance(body, dict):
        raise Refused(400, _("The body must be a JSON object, or a list of them."))
    return answer_one(*store_rows([body], columns, store))


def store_rows(rows: list[Any], columns: Columns, store: Import) -> list[RowResult]:
    with pause_transaction():
        records = [as_record(line, row, columns) for line, row in enumerate(rows, 1)]
        report = Report()
        for batch in store(records):
            report.add(batch)
    return row_results(report, len(rows))


def row_results(report: Report, rows: int) -> list[RowResult]:
    """Return a result for each row, in the order sent."""
    by_line = {error.line: refused_result(error) for error in report.errors}
    for outcome, lines in report.lines.items():
        by_line |= dict.fromkeys(lines, RowResult(outcome=OUTCOMES[RowOutcome(outcome)]))
    return [by_line[line] for line in range(1, rows + 1)]


def refused_result(error: RowError) -> RowResult:
    outcome = Outcome.CONFLICT if error.is_conflict else Outcome.INVALID
    return RowResult(outcome=outcome, field=error.field, reason=error.reason)


def written(result: RowResult) -> dict[str, Any]:
    return result.model_dump(mode="json", exclude_none=True)


STATUSES = {Outcome.CREATED: 201, Outcome.CONFLICT: 409, Outcome.INVALID: 422}


def answer_one(result: RowResult) -> JsonResponse:
    status = STATUSES.get(result.outcome, 200)
    if status < 300:
        return JsonResponse(written(result), status=status)
    sentence = _("%(field)s: %(reason)s") % {"field": result.field, "reason": result.reason}
    raise Refused(status, sentence, outcome=result.outcome, field=result.field)


WRITTEN: dict[Any, Any] = {
    200: list[RowResult] | RowResult,
    201: RowResult,
    (409, 422): RowProblem | Problem,
    (400, 401, 403, 413, 415, 429, 500, 503): Problem,
}

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]*$"},
    "required": False,
}


def row_body(name: str, properties: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    """Describe a body of one row or many: it is read by the code of imports, not by pydantic."""
    row = {
        "title": name,
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
    many = {"type": "array", "items": row, "minItems": 1, "maxItems": MAX_ROWS}
    schema = {"oneOf": [row, many]}
    return {
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }
