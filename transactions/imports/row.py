"""The columns of an import: their types, and what a second import of a row does with them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from paykassma_admin.imports.columns import CODE, annotations, file_columns


@dataclass(frozen=True)
class Rule:
    """SQL for a column of a row that is stored already: `{0}` stands for its name."""

    differs: str  # the row is refused
    adds: str = ""  # the row has what was missing
    merged: str = ""  # the value that is kept


DIFFERS = "stored.{0} <> given.{0}"
IS_FILLED = "'' not in (stored.{0}, given.{0})"
FILLS = "stored.{0} = '' and given.{0} <> ''"
FILLED = "coalesce(nullif(stored.{0}, ''), excluded.{0})"

FIXED = Rule(DIFFERS)
FILL_TEXT = Rule(
    f"{DIFFERS} and {IS_FILLED} and normalize(stored.{{0}}) <> given.{{0}}", FILLS, FILLED
)
FILL_NAME = Rule(
    f"{DIFFERS} and {IS_FILLED} and not is_same_name(stored.{{0}}, given.{{0}})", FILLS, FILLED
)
FILL_NULL = Rule(
    DIFFERS, "stored.{0} is null and given.{0} is not null", "coalesce(stored.{0}, excluded.{0})"
)


class ImportRow(NamedTuple):
    line: Annotated[int, "integer"]
    # merge.py has the rules of those without one.
    number: Annotated[str, CODE]
    payment_system: Annotated[str, CODE]
    wallet: Annotated[str, CODE]
    direction: Annotated[str, CODE, FIXED]
    type: Annotated[str, CODE]
    status: Annotated[str, CODE]
    amount: Annotated[Decimal, "numeric(20, 4)", FIXED]
    currency: Annotated[str, CODE, FIXED]
    country: Annotated[str, CODE, FIXED]
    logged_at: Annotated[datetime, "timestamptz", FIXED]
    label: Annotated[str, CODE, FILL_TEXT] = ""
    order_number: Annotated[str, CODE, FILL_TEXT] = ""
    counterparty: Annotated[str, "text", FILL_NAME] = ""
    activated_at: Annotated[datetime | None, "timestamptz", FILL_NULL] = None
    usd_rate: Annotated[Decimal | None, "numeric(20, 10)", FILL_NULL] = None


NAMES = ImportRow._fields[1:]
COLUMNS = file_columns(ImportRow, unread=("amount_usd", "payment_system_name"))
RULES: dict[str, Rule] = {
    name: rule for name, (_type, *rules) in annotations(ImportRow).items() for rule in rules
}
