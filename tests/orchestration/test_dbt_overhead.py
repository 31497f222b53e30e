"""What is left out of dbt changes nothing of what it says: the same in processes with and without.

Everything here happens in processes of their own, for it changes classes of dbt.
"""

import json
import subprocess
import sys

EVENTS = """
import json, sys
from dbt.adapters.events.types import ConnectionUsed, SQLQuery
from dbt.events.types import NodeExecuting, NodeStart
from dbt_common.clients import agate_helper
from orchestration.dbt_overhead import put_debug_events_together_late, share_type_testers

if "late" in sys.argv:
    put_debug_events_together_late()
    share_type_testers()
    share_type_testers()
node = {"node_name": "a", "node_path": "b", "unique_id": "model.strata.a"}
said = [
    SQLQuery(conn_name="x", sql="select '\u8d26'", node_info=node),
    ConnectionUsed(conn_type="duckdb", conn_name="x"),
    NodeStart(node_info=node),
    NodeExecuting(node_info=node),
]
said[1].conn_name = "y"
rows = [
    {"a": 1, "b": "2026-12-01", "c": None, "d": [1]},
    {"a": 2.5, "b": "", "c": True, "d": []},
]
told = [
    agate_helper.table_from_data_flat(rows[:n], names)
    for n in (1, 2, 2) for names in (["a", "b", "c", "d"], ["d", "c"])
]
types = [[type(kind).__name__ for kind in table.column_types] for table in told]
print(json.dumps([[event.to_dict(), event.message(), event.code()] for event in said]))
print(types, [[list(map(str, row)) for row in table.rows] for table in told])
"""
WRONG = """
from dbt.adapters.events.types import ConnectionUsed
from orchestration.dbt_overhead import put_debug_events_together_late

put_debug_events_together_late()
event = ConnectionUsed(conn_name="x")
try:
    event.no_such_field
except AttributeError as error:
    print(error)
"""


def said(script: str, *arguments: str) -> str:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_events_and_results_are_what_they_are_without() -> None:
    usual = said(EVENTS)
    assert said(EVENTS, "late") == usual
    events = json.loads(usual.splitlines()[0])
    assert '"y"' in events[1][1]


def test_a_field_that_no_event_has_is_missed() -> None:
    assert "no_such_field" in said(WRONG)
