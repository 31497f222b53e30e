"""Bytes that DuckDB's reader of CSV takes in its own way, so that Python has to read the text.

Belongs here: what such bytes are, and where they may hide. Does not belong here: encodings
(decode.py), and what is made of such a text (records.py).
"""

import string

import numpy as np

# Bytes of one chunk that are looked at again with the next, so that nothing hides on the border.
OVERLAP = 64
# Bytes that numpy compares at once: what it notes down of them stays in the processor's cache.
STEP_BYTES = 1 << 16
BLANK, QUOTE = ord(" "), ord('"')
# Signs that could separate cells: any of ASCII but quotes, blanks, letters and digits.
SEPARATORS = frozenset(range(128)) - frozenset(b'" ' + string.ascii_letters.encode())
SEPARATORS -= frozenset(string.digits.encode())


class Look:
    """What the bytes of a text tell; every chunk of them is fed once, in order.

    `line_breaks` counts line feeds. The text `needs_care` where it may hold what DuckDB's reader
    takes in its own way: NUL bytes, carriage returns that are not part of CRLF, some blanks beside
    quotes; that is known once all is fed, and never so of one that is not delimited.
    """

    def __init__(self, *, is_delimited: bool = True) -> None:
        """Start before the first byte, which begins a line."""
        self.line_breaks = 0
        self._tail = b"\n"
        self._found = False
        self._is_delimited = is_delimited

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        self.line_breaks += chunk.count(b"\n")
        if self._is_delimited and not self._found:
            piece = self._tail + chunk
            self._found = needs_care(piece)
            self._tail = piece[-OVERLAP:]

    @property
    def needs_care(self) -> bool:
        """Tell whether DuckDB may read the bytes so far otherwise than a spreadsheet does."""
        return self._found or self._tail.endswith(b"\r")


def needs_care(piece: bytes) -> bool:
    """Tell whether a piece of a text holds what DuckDB takes in its own way."""
    # A carriage return at the very end belongs to the next piece, which starts with it.
    if b"\0" in piece or (b"\r" in piece and piece.count(b"\r", 0, -1) > piece.count(b"\r\n")):
        return True
    if not _has_blanks_beside_quotes(piece):
        return False
    return _has_blanks_before_quote(piece) or _has_blanks_between_quotes(piece)


def _has_blanks_beside_quotes(piece: bytes) -> bool:
    """Tell whether two blanks before a quote or one behind it are there at all: in most texts not.

    Five times as fast as looking for either as bytes.
    """
    signs = np.frombuffer(piece, np.uint8)
    for start in range(0, len(signs) if b'"' in piece else 0, STEP_BYTES):
        part = signs[start : start + STEP_BYTES + 2]
        quotes, blanks = part == QUOTE, part == BLANK
        if (quotes[:-1] & blanks[1:]).any():
            return True
        if (blanks[:-2] & blanks[1:-1] & quotes[2:]).any():
            return True
    return False


def _has_blanks_before_quote(piece: bytes) -> bool:
    """Tell whether two blanks or more lead to an opening quote: DuckDB takes the cell for bare."""
    at = piece.find(b'  "')
    while at >= 0:
        before = at - 1
        while before >= 0 and piece[before] == BLANK:
            before -= 1
        # Where the blanks start before the piece, a quote behind what was looked at is in doubt.
        if piece[before] in SEPARATORS if before >= 0 else at >= OVERLAP - 2:
            return True
        at = piece.find(b'  "', at + 1)
    return False


def _has_blanks_between_quotes(piece: bytes) -> bool:
    """Tell whether blanks alone stand between two quoted texts: DuckDB joins them."""
    at = piece.find(b'" ')
    while at >= 0:
        end = at + 1
        while piece[end : end + 1] == b" ":
            end += 1
        if piece[end : end + 1] == b'"' and not _ends_in_escape(piece, at, end):
            return True
        at = piece.find(b'" ', end)
    return False


def _ends_in_escape(piece: bytes, last: int, end: int) -> bool:
    """Tell whether the quotes up to `last` are pairs within a cell, so that none ends it.

    `end` is the place of the next quote, behind nothing but blanks.
    """
    first = last
    while first > 0 and piece[first - 1] == QUOTE:
        first -= 1
    before = first - 1
    while before >= 0 and piece[before] == BLANK:
        before -= 1
    if before < 0:
        # It was looked at with the piece before, which knew what comes before: if it was whole.
        return end < OVERLAP
    return piece[before] not in SEPARATORS and (last - first) % 2 == 1
