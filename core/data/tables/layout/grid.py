"""A table as a grid of cells, before its columns are interpreted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.data.tables.layout.ambiguous_points import ambiguous_points

if TYPE_CHECKING:
    from pathlib import Path

    from core.arrays import Floats, Integers
    from core.data.tables.cells.number_parts import Decimal
    from core.data.tables.files.file_kinds import FileKind
    from core.data.tables.layout.dialect import Delimiter
    from core.data.tables.layout.frame import Frame

_MAX_COPIED: Final = 64
"""Maximum number of characters of a text that is copied to an array of fixed width."""

_BLANKS: Final = "\t\v\f\r\x1c\x1d\x1e\x1f "
_BLANKS_BEYOND_ASCII: Final = "".join(chr(code) for code in range(128, 0x3001) if chr(code).isspace())

MAX_SHOWN: Final = 80
"""Maximum number of characters of a cell in a preview."""


class Form(Struct, frozen=True):
    """The format of a table, chosen by the user or detected.

    Attributes:
        kind: kind of file.
        encoding: encoding of a text file; empty for other files.
        delimiter: delimiter of a text file.
        decimal: decimal separator.
        header: whether there is a header line with names.
        sheets: names of a workbook's sheets.
        sheet: the sheet that was read; empty for other files.
    """

    kind: FileKind
    encoding: str
    delimiter: Delimiter
    decimal: Decimal
    header: bool
    sheets: tuple[str, ...] = ()
    sheet: str = ""


class Grid(Struct, frozen=True, eq=False, dict=True):
    """The cells of a table with its header and format.

    Attributes:
        path: path of the file.
        form: format of the table.
        names: distinct names of the columns.
        unnamed: indices of the columns without a name in the file.
        units: unit of each column; empty for none.
        lines: (N,): line (or row of the sheet) in which each row starts, counted from 1.
        first_rows: texts of the first rows.
        n_rows_in_file: number of rows in the file; more than N if they were sampled.
        notes: sentences about adjustments made while reading.
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
        """N, the number of rows read."""
        return len(self.lines)

    @cached_property
    def ambiguous_points(self) -> frozenset[int]:
        """Indices of the columns whose points may also group thousands, as is usual in tables separated by semicolons."""
        may_be = self.form.kind == "text" and self.form.delimiter == ";" and self.form.decimal == "."
        return ambiguous_points(self.frame) if may_be else frozenset()

    def numbers(self, index: int) -> Floats | None:
        """Return column ``index`` (N,), with NaN for missing cells; ``None`` unless all others are plain numbers."""
        return self.frame.numbers.get(index)

    def texts(self, index: int) -> tuple[list[str], Integers]:
        """Return the distinct texts of column ``index``, stripped and unsorted, and (N,) the index of each row's text."""
        import pandas as pd

        codes, factors = pd.factorize(self.frame.texts(index))
        found = factors.tolist()
        if not _may_have_blanks(found):
            return found, codes
        stripped = [text.strip() for text in found]
        different = list(dict.fromkeys(stripped))
        place_of = dict(zip(different, range(len(different)), strict=True))
        places: Integers = np.array([place_of[text] for text in stripped], dtype=np.int64)
        return different, places[codes]


def _may_have_blanks(texts: list[str]) -> bool:
    """Return whether a text may have blanks around it, which is much faster than stripping all."""
    lines = "\n".join(["", *texts, ""])
    if lines.count("\n") > len(texts) + 1:  # a text has several lines
        return True
    blanks = _BLANKS if lines.isascii() else _BLANKS + _BLANKS_BEYOND_ASCII
    return any(blank in lines and (f"\n{blank}" in lines or f"{blank}\n" in lines) for blank in blanks)


def sorting(texts: list[str]) -> Integers:
    """Return (N,) the indices that sort ``texts``: if short, with NumPy, which releases the GIL but copies them at full width."""
    if max(map(len, texts), default=0) <= _MAX_COPIED:
        return np.argsort(np.array(texts, dtype=np.str_), kind="stable")
    return np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)


def shown(cell: str) -> str:
    """Return ``cell`` truncated for a preview."""
    return cell if len(cell) <= MAX_SHOWN else cell[: MAX_SHOWN - 1] + "…"
