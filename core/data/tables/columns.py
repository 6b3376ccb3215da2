"""Convert the cells of a column to numbers, truth values, dates or categories."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.data.tables.cells.angles import parse_angles
from core.data.tables.cells.compact_dates import days_of_numbers
from core.data.tables.cells.dates import parse_dates
from core.data.tables.cells.detection_limits import parse_limits
from core.data.tables.cells.durations import parse_durations
from core.data.tables.cells.labels import label_of
from core.data.tables.cells.leading_zeros import are_codes, are_codes_with_e
from core.data.tables.cells.missing import MISSING, MISSING_AMONG_NUMBERS
from core.data.tables.cells.mixed_units import parse_mixed_units
from core.data.tables.cells.number_parts import Parts
from core.data.tables.cells.numbers import (
    Numbers,
    are_quantities,
    begin_as_numbers,
    may_be_numbers,
    numbers_of,
    parse_if_numbers,
    parse_numbers,
)
from core.data.tables.layout.grid import sorting

if TYPE_CHECKING:
    from core.arrays import Booleans, Floats, Integers
    from core.data.settings import ColumnSettings, DatePart
    from core.data.tables.cells.number_parts import Decimal
    from core.data.tables.layout.grid import Grid

ColumnKind: TypeAlias = Literal["number", "boolean", "date", "text", "empty"]

_MIN_NUMBER_SHARE: Final = 0.8
_CODES: Final = 10
"""Maximum number of distinct numbers among texts that may be codes, such as 0, 1, 2, 3+."""

_SPELLINGS_OF_TRUTH: Final = 2**4 + 2**5
"""Number of ways to write ``true`` and ``false`` in upper and lower case."""

_HUGE: Final = 1e30
"""Whole numbers in such a column are rather codes, such as 12E34."""

_REMARK_ON_ANGLES: Final = "angles, in degrees; south and west are negative"
_REMARK_ON_POINTS: Final = "points are read as decimal; if they group thousands, choose a comma for decimals"
_INDEX_NAMES: Final = ("id", "index", "row")


class Column(Struct, frozen=True, eq=False, dict=True):
    """A column with its converted values.

    Attributes:
        name: name from the header.
        kind: kind of the cells.
        values: (N,): numbers, 0/1 for truth values, days since 1970-01-01 for dates, category indices for text; NaN for
            missing cells.
        categories: for text, the sorted distinct values; for truth values, ``false`` and ``true``.
        unit: unit from the cells or from a line of units; empty for none.
        stray: row (from 0) and text of the first cell that is not a number, in a column that is otherwise numeric.
        is_index: whether the column only numbers the rows, and is unnamed (as written by pandas) or named like an index.
        marks: additional texts treated as missing.
        ambiguous_date: whether day and month could be swapped.
        parts: parts of the date that become inputs instead of the day.
        in_utc: whether the times had different offsets from UTC, and were converted to it.
        remark: how unusual cells were read, as a short phrase; empty for none.
    """

    name: str
    kind: ColumnKind
    values: Floats
    categories: tuple[str, ...] = ()
    unit: str = ""
    stray: tuple[int, str] | None = None
    is_index: bool = False
    marks: tuple[str, ...] = ()
    ambiguous_date: bool = False
    parts: tuple[DatePart, ...] = ()
    in_utc: bool = False
    remark: str = ""

    def __post_init__(self) -> None:
        """Make the values read-only, because they are shared."""
        self.values.setflags(write=False)

    @cached_property
    def missing(self) -> Booleans:
        """(N,): whether each cell is missing or not finite."""
        return np.isnan(self.values)

    @cached_property
    def n_missing(self) -> int:
        """Number of missing cells."""
        return int(np.count_nonzero(self.missing))

    @cached_property
    def n_unique(self) -> int:
        """Number of distinct values."""
        if self.kind == "text":
            return len(self.categories)
        return len(np.unique(self.values[~self.missing]))


def read_column(grid: Grid, index: int, choice: ColumnSettings | None = None) -> Column:
    """Read column ``index`` of ``grid`` as specified in ``choice``; infer everything else from the cells."""
    kind = "auto" if choice is None else choice.kind
    marks = () if choice is None else tuple(choice.missing)
    plain = grid.numbers(index)
    if plain is not None and kind == "auto" and float(np.nanmax(plain, initial=0.0)) >= _HUGE:
        cells = _Cells.of(grid, index, marks)
        if are_codes_with_e(cells.among_numbers.different):
            return _as_codes(grid.names[index], cells.among_numbers, (), "codes such as 12E34")
    if plain is not None:
        plain = _without_codes(plain, marks)
        if kind not in ("number", "categories") and (days := days_of_numbers(plain)) is not None:
            parts = () if choice is None else choice.parts
            return Column(grid.names[index], "date", days, marks=marks, parts=parts, remark="written as a number")
        if kind in ("auto", "number"):
            return _plain(grid, index, plain, marks)
    cells = _Cells.of(grid, index, marks)
    if not cells.different:
        return Column(grid.names[index], "empty", np.full(grid.n_rows, math.nan))
    name = grid.names[index]
    if kind == "auto" and (codes := _codes(name, cells)) is not None:
        return codes
    if kind in ("auto", "number"):
        column = _numeric(grid, index, cells, chosen=False) or _angular(name, cells) or _mixed(name, cells)
        column = column or _labelled(grid, index, cells)
        column = column or (_numeric(grid, index, cells, chosen=True) if kind == "number" else None)
        column = column or _timed(name, cells, chosen=kind == "number")
        if column is not None:
            return column
    if kind == "auto" and (truth := _truth(name, cells)) is not None:
        return truth
    if kind not in ("number", "categories"):
        month_first = {"date_day_first": False, "date_month_first": True}.get(kind)
        column = _dated(name, cells, month_first, () if choice is None else choice.parts)
        if column is not None:
            return column
    stray = None if kind == "categories" else _stray(grid, cells)
    cells = cells.sorted()
    return Column(name, "text", cells.codes, tuple(cells.different), stray=stray, marks=marks)


class _Cells(Struct, frozen=True, eq=False, dict=True):
    """The cells of a column: the distinct texts that are not missing, and the index of each row's text, else NaN."""

    different: list[str]
    codes: Floats

    @classmethod
    def of(cls, grid: Grid, index: int, marks: tuple[str, ...]) -> _Cells:
        different, codes = grid.texts(index)
        return cls(different, codes.astype(np.float64)).without(set(MISSING) | set(marks))

    @cached_property
    def parts(self) -> Parts:
        """The digits, signs and units of the texts."""
        return Parts.of(self.different)

    @cached_property
    def among_numbers(self) -> _Cells:
        """The cells without marks of missing values among numbers."""
        return self.without(MISSING_AMONG_NUMBERS)

    def without(self, marks: set[str] | frozenset[str]) -> _Cells:
        """Return the cells with ``marks`` treated as missing."""
        lost = [self.different.index(mark) for mark in marks.intersection(self.different)]
        return self.only(np.delete(np.arange(len(self.different)), lost)) if lost else self

    def sorted(self) -> _Cells:
        """Return the cells with their texts in sorted order."""
        return self.only(sorting(self.different))

    def only(self, kept: Integers) -> _Cells:
        """Return the cells with only the texts at the places ``kept``, in this order."""
        renumbered = np.full(len(self.different), math.nan)
        renumbered[kept] = np.arange(len(kept))
        return _Cells([self.different[place] for place in kept.tolist()], self.spread(renumbered))

    def found(self, marks: set[str] | frozenset[str]) -> tuple[str, ...]:
        """Return those of ``marks`` that occur, sorted."""
        return tuple(sorted(marks.intersection(self.different)))

    @cached_property
    def counts(self) -> Integers:
        """Number of rows with each of the texts."""
        return np.bincount(self.codes[~np.isnan(self.codes)].astype(np.int64), minlength=len(self.different))

    def spread(self, values: Floats) -> Floats:
        """Return (N,): the value of each row, given the value of each distinct text."""
        spread = np.full(len(self.codes), math.nan)
        known = ~np.isnan(self.codes)
        spread[known] = values[self.codes[known].astype(np.int64)]
        return spread


