"""A table as a grid of cells in columns: numbers where all cells are plain ones, else their texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from core.arrays import Floats
    from core.data.tables.dialect import Decimal, Delimiter
    from core.data.tables.file_kinds import FileKind
    from core.data.tables.frame import Frame

MAX_SHOWN: Final = 80
"""Most characters of a cell in a preview."""


@dataclass(frozen=True)
class Form:
    """How a table was read: what the user chose, else what its content told.

    Attributes:
        kind: of file.
        encoding: of a text file; empty for others.
        delimiter: of a text file.
        decimal: sign before the decimals.
        header: whether there is a line with the names.
        sheets: names of the sheets of a workbook.
        sheet: the one that was read; empty for other files.
    """

    kind: FileKind
    encoding: str
    delimiter: Delimiter
    decimal: Decimal
    header: bool
    sheets: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of a table.

    Attributes:
        path: the file.
        form: how it was read.
        names: of the columns, all different.
        unnamed: the columns that had no name.
        units: one for each column; empty texts where there is none.
        lines: (N,) the line (or row of the sheet) in which each row starts, counted from 1.
        first_rows: the first rows as they stand in the file.
        n_rows_in_file: rows that the file has; more than N if they are a sample.
        notes: what was made of the file on the way, a sentence each.
    """

    path: Path
    form: Form
    names: tuple[str, ...]
    unnamed: frozenset[int]
    units: tuple[str, ...]
    lines: tuple[int, ...]
    first_rows: tuple[tuple[str, ...], ...]
    n_rows_in_file: int
    notes: tuple[str, ...]
    frame: Frame

    @cached_property
    def n_rows(self) -> int:
        """N, the number of rows that were read."""
        return len(self.lines)

    def numbers(self, index: int) -> Floats | None:
        """Return column ``index`` (N,) if all its cells are plain numbers or missing, NaN there; else ``None``."""
        return self.frame.numbers.get(index)

    def texts(self, index: int) -> tuple[list[str], Floats]:
        """Return the different texts of column ``index``, stripped and sorted, and (N,) which of them each row holds."""
        import pandas as pd

        cells = self.frame.texts(index)
        codes, found = pd.factorize(cells)
        stripped = [str(text).strip() for text in found]
        different = sorted(set(stripped))
        place = {text: number for number, text in enumerate(different)}
        order = np.array([place[text] for text in stripped], dtype=np.int64)
        return different, order[codes].astype(np.float64)


def shown(cell: str) -> str:
    """Return ``cell`` cut to what a preview shows."""
    return cell if len(cell) <= MAX_SHOWN else cell[: MAX_SHOWN - 1] + "…"
