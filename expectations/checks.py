"""What a check is: limits, checks, their results, and the strict reader of the limits file.

Belongs here: the plain values that pass between the pipeline and the validation, and the
rules a limits file must obey. Does not belong here: running a check, anything that imports
the validation library or the orchestrator, and the limits themselves, which people own and
edit in ``expectations/thresholds.yml``.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

LAYERS = ("landing", "staging", "intermediate", "marts")

_BOUNDS = ("min", "max")
_TEXTS = ("unit", "owner", "reason")
_KEYS = ("layer", *_BOUNDS, *_TEXTS)
_MEASURE = re.compile(r"[a-z][a-z0-9_]*")
# Nothing a limits file may hold lies deeper than file > limits > measure.
_DEEPEST = 2


class ThresholdsError(ValueError):
    """The limits file breaks a rule; the text names file, measure, key and remedy."""


@dataclass(frozen=True)
class Limit:
    """The range in which a measure is acceptable.

    ``minimum`` and ``maximum`` are inclusive, in ``unit``; None leaves that side open, and
    at least one of the two is set in every limit that ``load_limits`` returns.
    """

    measure: str
    layer: str
    minimum: float | None
    maximum: float | None
    unit: str
    owner: str
    reason: str

    @property
    def text(self) -> str:
        """The range as a person reads it, such as ``0 <= x <= 0.2 share``."""
        low = "" if self.minimum is None else f"{self.minimum:.15g} <= "
        high = "" if self.maximum is None else f" <= {self.maximum:.15g}"
        return f"{low}x{high} {self.unit}"


@dataclass(frozen=True)
class Check:
    """One limit applied to one subject; ``table`` is where the finding is reported.

    ``name`` is unique within a night, such as ``arrival_age_days__zoho__contacts``.
    """

    name: str
    table: str
    subject: str
    limit: Limit


@dataclass(frozen=True)
class CheckResult:
    """What came of one check.

    ``observed`` is the measure in the limit's unit, None when there was no single finite
    number to judge. ``error`` is None when the number was judged, whether it lay inside the
    limit or outside; otherwise it says why no number could be, and ``passed`` is False.
    """

    name: str
    table: str
    layer: str
    passed: bool
    observed: float | None
    limit_value: str
    error: str | None


def load_limits(path: Path) -> dict[str, Limit]:
    """Read the limits file at ``path``, keyed by measure in the file's order.

    Raises ThresholdsError for a file that cannot be read as UTF-8 YAML, and for anything in
    it that is missing, unknown, doubled, empty or not a usable number.
    """
    document = _parsed(path)
    if not isinstance(document, dict) or set(document) != {"limits"}:
        _refuse(path, "-", "limits", "the file must hold this one key", "move all under it")
    limits = document["limits"]
    if not isinstance(limits, dict) or not limits:
        _refuse(path, "-", "limits", "no measure is listed", "list at least one measure")
    return {measure: _limit(path, measure, entry) for measure, entry in limits.items()}


def _parsed(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _refuse_doubled_keys(path, node, ())
        return yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        kind = type(error).__name__
        _refuse(path, "-", "-", f"cannot be read ({kind})", "put a readable UTF-8 file there")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" at line {mark.line + 1}"
        _refuse(path, "-", "-", f"is not YAML{where}", "correct the syntax")


def _refuse_doubled_keys(path: Path, node: yaml.Node, trail: tuple[str, ...]) -> None:
    # PyYAML keeps the last of two equal keys, so an old limit could live on unseen.
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            measure = trail[1] if len(trail) > 1 else "-"
            line = key.start_mark.line + 1
            _refuse(path, measure, name, f"appears again at line {line}", "keep one of the two")
        seen.add(name)
        if len(trail) < _DEEPEST:
            _refuse_doubled_keys(path, value, (*trail, name))


def _limit(path: Path, measure: object, entry: object) -> Limit:
    name = str(measure)
    if not isinstance(measure, str) or not _MEASURE.fullmatch(measure):
        _refuse(path, name, "-", "is not a measure's name", "use a-z, 0-9 and _ only")
    if not isinstance(entry, dict):
        _refuse(path, name, "-", "holds no keys", f"give it {', '.join(_KEYS)}")
    for key in entry:
        if key not in _KEYS:
            _refuse(path, name, str(key), "is unknown", f"use only {', '.join(_KEYS)}")
    for key in ("layer", *_TEXTS):
        if key not in entry:
            _refuse(path, name, key, "is missing", "add it")
    if entry["layer"] not in LAYERS:
        _refuse(path, name, "layer", "is not a layer", f"use one of {', '.join(LAYERS)}")
    minimum, maximum = (_bound(path, name, key, entry) for key in _BOUNDS)
    if minimum is None and maximum is None:
        _refuse(path, name, "min, max", "are both missing", "give at least one")
    if minimum is not None and maximum is not None and minimum > maximum:
        _refuse(path, name, "min, max", "min is above max", "swap or correct them")
    unit, owner, reason = (_text(path, name, key, entry[key]) for key in _TEXTS)
    return Limit(name, str(entry["layer"]), minimum, maximum, unit, owner, reason)


def _bound(path: Path, measure: str, key: str, entry: dict[object, object]) -> float | None:
    if key not in entry:
        return None
    value = entry[key]
    # YAML's yes and no are Python's bool, which is an int: a limit of "yes" is a mistake.
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(path, measure, key, "is not a number", "write it plainly, such as 0.001")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        _refuse(path, measure, key, "is not finite", "leave the key out for an open side")
    return number


def _text(path: Path, measure: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        _refuse(path, measure, key, "is not a text or is empty", "write what a reader needs")
    return value.strip()


def _refuse(path: Path, measure: str, key: str, problem: str, remedy: str) -> NoReturn:
    raise ThresholdsError(f"{path}: measure {measure}: key {key}: {problem}; {remedy}")
