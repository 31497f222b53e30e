"""Declarations: what a source may declare, and that a mistake in one is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from landing_desk import real_sources

from orchestration.landing.sources import DeclarationError, SourceTable, load_sources

LANDING = {"files": ["*.csv"], "format": "csv", "load": "full", "arrival": "nightly"}


def declared(name: str, *labels: str, required: bool = True) -> dict[str, Any]:
    return {"name": name, "config": {"meta": {"labels": list(labels), "required": required}}}


def load(folder: Path, landing: dict[str, Any], *columns: dict[str, Any]) -> SourceTable:
    node = {
        "source_name": "till",
        "name": "lines",
        "original_file_path": "models/staging/till/_till__sources.yml",
        "config": {"meta": {"landing": landing}},
        "columns": {c["name"]: c for c in columns or (declared("a", "A"),)},
    }
    other = {"source_name": "strata", "name": "night", "config": {"meta": {}}, "columns": {}}
    path = folder / "manifest.json"
    path.write_text(json.dumps({"sources": {"1": node, "2": other}}))
    (found,) = load_sources(path)
    return found


def test_what_is_not_declared_has_its_default(tmp_path: Path) -> None:
    found = load(tmp_path, LANDING)
    assert (found.name, found.relation) == ("till.lines", "till__lines")
    assert (found.delimiters, found.encodings) == ((",",), ("utf-8", "gb18030"))
    assert (found.sheet, found.exported_at_content) == (None, None)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"file": ["x"]}, "declares landing.file, which is unknown"),
        ({"files": []}, "must declare landing files"),
        ({"format": "xml"}, "must declare landing format: one of csv, excel"),
        ({"load": None}, "must declare landing load"),
        ({"arrival": "weekly"}, "must declare landing arrival"),
        ({"delimiters": ["::"]}, "must declare landing delimiters"),
        ({"delimiters": ["，"]}, "must declare landing delimiters"),
        ({"encodings": ["utf-9"]}, "must declare landing encodings"),
        ({"exported_at": {"content": "b"}}, "exported_at: content: names of its columns, not 'b'"),
    ],
)
def test_a_mistake_in_a_declaration_is_named(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(DeclarationError, match=r"till\.lines") as refused:
        load(tmp_path, LANDING | changes)
    assert named in str(refused.value)


def test_a_source_needs_a_required_column(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="at least one that is required"):
        load(tmp_path, LANDING, declared("a", "A", required=False))


def test_a_column_needs_a_label(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="column b: labels"):
        load(tmp_path, LANDING, declared("a", "A"), declared("b"))


def test_a_label_belongs_to_one_column(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="'order_no' for one column only, not also for a"):
        load(tmp_path, LANDING, declared("a", "Order No"), declared("b", "B", "order_no"))


def test_the_real_declarations_are_sound() -> None:
    assert set(real_sources()) >= {
        "fxiaoke.customers",
        "shop.order_lines",
        "shopify.orders",
        "zoho.contacts",
    }
    assert real_sources()["shop.order_lines"].exported_at_content == "ordered_at"
