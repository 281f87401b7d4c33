"""The columns of an import: their types, and what a second import of a row does with them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, NamedTuple, get_type_hints

from paykassma_admin.imports.files import Columns


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

CODE = 'text collate "C"'


class ImportRow(NamedTuple):
    """A checked row; a column with a default may be left out."""

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
OPTIONAL = tuple(ImportRow._field_defaults)
COLUMNS = Columns(
    required=tuple(name for name in NAMES if name not in OPTIONAL),
    optional=OPTIONAL,
    unread=("amount_usd", "payment_system_name"),
)

HINTS = get_type_hints(ImportRow, include_extras=True)
SQL_TYPES: dict[str, str] = {name: HINTS[name].__metadata__[0] for name in ImportRow._fields}
RULES: dict[str, Rule] = {
    name: rule for name in NAMES for rule in HINTS[name].__metadata__ if isinstance(rule, Rule)
}