def _plain(grid: Grid, index: int, values: Floats, marks: tuple[str, ...]) -> Column:
    name = grid.names[index]
    if np.isnan(values).all():
        return Column(name, "empty", values)
    counts_rows = values[0] in (0, 1) and np.array_equal(values, np.arange(len(values)) + values[0])
    is_index = bool(counts_rows) and (index in grid.unnamed or name.lower() in _INDEX_NAMES)
    remark = _REMARK_ON_POINTS if index in grid.ambiguous_points else ""
    return Column(name, "number", values, unit=grid.units[index], is_index=is_index, marks=marks, remark=remark)


def _without_codes(values: Floats, marks: tuple[str, ...]) -> Floats:
    """Return ``values`` (N,) with those of ``marks`` that are numbers as NaN."""
    codes = [number for mark in marks if not math.isnan(number := _as_number(mark))]
    return np.where(np.isin(values, codes), math.nan, values) if codes else values


def _as_number(text: str) -> float:
    return float(parse_numbers([text], ".").values[0])


def _numeric(grid: Grid, index: int, cells: _Cells, *, chosen: bool) -> Column | None:
    """Return a column of huge or grouped numbers, or of numbers with a unit; ``None`` if a cell is not a number.

    If the user chose numbers, other cells are missing.
    """
    without = cells.among_numbers
    numbers, remark = _parsed(without, grid.form.decimal, chosen=chosen)
    none = np.array([True]) if numbers is None else np.isnan(numbers.values)
    if numbers is None or none.all():
        return None
    values = without.spread(numbers.values)
    values[~np.isfinite(values)] = math.nan
    if np.isnan(values).all():
        return Column(grid.names[index], "empty", values)
    marks = cells.found(MISSING_AMONG_NUMBERS)
    lost = tuple(sorted(text for text, is_none in zip(without.different, none, strict=True) if is_none))
    unit = numbers.unit or grid.units[index]
    return Column(grid.names[index], "number", values, unit=unit, marks=marks + lost, remark=remark)


