"""Size limits of tables, and progress and cancellation of reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct

from core.errors import TableError

MAX_BYTES: Final = 200_000_000
MAX_LINES: Final = 5_000_000
MAX_ROWS: Final = 100_000
"""Maximum number of rows; a longer table must be sampled."""

MAX_COLUMNS: Final = 20_000
MAX_CELLS: Final = 60_000_000
MAX_CELL: Final = 131_072
"""Maximum number of characters in a cell, which is the limit of Python's CSV reader."""

MAX_INPUTS: Final = 1000
"""Maximum number of inputs after encoding."""

MAX_CATEGORIES: Final = 50
"""Maximum number of categories of a text column, and of classes."""

MANY_TEXT_INPUTS: Final = 50
"""Number of inputs from text columns above which the dialog asks for confirmation."""

MAX_MAGNITUDE: Final = 1e100
"""Maximum magnitude of a number; squares and sums of squares of larger ones could overflow."""

Advance: TypeAlias = Callable[[int, int], bool]
"""Called periodically with (done, total); returns whether to continue."""

_PARTS: Final = 1000


class ReadCancelled(Exception):  # noqa: N818 - not an error
    """Reading was cancelled."""


class TooManyRows(TableError):  # noqa: N818 - the dialog offers to sample the rows
    """A table has too many rows, but can be sampled."""

    def __init__(self, name: str, rows: int) -> None:
        super().__init__(
            f"{name}: the table has {grouped(rows)} rows, but at most {grouped(MAX_ROWS)} can be used; "
            f'take a random sample ("rows": {MAX_ROWS})'
        )
        self.rows = rows


class Progress(Struct, frozen=True):
    """Reports the progress of reading, and cancels it on request.

    Attributes:
        advance: the callback.
        start: fraction of the whole that is done before this part.
        stop: fraction that is done after this part.
    """

    advance: Advance
    start: float = 0.0
    stop: float = 1.0

    def part(self, start: float, stop: float) -> Progress:
        """Return the progress of the part between the fractions ``start`` and ``stop``."""
        width = self.stop - self.start
        return Progress(self.advance, self.start + width * start, self.start + width * stop)

    def reach(self, share: float) -> None:
        """Report that the fraction ``share`` of this part is done.

        Raises:
            ReadCancelled: the callback returned false.
        """
        done = self.start + (self.stop - self.start) * min(share, 1.0)
        if not self.advance(round(_PARTS * done), _PARTS):
            raise ReadCancelled


def silent(_done: int, _all: int) -> bool:
    """Ignore the progress and never cancel."""
    return True


def grouped(number: int) -> str:
    """Format ``number`` with spaces between thousands."""
    return f"{number:,}".replace(",", " ")
