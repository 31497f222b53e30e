"""The SQLAlchemy dialect through which the validation library reads DuckDB.

Belongs here: the dialect. Does not belong here: using it. validate.py has SQLAlchemy load it by
name, which spares the import to a process that only declares its checks.
"""

from typing import cast

import duckdb
import duckdb_engine
from sqlalchemy.engine.interfaces import DBAPIConnection


class AuditDialect(duckdb_engine.Dialect):
    """DuckDB for readers: read-only, and no transaction is opened, committed or rolled back.

    The library reads a result after it has handed the connection back. SQLAlchemy rolls a
    returned connection back, and a rollback empties DuckDB's pending result.
    """

    supports_statement_cache = False

    def connect(self, *_: object, **options: object) -> DBAPIConnection:
        """Open the file of the URL read-only; settings in the URL's query are not read."""
        # The parent adds a setting of its own, with which DuckDB refuses to share the file
        # with any other connection of this process.
        opened = duckdb.connect(str(options["database"]), read_only=True)
        return cast(DBAPIConnection, duckdb_engine.ConnectionWrapper(opened))

    def do_begin(self, connection: object) -> None:
        """Do nothing: a read needs no transaction."""

    def do_commit(self, connection: object) -> None:
        """Do nothing: there is nothing to commit."""

    def do_rollback(self, connection: object) -> None:
        """Do nothing: a rollback would empty the result still to be read."""