def _parsed(cells: _Cells, decimal: Decimal, *, chosen: bool) -> tuple[Numbers | None, str]:
    """Return the numbers in ``cells``, and a remark on those with a sign; ``None`` unless all are numbers or were chosen."""
    texts = cells.different
    parts = cells.parts if begin_as_numbers(texts) and cells.parts.known.all() else None
    if parts is not None and (limits := parse_limits(texts, cells.counts, parts, decimal)) is not None:
        noun = f"{limits.count} cells such as" if limits.count > 1 else "the cell"
        return limits.numbers, f"{noun} “{limits.example}” {'are' if limits.count > 1 else 'is'} read without the sign"
    numbers = None if parts is None or parts.limits.any() else numbers_of(texts, parts, decimal)
    numbers = parse_numbers(texts, decimal, cells.parts) if numbers is None and chosen and texts else numbers
    return numbers, "" if numbers is None else numbers.remark


def _codes(name: str, cells: _Cells) -> Column | None:
    """Return a column of codes with leading zeros as categories, of which numbers would lose the zeros."""
    without = cells.among_numbers
    if not without.different or not are_codes(without.different, without.counts):
        return None
    return _as_codes(name, without, cells.found(MISSING_AMONG_NUMBERS), "codes with leading zeros")


def _as_codes(name: str, cells: _Cells, marks: tuple[str, ...], remark: str) -> Column:
    cells = cells.sorted()
    return Column(name, "text", cells.codes, tuple(cells.different), marks=marks, remark=remark)


