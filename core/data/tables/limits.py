"""What a table may hold at most, and how long reading may be interrupted: progress and cancelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from core.errors import TableError

MAX_BYTES: Final = 200_000_000
MAX_LINES: Final = 5_000_000
MAX_ROWS: Final = 100_000
"""Most rows that can be used; of a longer table, a random sample."""

MAX_COLUMNS: Final = 20_000
MAX_CELLS: Final = 60_000_000
MAX_CELL: Final = 131_072
"""Most characters in a cell: the limit of Python's own CSV reader."""

MAX_INPUTS: Final = 1000
"""Most inputs after encoding."""

MAX_CATEGORIES: Final = 50
"""Most categories of a text column, and most classes."""

MANY_TEXT_INPUTS: Final = 50
"""Above this many inputs from text columns, the dialog asks first."""

MAX_MAGNITUDE: Final = 1e100
"""Largest number: beyond it squares and sums of squares leave float64."""

Advance: TypeAlias = Callable[[int, int], bool]
"""Called with (done, all) now and then; returns whether to go on."""

_PARTS: Final = 1000


class ReadCancelled(Exception):  # noqa: N818 - a wish of the user, no error
    """Reading was cancelled on request."""


class TooManyRows(TableError):  # noqa: N818 - it leads to an offer
    """A table has more rows than can be used; a random sample of them can."""

    def __init__(self, name: str, rows: int) -> None:
        super().__init__(
            f"{name}: the table has {grouped(rows)} rows, and at most {grouped(MAX_ROWS)} can be used: "
            f'take a random sample ("rows": {MAX_ROWS})'
        )
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Progress:
    """Tells how far reading is, and stops it on request.

    Attributes:
        advance: who listens.
        start: share of the whole that was done before this part.
        stop: share that is done after it.
    """

    advance: Advance
    start: float = 0.0
    stop: float = 1.0

    def part(self, start: float, stop: float) -> Progress:
        """Return the progress of the part between these two shares."""
        width = self.stop - self.start
        return Progress(self.advance, self.start + width * start, self.start + width * stop)

    def reach(self, share: float) -> None:
        """Tell that ``share`` of this part is done.

        Raises:
            ReadCancelled: the listener does not want to go on.
        """
        done = self.start + (self.stop - self.start) * min(share, 1.0)
        if not self.advance(round(_PARTS * done), _PARTS):
            raise ReadCancelled


def silent(_done: int, _all: int) -> bool:
    """Listen to no progress and never cancel."""
    return True


def grouped(number: int) -> str:
    """Return ``number`` with blanks between thousands."""
    return f"{number:,}".replace(",", " ")
