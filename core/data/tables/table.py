"""A table with its columns, which are converted lazily and cached."""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from core.data.tables.columns import Column, read_column
from core.data.tables.limits import Advance, Progress, silent
from core.data.tables.reading import open_grid
from core.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

    from core.data.settings import ColumnSettings, TableSource
    from core.data.tables.layout.grid import Grid

_TOLD_EVERY = 64


class Table(Struct, frozen=True, eq=False, dict=True):
    """A table: its cells, and its columns in order."""

    grid: Grid
    columns: tuple[Column, ...]

    @property
    def path(self) -> Path:
        """The file."""
        return self.grid.path

    @property
    def lines(self) -> tuple[int, ...]:
        """(N,): line of the file in which each row starts."""
        return self.grid.lines

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def open_table(path: Path, choices: TableSource | None = None, *, seed: int = 1, advance: Advance = silent) -> Table:
    """Read the table at ``path`` as specified in ``choices``; an unchanged file is not read again.

    Raises:
        TableError: the file is not a usable table, or a column in ``choices`` does not exist.
        ReadCancelled: ``advance`` returned false.
    """
    progress = Progress(advance)
    grid = open_grid(path, choices, seed=seed, advance=_part(progress, 0.0, 0.8))
    chosen = {} if choices is None else {each.name: each for each in choices.columns}
    for name in chosen:
        if name not in grid.names:
            raise TableError(f'{path.name}: there is no column "{name}", whose kind was chosen')
    known = _columns_of(grid)
    columns = []
    for index, name in enumerate(grid.names):
        if index % _TOLD_EVERY == 0:
            progress.reach(0.8 + 0.2 * index / len(grid.names))
        columns.append(known.column(index, chosen.get(name)))
    progress.reach(1.0)
    return Table(grid, tuple(columns))


def _part(progress: Progress, start: float, stop: float) -> Advance:
    part = progress.part(start, stop)

    def advance(done: int, every: int) -> bool:
        part.reach(done / every)
        return True

    return advance


class _Columns(Struct, frozen=True, eq=False):
    """The columns of a grid converted so far, by the user's choices for each."""

    grid: Grid
    lock: threading.Lock = field(default_factory=threading.Lock)
    read: dict[tuple[int, ColumnSettings | None], Column] = field(default_factory=dict)

    def column(self, index: int, choice: ColumnSettings | None) -> Column:
        with self.lock:
            key = (index, choice)
            if key not in self.read:
                self.read[key] = read_column(self.grid, index, choice)
            return self.read[key]


@lru_cache(maxsize=2)
def _columns_of(grid: Grid) -> _Columns:
    return _Columns(grid)
