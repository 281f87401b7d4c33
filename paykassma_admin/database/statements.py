"""SQL of a query set, for statements that Django cannot write."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS


def select_sql(rows: Any) -> tuple[str, tuple[Any, ...]]:
    """Return SQL and parameters that select `rows`, also where Django knows that there are none.

    `sql_with_params()` raises EmptyResultSet for these.
    """
    sql, parameters = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(parameters)
