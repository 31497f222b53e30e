"""Pieces of SQL that all of a large sample is written with: draws, texts, lines of CSV and JSON.

Belongs here: how a value is drawn from a number, and how cells become one text per line.
Does not belong here: what is drawn, and the columns of any file.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.spec import SampleSpec, Stream

# A draw is a hash of a number and of what it is drawn for; so many kinds of draws fit in.
DRAWS = 256
# Fifty-three bits of a hash are what a double holds.
HASH_BITS = 53
# Best sellers stand in this list as often as they are bought.
POPULAR_PLACES = 1024
# Decimals of a fixed width are written with both places, and quicker than doubles.
MONEY = "cast(cast(hundredths as integer) * 0.01 as varchar)"
LITERAL = re.compile(r"'(?:[^']|'')*'")
Json = dict[str, Any] | list[Any] | str | int | float | bool | None
PLACE = re.compile(r'"@raw(\d+)@"|@text(\d+)@')


class Draw(IntEnum):
    """One kind of draw per concern: two draws of one number for one concern are the same."""

    ARRIVED, STAYS, LEAVES, FEMALE, WESTERN, FAMILY, GIVEN, SECOND, TWO = range(9)
    PREFIX, DOMAIN, BORN, BORN_KNOWN, PLACE, STREET, HOUSE = range(10, 17)
    ZOHO, FXIAOKE, NOWHERE, MEMBER, SEEN_BY_SEGMENT, SEEN_BY_SENSORS = range(20, 26)
    BUYS, BOUGHT = 30, 40
    HELD, CASED = 50, 60
    OPTED_OUT, ENGLISH, MASKED, GUARDED, ACCOUNT, SHOWN, UGLY = range(70, 77)
    PLACED, LINES, TASTE, ITEM, IS_POPULAR, POPULAR, PIECES, BESIDE = range(80, 88)
    GUEST, FATE, CORRECTION, RETURN, LATE = range(90, 95)
    LINE_DISCOUNT, CODE, CANCEL, FULFIL, REFUND, IS_PART, PART, DISCOUNT = range(100, 108)
    PAID, SENT, DONE, GIVEN_BACK, PRICE_CUT = range(110, 115)
    VOUCHER, CHECK_INS, CHECKED_IN = range(120, 123)
    GETS, BOUNCES, OPENS, CLICKS, LEAVES_LIST, LAG = range(130, 136)
    VISITS, LOGS_IN, STARTS, VIEWS, VIEWED, ADDS = range(140, 146)
    NAMED_IN_SHOP, NAMED_IN_CLUB = range(150, 152)


class Text(str):
    """SQL whose text stands in JSON as a string; the text needs no escapes."""

    __slots__ = ()


class Raw(str):
    """SQL whose text stands in JSON as it is."""

    __slots__ = ()


def text(value: str) -> str:
    """Return a literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Return a literal list of texts."""
    return "[" + ", ".join(text(value) for value in values) + "]"


def columns(named: Mapping[str, str]) -> str:
    """Return the columns of a query; a later one may use an earlier one by its name."""
    return ", ".join(f"{value} as {name}" for name, value in named.items())


def level(number: str, draw: int) -> str:
    """Return a draw from 0 to 1, without 1."""
    return f"level_of({number}, {int(draw)})"


def pick(number: str, draw: int, first: int, end: int) -> str:
    """Return a draw of a whole number from `first` on, below `end`."""
    return f"({first} + pick_of({number}, {int(draw)}, {end - first}))"


def one_of(values: Sequence[str], number: str, draw: int) -> str:
    """Return a draw of one of some texts."""
    return f"{texts(values)}[{pick(number, draw, 1, len(values) + 1)}]"


def turn(values: Sequence[str], number: str) -> str:
    """Return the text whose turn it is: neighbours in number get different ones."""
    return f"{texts(values)}[1 + {number} % {len(values)}]"


def macros(spec: SampleSpec) -> list[str]:
    """Return the statements that define the draws of one sample, and what it sells."""
    seed = int(spec.generator(Stream.PEOPLE).integers(1 << 62))
    catalogue = load_catalogue()
    sold = catalogue.products
    places = [(place + 0.5) / POPULAR_PLACES for place in range(POPULAR_PLACES)]
    popular = [int(sum(catalogue.popularity[1:] <= place)) + 1 for place in places]
    hashed = f"(hash(xor(number * {DRAWS} + draw, {seed})) >> {64 - HASH_BITS})"
    return [
        f"create temp macro level_of(number, draw) as cast({hashed} as double) / {2**HASH_BITS}.0",
        f"create temp macro pick_of(number, draw, span) as cast({hashed} % span as bigint)",
        f"create temp macro money(hundredths) as {MONEY}",
        "create temp macro product_id(item) as " + texts(p.product_id for p in sold) + "[item]",
        "create temp macro sku(item) as " + texts(p.sku for p in sold) + "[item]",
        "create temp macro product(item) as " + texts(p.name for p in sold) + "[item]",
        "create temp macro category(item) as " + texts(p.category for p in sold) + "[item]",
        "create temp macro brand(item) as " + texts(p.brand for p in sold) + "[item]",
        f"create temp macro price(item) as {[p.price for p in sold]}[item]",
        f"create temp macro popular(place) as {popular}[place]",
    ]


def joined(pieces: Iterable[str]) -> str:
    """Return SQL that joins texts; neighbouring literals become one. Null is an empty text."""
    merged: list[str] = []
    for piece in pieces:
        if merged and LITERAL.fullmatch(merged[-1]) and LITERAL.fullmatch(piece):
            merged[-1] = merged[-1][:-1] + piece[1:]
        else:
            merged.append(piece)
    return f"concat({', '.join(merged)})"


def csv_line(header: Sequence[str], cells: Mapping[str, str]) -> str:
    """Return SQL of one line of CSV; labels without a cell stay empty.

    Cells are SQL of texts as they stand in the file: with quotes where those are needed.
    Raises KeyError if a cell has a label that the header lacks.
    """
    unknown = set(cells) - set(header)
    if unknown:
        raise KeyError(f"no such labels: {sorted(unknown)}")
    pieces = []
    for number, label in enumerate(header):
        pieces += ["','"] if number else []
        pieces += [cells[label]] if label in cells else []
    return joined(pieces)


def json_line(document: dict[str, Any], separators: tuple[str, str] = (", ", ": ")) -> str:
    """Return SQL of one JSON object; `Text` and `Raw` in it are SQL, all else stands as it is."""
    found: list[str] = []

    def place(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: place(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [place(inner) for inner in value]
        if isinstance(value, Text | Raw):
            found.append(str(value))
            return f"@{'raw' if isinstance(value, Raw) else 'text'}{len(found) - 1}@"
        return value

    whole = json.dumps(place(document), ensure_ascii=False, separators=separators)
    pieces, start = [], 0
    for hit in PLACE.finditer(whole):
        pieces += [text(whole[start : hit.start()]), found[int(hit[1] or hit[2])]]
        start = hit.end()
    return joined([*pieces, text(whole[start:])])
