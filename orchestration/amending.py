"""Making a table hold what a query says, at the price of the rows that differ.

Belongs here: doing outside of dbt what its amended models do. Does not belong here: how rows are
compared and written (dbt_project/macros/engine/row_changes.sql), and which tables are kept.

Compressing and writing a row costs some times what comparing it does, and from night to night most
rows stay. Rows are compared by a hash of 64 bits of all their values.
"""

import duckdb

from orchestration.macro_sql import rendered


def can_be_amended(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> bool:
    """Tell whether `table` is there, with the columns of `query`, and mostly of rows that count."""
    try:
        return _is_so(connection, "is_amendable", table, query)
    except duckdb.CatalogException:
        return False


def amend(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> bool:
    """Make `table` hold the rows of `query`; return False, with nothing written, if it cannot.

    `table` holds no row twice. If `query` does, rows cannot be told apart by what they hold.
    """
    connection.execute(_sql("row_changes", table, query))
    if not _is_so(connection, "are_told_apart", table):
        connection.execute("drop table changes")
        return False
    connection.execute(_sql("written_changes", table))
    return True


def _is_so(connection: duckdb.DuckDBPyConnection, macro: str, *arguments: str) -> bool:
    found = connection.execute(_sql(macro, *arguments)).fetchone()
    return bool(found and found[0])


def _sql(macro: str, *arguments: str) -> str:
    return rendered("engine", ["row_changes"], macro, *arguments)
