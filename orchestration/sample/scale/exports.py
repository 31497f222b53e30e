"""What the modules of a large sample hand back: files as queries of lines.

Belongs here: the shapes that the writer works with. Does not belong here: any system.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orchestration.sample.scale.nights import Night
from orchestration.sample.scale.sql import joined, text


@dataclass(frozen=True)
class Export:
    """One kind of file of one system.

    name: its name on a night. lines: SQL of its lines, one column of text without line ends, in
    the order of the people. header: first line, none for JSON Lines. mark: byte order mark.
    """

    system: str
    name: Callable[[Night], str]
    lines: Callable[[Night], str]
    header: str = ""
    encoding: str = "utf-8"
    mark: str = ""


@dataclass(frozen=True)
class Family:
    """Exports that share tables.

    tables: statements that fill those of one block of people. truth: queries of the records of a
    block: person_id, source_system, record_id, phone, email.
    """

    tables: Sequence[str]
    exports: Sequence[Export]
    truth: Sequence[str] = ()


def truth_line(person_id: str, system: str, record_id: str, phone: str, email: str) -> str:
    """Return SQL of one line of the truth; all but the system is SQL."""
    return joined(
        (person_id, text(f",{system},"), record_id, text(","), phone, text(","), email)
    )  # fmt: skip
