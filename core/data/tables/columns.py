"""The columns of a user's table as numbers, truth values or categories, read by pandas once for each state of a file."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from core.data.tables.text import TableText, read_text
from core.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from core.arrays import Booleans, Floats

ColumnKind: TypeAlias = Literal["number", "boolean", "text", "empty"]

MISSING: Final = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?")
"""How tables write a missing value."""

_MOSTLY_NUMBERS: Final = 0.8
_CODES: Final = 10
"""Up to this many distinct numbers among texts may be codes, such as 0, 1, 2, 3+."""

_INDEX_NAMES: Final = ("id", "index", "row")


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    Attributes:
        name: from the header.
        kind: what its cells are.
        values: (N,) the numbers, 0/1 for truth values, the category's index for text; NaN where the cell is missing.
        categories: for text the different values, sorted; for truth values ``false`` and ``true``.
        stray: row (from 0) and text of the first cell that is no number, in a column of numbers otherwise.
        is_index: it counts the rows, and has no name (as pandas writes it) or is called so.
    """

    name: str
    kind: ColumnKind
    values: Floats
    categories: tuple[str, ...] = ()
    stray: tuple[int, str] | None = None
    is_index: bool = False

    @cached_property
    def missing(self) -> Booleans:
        """(N,): where the cell is empty or not finite."""
        return np.isnan(self.values)

    @cached_property
    def n_unique(self) -> int:
        """How many different values the column holds."""
        return len(np.unique(self.values[~self.missing]))

    @property
    def is_identifier(self) -> bool:
        """Whether it only names the rows: a text in which no value comes twice, or the count of the rows."""
        present = int(np.count_nonzero(~self.missing))
        one_each = self.kind == "text" and present > 1 and len(self.categories) == present
        return self.is_index or (one_each and self.stray is None)


@dataclass(frozen=True, eq=False)
class Table:
    """A table read: its columns in order, the file's line of each row, and the first rows as text."""

    path: Path
    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    first_rows: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def open_table(path: Path) -> Table:
    """Return the table in ``path``; a file that has not changed is not read again.

    Raises:
        TableError: the file is not a usable table; the text says why and where.
    """
    try:
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        # Reading gives the precise reason; an error is not cached.
        stamp = (0, 0)
    return _read(path, stamp)


@lru_cache(maxsize=2)
def _read(path: Path, stamp: tuple[int, int]) -> Table:  # noqa: ARG001 - the stamp tells apart two states of one file
    source = read_text(path)
    frame = _frame(source)
    columns = tuple(
        _column(name, frame[name], source.decimal, unnamed=position in source.unnamed)
        for position, name in enumerate(source.header)
    )
    for column in columns:
        column.values.setflags(write=False)
    return Table(path, columns, source.lines, source.first_rows)


def _frame(source: TableText) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_csv(
            io.StringIO(source.text),
            sep=source.delimiter,
            decimal=source.decimal,
            header=0,
            names=list(source.header),
            index_col=False,
            skipinitialspace=True,
            keep_default_na=False,
            na_values=list(MISSING),
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        raise TableError(f"{source.name}: the table cannot be read ({error})") from None
    if len(frame) != len(source.lines):
        raise TableError(f"{source.name}: {len(source.lines)} rows were counted, but {len(frame)} could be read")
    return frame


def _column(name: str, series: pd.Series, decimal: str, *, unnamed: bool) -> Column:
    """Return the column in ``series`` by its kind."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(series) or not pd.api.types.is_numeric_dtype(series):
        return _worded(name, series, decimal)
    values = series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    return _numeric(name, values, unnamed=unnamed)


def _numeric(name: str, values: Floats, *, unnamed: bool = False) -> Column:
    values[~np.isfinite(values)] = np.nan
    if np.isnan(values).all():
        return Column(name, "empty", values)
    counts_rows = np.array_equal(values, np.arange(len(values)) + values[0]) and values[0] in (0, 1)
    return Column(name, "number", values, is_index=counts_rows and (unnamed or name.lower() in _INDEX_NAMES))


def _worded(name: str, series: pd.Series, decimal: str) -> Column:
    """Return a column that is not all plain numbers: truth values, huge or grouped numbers (1,234), or text."""
    import pandas as pd

    text = (
        series.astype(object).where(series.notna(), None).map(lambda cell: None if cell is None else str(cell).strip())
    )
    text = text.mask(text.isin(MISSING), None)
    present = text.notna()
    if not present.any():
        return Column(name, "empty", np.full(len(text), np.nan))
    numbers = pd.to_numeric(text[present].map(lambda cell: _plain_number(cell, decimal)), errors="coerce")
    values = np.full(len(text), np.nan)
    if numbers.notna().all():
        values[present.to_numpy()] = numbers.to_numpy(dtype=np.float64)
        return _numeric(name, values)
    lowered = text[present].str.lower()
    if lowered.isin(("true", "false")).all():
        values[present.to_numpy()] = (lowered == "true").to_numpy(dtype=np.float64)
        return Column(name, "boolean", values, ("false", "true"))
    codes, categories = pd.factorize(text[present], sort=True)
    values[present.to_numpy()] = codes
    return Column(name, "text", values, tuple(str(category) for category in categories), _stray(text, numbers))


def _plain_number(cell: str, decimal: str) -> str:
    """Return ``cell`` with a decimal point and no grouping of thousands; empty if a number's signs are out of place."""
    grouping = "," if decimal == "." else "."
    if grouping in cell:
        grouped = rf"[+-]?\d{{1,3}}({re.escape(grouping)}\d{{3}})+({re.escape(decimal)}\d+)?"
        if not re.fullmatch(grouped, cell):
            return ""
        cell = cell.replace(grouping, "")
    return cell.replace(decimal, ".")


def _stray(text: pd.Series, numbers: pd.Series) -> tuple[int, str] | None:
    """Return the first cell that is no number, if the others tell that it should be: 80 % numbers, over 10 different."""
    if numbers.notna().mean() < _MOSTLY_NUMBERS or numbers.nunique() <= _CODES:
        return None
    row = int(numbers.index[numbers.isna()][0])
    return row, str(text[row])