def _timed(name: str, cells: _Cells, *, chosen: bool) -> Column | None:
    """Return a column of times of day or durations as numbers; ``None`` unless all cells are, or the user chose numbers."""
    without = cells.among_numbers
    times = parse_durations(without.different, strict=not chosen)
    if times is None:
        return None
    none = np.isnan(times.values).tolist()
    lost = tuple(sorted(text for text, is_none in zip(without.different, none, strict=True) if is_none))
    what = "times of day" if times.of_day else "durations"
    remark = f"{what}, in {'hours' if times.unit == 'h' else 'seconds'}"
    marks = cells.found(MISSING_AMONG_NUMBERS) + lost
    return Column(name, "number", without.spread(times.values), unit=times.unit, marks=marks, remark=remark)


def _angular(name: str, cells: _Cells) -> Column | None:
    """Return a column of angles as degrees; ``None`` unless all cells are."""
    without = cells.among_numbers
    degrees = parse_angles(without.different)
    if degrees is None:
        return None
    marks = cells.found(MISSING_AMONG_NUMBERS)
    return Column(name, "number", without.spread(degrees), unit="°", marks=marks, remark=_REMARK_ON_ANGLES)


def _mixed(name: str, cells: _Cells) -> Column | None:
    """Return a column of numbers in two units, such as feet and inches; ``None`` unless all cells are."""
    without = cells.among_numbers
    numbers = parse_mixed_units(without.different)
    if numbers is None:
        return None
    larger, smaller = numbers.names.split(" and ")
    marks = cells.found(MISSING_AMONG_NUMBERS)
    remark = f"{larger} and {smaller}, in {smaller}"
    return Column(name, "number", without.spread(numbers.values), unit=numbers.unit, marks=marks, remark=remark)


def _labelled(grid: Grid, index: int, cells: _Cells) -> Column | None:
    """Return a column of numbers behind the same label; ``None`` unless all cells are, or they may be categories."""
    without = cells.among_numbers
    label = label_of(without.different)
    if not label:
        return None
    numbers = parse_if_numbers([text[len(label) :] for text in without.different], grid.form.decimal)
    if numbers is None or not are_quantities(numbers.values):
        return None
    remark = f"cells such as “{without.different[0]}” are read without “{label.strip()}”"
    marks = cells.found(MISSING_AMONG_NUMBERS)
    unit = numbers.unit or grid.units[index]
    return Column(grid.names[index], "number", without.spread(numbers.values), unit=unit, marks=marks, remark=remark)


def _truth(name: str, cells: _Cells) -> Column | None:
    if len(cells.different) > _SPELLINGS_OF_TRUTH:
        return None
    lowered = [text.lower() for text in cells.different]
    if not set(lowered) <= {"true", "false"}:
        return None
    values = cells.spread(np.array([float(text == "true") for text in lowered]))
    return Column(name, "boolean", values, ("false", "true"))


def _dated(name: str, cells: _Cells, month_first: bool | None, parts: tuple[DatePart, ...]) -> Column | None:  # noqa: FBT001
    without = cells.among_numbers
    dates = parse_dates(without.different, month_first=month_first)
    if dates is None:
        return None
    marks = cells.found(MISSING_AMONG_NUMBERS)
    return Column(
        name,
        "date",
        without.spread(dates.days),
        marks=marks,
        ambiguous_date=dates.ambiguous or month_first is not None,
        parts=parts,
        in_utc=dates.in_utc,
    )


def _stray(grid: Grid, cells: _Cells) -> tuple[int, str] | None:
    """Return the first cell that is not a number, if at least 80 % are numbers with more than 10 distinct values."""
    without = cells.among_numbers
    taken_apart = "parts" in vars(without)
    if not taken_apart and not may_be_numbers(without.different, without.counts, _MIN_NUMBER_SHARE):
        return None
    numbers = parse_numbers(without.different, grid.form.decimal, without.parts)
    values = without.spread(numbers.values)
    present = ~np.isnan(without.codes)
    found = ~np.isnan(values)
    if not found.any() or found.sum() < _MIN_NUMBER_SHARE * present.sum():
        return None
    if len(np.unique(numbers.values[~np.isnan(numbers.values)])) <= _CODES:
        return None
    others = np.flatnonzero(present & ~found)
    if not len(others):  # the user chose dates for a column of numbers
        return None
    row = int(others[0])
    return row, without.different[int(without.codes[row])]
