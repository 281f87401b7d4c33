"""Migration operations for keys with the Client, and partitions by Client; docs/adr/0037."""

from django.db.migrations.operations import RunSQL

PARTITIONS = 8
NAME_PARTITION_INDEXES = """
    do $$
    declare
        renaming text;
    begin
        for renaming in
            select format('alter index %s rename to %I_%s',
                part.oid::regclass, whole.relname, remainder)
            from generate_series(0, {last}) remainder
                join pg_index on indrelid = ('{table}_' || remainder)::regclass
                join pg_inherits on inhrelid = indexrelid
                join pg_class whole on whole.oid = inhparent
                join pg_class part on part.oid = inhrelid
            where not indisprimary and part.relname <> whole.relname || '_' || remainder
        loop
            execute renaming;
        end loop;
    end $$
"""


def add_client_to_key(*tables: str) -> RunSQL:
    """Make (id, client_id) the primary key; for Django it stays `id`."""
    return RunSQL(
        "".join(
            f"alter table {table} drop constraint {table}_pkey, add primary key (id, client_id);"
            for table in tables
        ),
        RunSQL.noop,
    )


def partition_by_client(table: str) -> RunSQL:
    """Divide a new table by Client, so (id, client_id) is its primary key.

    Triggers of the whole table see no row that is written to a partition by its own name, so
    nobody has a right on one.
    """
    parts = partitions(table)
    of_table = f"partition of {table} for values with (modulus {PARTITIONS}, remainder"
    return RunSQL(
        f"""
        alter table {table} drop constraint {table}_pkey;
        alter table {table} rename to {table}_whole;
        alter sequence {table}_id_seq rename to {table}_whole_id_seq;
        create table {table} (like {table}_whole including all, primary key (id, client_id))
            partition by hash (client_id);
        drop table {table}_whole;
        {"".join(f"create table {part} {of_table} {n});" for n, part in enumerate(parts))}
        revoke all on {", ".join(parts)} from paykassma_web, paykassma_worker;
        """,
        RunSQL.noop,
    )


def name_partition_indexes(table: str) -> RunSQL:
    """Name the indexes of partitions after those of the whole table: `transaction_recent_3`."""
    return RunSQL(NAME_PARTITION_INDEXES.format(table=table, last=PARTITIONS - 1), RunSQL.noop)


def partitions(table: str) -> list[str]:
    return [f"{table}_{remainder}" for remainder in range(PARTITIONS)]
