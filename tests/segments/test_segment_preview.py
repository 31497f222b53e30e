"""`strata preview` says what other rules would change, and changes nothing."""

import datetime as dt
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from homes import KEY

from orchestration.building import connect_warehouse
from orchestration.cli import main
from orchestration.segments import declared
from orchestration.segments.chart import chart
from orchestration.segments.preview import Point, month_ends

REMOVED = "silent_90d_wakeup"
WIDENED, BEFORE, AFTER = "frequent_buyer_365d_loyalty", "= 'high'", "in ('high', 'medium')"


def test_month_ends_are_those_that_have_ended() -> None:
    assert month_ends(dt.date(2026, 3, 30), 2) == [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
    assert month_ends(dt.date(2026, 3, 31), 2) == [dt.date(2026, 2, 28), dt.date(2026, 3, 31)]
    assert len(month_ends(dt.date(2026, 3, 31))) == 12


def test_a_chart_has_two_lines_for_each_segment() -> None:
    ends = month_ends(dt.date(2026, 3, 31))
    points = [Point(end, name, number * 10, number * 2.5)
              for name in ("a_sales", "b<&_sales") for number, end in enumerate(ends)]  # fmt: skip
    drawn = chart(points)
    lines = re.findall(r'<polyline points="([^"]+)"', drawn)
    assert [len(line.split()) for line in lines] == [12] * 4
    assert all(text in drawn for text in (">a_sales<", ">b&lt;&amp;_sales<", ">110<", ">28<"))


def strata(home: Path, *command: str) -> Result:
    return CliRunner().invoke(main, command, env={"STRATA_HOME": str(home), "STRATA_HASH_KEY": KEY})


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One segment is widened in the working tree, and one is taken out."""
    text = declared.ENTRIES.read_text("utf-8")
    head, rest = text.split(f"          {REMOVED}:\n")
    fields = rest.splitlines(keepends=True)
    end = next(at for at, line in enumerate(fields) if line.startswith("          churned"))
    rule = f"frequency_band {BEFORE}"
    assert rule in head
    path = tmp_path / "dim_segments.yml"
    text = head.replace(rule, f"frequency_band {AFTER}") + "".join(fields[end:])
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(declared, "ENTRIES", path)


def test_a_preview_says_who_would_come_and_go_and_publishes_nothing(
    two_nights: Path, edited: None, tmp_path: Path, fingerprint: Callable[[Path], dict[str, bytes]]
) -> None:
    before = fingerprint(two_nights)
    out = tmp_path / "out"
    run = strata(two_nights, "preview", "--out", str(out))
    assert run.exit_code == 0, run.output
    warehouse = connect_warehouse(two_nights / "current/warehouse.duckdb", read_only=True)
    wanted = warehouse.execute(
        f"select '{WIDENED}', customer_id, 'enters' from marts.customer_bands "
        "where frequency_band = 'medium' union all "
        "select segment_id, customer_id, 'leaves' from marts.segment_members "
        "where segment_id = ? order by all", [REMOVED],
    ).fetchall()  # fmt: skip
    (moves,) = out.glob("*.csv")
    lines = [tuple(line.split(",")) for line in moves.read_text("utf-8").splitlines()[1:]]
    assert lines == wanted
    assert {move for *_, move in lines} == {"enters", "leaves"}
    assert stat.S_IMODE(moves.stat().st_mode) == 0o600
    leaving = sum(move == "leaves" for *_, move in lines)
    printed = [line.split() for line in run.output.splitlines()]
    assert [REMOVED, str(leaving), "0", "0", str(leaving)] in printed
    widened = next(row for row in printed if row[:1] == [WIDENED])
    assert widened[3:] == [str(len(lines) - leaving), "0"]
    assert "<polyline" in next(out.glob("*.svg")).read_text("utf-8")
    assert fingerprint(two_nights) == before
    assert not list(two_nights.glob(".preview_*"))


def test_a_preview_of_rules_that_are_wrong_says_where(
    two_nights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dim_segments.yml"
    text = declared.ENTRIES.read_text("utf-8")
    path.write_text(text.replace(f"frequency_band {BEFORE}", "frequency = 1"), encoding="utf-8")
    monkeypatch.setattr(declared, "ENTRIES", path)
    run = CliRunner().invoke(
        main, ["preview"], env={"STRATA_HOME": str(two_nights), "STRATA_HASH_KEY": KEY}
    )
    assert run.exit_code == 2
    assert "names the column 'frequency'" in run.output
