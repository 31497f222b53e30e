"""Making a table hold what a query says, at the price of the rows that differ.

Belongs here: finding and writing these rows. Does not belong here: which tables are kept from night
to night. dbt does the same for its own tables (macros/engine/amended_table.sql).

Compressing and writing a row costs some times what comparing it does, and from night to night most
rows stay. Rows are compared by a hash of 64 bits of all their values.
"""

import duckdb

# Rows that are deleted keep their places in the file, and readers pass over them, until the table
# is written as a whole. So many there may be for each row.
DELETED_SHARE = 0.5


def can_be_amended(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> bool:
    """Tell whether `table` is there, with the columns of `query`, and mostly of rows that count."""
    try:
        stands = _columns(connection, table)
    except duckdb.CatalogException:
        return False
    found = connection.execute(f"select count(*), coalesce(max(rowid) + 1, 0) from {table}")
    rows, places = found.fetchone() or (0, 0)
    is_dense: bool = places <= rows * (1 + DELETED_SHARE)
    return is_dense and stands == _columns(connection, f"({query})")


def amend(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> bool:
    """Make `table` hold the rows of `query`; return False, with nothing written, if it cannot.

    `table` holds no row twice. If `query` does, rows cannot be told apart by what they hold.
    """
    connection.execute(f"""
        create or replace temp table changes as
        with tonight as (select told, hash(told) as row_hash from ({query}) as told),
        known as (select told.rowid as place, hash(told) as row_hash from {table} as told),
        compared as (
            select
                case when known.place is null then tonight.told end as told,
                case when tonight.row_hash is null then known.place end as gone_place,
                known.place is null as is_new,
                tonight.row_hash is null as is_gone
            from tonight full join known on tonight.row_hash = known.row_hash
        )
        select *, count(*) as rows_counted from compared group by all
    """)
    met = connection.execute(
        "select coalesce(sum(rows_counted) filter (where not is_new), 0) = "
        f"(select count(*) from {table}) from changes"
    ).fetchone()
    is_told_apart = bool(met and met[0])
    if is_told_apart:
        connection.execute(
            f"delete from {table} where rowid in (select gone_place from changes where is_gone)"
        )
        connection.execute(
            f"insert into {table} select unnest(told) from changes, range(rows_counted) "
            "where is_new"
        )
    connection.execute("drop table changes")
    return is_told_apart


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    described = connection.execute(f"describe from {relation}").fetchall()
    return [(name, kind) for name, kind, *_ in described]
