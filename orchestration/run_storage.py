"""Dagster's own record of runs: written to SQLite over connections that stay open.

Belongs here: how those records are written. Does not belong here: what a night records of itself
(night.py), which waits for the disk.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

# Seconds that a page of Dagster may keep a file to itself.
BUSY_TIMEOUT = 60


class OpenEventLogStorage(SqliteEventLogStorage):
    """The default storage of events, which opens its files once and not for every event.

    A night has thousands of events, each a transaction of its own. Opening, waiting for the disk
    and closing took longer than building the night. What a power cut would lose of the events is
    shown in Dagster's pages only; published data and the record of a night never depend on it.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Keep the files below `base_dir`."""
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """Return the storage that `dagster.yaml` configures."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard) or self._open(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Tell whether there is such a table; Dagster asks at every event, and tables stay."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _open(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            # One connection per file, which the lock around it hands from thread to thread.
            poolclass=StaticPool,
            connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False},
        )
        event.listen(engine, "connect", _go_on)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        self._engines[shard] = engine
        return engine

    def dispose(self) -> None:
        """Close every file."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _go_on(connection: Any, _record: object) -> None:  # noqa: ANN401  # what the driver returns
    connection.execute("pragma synchronous = off")
