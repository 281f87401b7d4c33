"""Transactions beyond those that were generated: to measure writing, and to be taken out again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.benchmarks.database import Connection, Database

# As docs/import.md has them.
FOR_IMPORT = """
    select fresh.number, system.code as payment_system, wallet.number as wallet, direction, type,
        status, amount, fresh.currency, fresh.country, to_json(logged_at) #>> '{}' as logged_at,
        label, order_number, counterparty, to_json(activated_at) #>> '{}' as activated_at
    from benchmark.fresh
        join wallets_wallet wallet on wallet.id = wallet_id
        join wallets_paymentsystem system on system.id = fresh.payment_system_id
    order by fresh.number
"""
FRESH = """
    create table benchmark.fresh as select * from benchmark.transactions({first}, {whole}, {whole})
        where client_id = (select min(id) from clients_client) limit {count};
    alter table benchmark.fresh drop column id,
        add column place bigint generated always as identity primary key
"""
# By itself it leaves indexes as they are where so few rows died. Whoever writes the same numbers
# again would pay for the dead that he finds there, an import for those of the COPY before it.
VACUUM = "vacuum (index_cleanup on) transactions_transaction"


@contextmanager
def additions(database: Database, generated: int, count: int) -> Iterator[None]:
    remove_additions(database, generated)
    make_additions(database, generated, count)
    try:
        yield
    finally:
        remove_additions(database, generated)


def make_additions(database: Database, generated: int, count: int) -> None:
    whole = generated + round(count / 0.38)  # 40 % are its, give or take
    database.execute(FRESH.format(first=generated + 1, whole=whole, count=count))


def remove_additions(database: Database, generated: int) -> bool:
    with database.connect() as connection:
        [(last,)] = connection.execute("select max(id) from transactions_transaction").fetchall()
    database.execute(
        "drop table if exists benchmark.fresh",
        "alter table transactions_transaction enable trigger user",
        *deletion_after(generated),
        "select compact_totals()",
        VACUUM,
        "vacuum transactions_delta, transactions_daytotal, transactions_monthtotal,"
        " transactions_kindtotal",
    )
    return bool(last != generated)


def columns(connection: Connection) -> list[str]:
    fresh = connection.execute("select * from benchmark.fresh limit 0")
    return [column.name for column in fresh.description or () if column.name != "place"]


def write_file(database: Database, query: str, file: Path) -> None:
    with (
        database.connect() as connection,
        file.open("wb") as written,
        connection.cursor().copy(f"copy ({query}) to stdout csv header") as copy,
    ):
        for chunk in copy:
            written.write(chunk)


def deletion_after(last: int) -> list[str]:
    return [
        f"delete from transactions_change where transaction_id > {last}",  # noqa: S608  # a number
        f"delete from transactions_transaction where id > {last}",  # noqa: S608  # a number
    ]
