"""The dbt-duckdb plugin of the profile: what every dbt connection gets before its first query.

Belongs here: session variables that must not be stored in a database, and what depends on the
machine. Does not belong here: other settings of the engine, which stand in profiles.yml.
"""

from functools import cached_property
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.dbt_unit_tests import lend_graph
from orchestration.engine import engine_of
from orchestration.hash_key import ensure_key, key_variables
from orchestration.settings import load_settings


class Plugin(BasePlugin):
    """Gives every dbt-duckdb cursor the padded key as session variables, never as a table."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002  # dbt's name
        """Let unit tests read the graph; a plugin is loaded before any of them is compiled."""
        lend_graph()

    def update_connection_config(
        self,
        creds: DuckDBCredentials,  # noqa: ARG002  # dbt's name
        config: dict[str, Any],
    ) -> None:
        """Give the engine what it may take of this machine."""
        config |= engine_of(load_settings()).options

    @cached_property
    def _variables(self) -> str:
        # Every node of a night has a session of its own; the key is the same for all.
        return key_variables(ensure_key(load_settings()))

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Set `strata_inner_pad` and `strata_outer_pad` on this session."""
        cursor.execute(self._variables)
