"""Encode a table's columns as inputs and target: one-hot coding, parts of dates, class indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from core.data.tables.cells.dates import part_of
from core.data.tables.limits import MAX_CATEGORIES, MAX_MAGNITUDE
from core.errors import TableError

if TYPE_CHECKING:
    from core.arrays import Booleans, Floats
    from core.data.raw_data import Task
    from core.data.tables.columns import Column
    from core.data.tables.table import Table

MAX_GUESSED_CLASSES: Final = 10
"""Maximum number of distinct integers that are treated as classes."""

OTHER: Final = "other"
"""Name of the class into which the rarest classes are merged."""


class EncodedInputs(NamedTuple):
    """A column encoded as inputs: values (N, inputs), names, the categories of text, and whether they are 0/1."""

    values: Floats
    names: tuple[str, ...]
    categories: tuple[str, ...]
    indicator: bool


class CodedTarget(NamedTuple):
    """The encoded target: numbers or class indices (N,), and how it was interpreted."""

    values: Floats
    task: Task
    class_names: tuple[str, ...]
    reason: str


def _reject_huge_numbers(table: Table, column: Column, kept: Booleans) -> None:
    huge = np.flatnonzero(kept & (np.abs(column.values) > MAX_MAGNITUDE))
    if len(huge):
        value, line = column.values[huge[0]], table.lines[huge[0]]
        raise TableError(
            f'{table.path.name}: column "{column.name}", line {line}: {value:g} is too large (limit 1e100)'
        )


def encode_inputs(table: Table, column: Column, kept: Booleans) -> EncodedInputs:
    """Encode ``column`` as inputs, in the rows ``kept`` (N,).

    Text becomes one-hot, a date becomes its day or the requested parts, and other columns are unchanged.

    Raises:
        TableError: text with too many categories, or a number that is too large.
    """
    values = column.values[kept]
    if column.kind == "date":
        parts = [values] if not column.parts else [part_of(values, part) for part in column.parts]
        names = tuple(f"{column.name} ({part})" for part in column.parts or ("days",))
        return EncodedInputs(np.column_stack(parts), names, (), indicator=False)
    if column.kind != "text":
        _reject_huge_numbers(table, column, kept)
        return EncodedInputs(values[:, np.newaxis], (column.name,), (), column.kind == "boolean")
    _reject_stray_text(table, column)
    codes = np.unique(values)
    if len(codes) > MAX_CATEGORIES:
        raise TableError(
            f'{table.path.name}: column "{column.name}" has {len(codes)} distinct texts, '
            f"but at most {MAX_CATEGORIES} can become inputs: leave the column out"
        )
    categories = tuple(column.categories[int(code)] for code in codes)
    one_hot = (values[:, np.newaxis] == codes).astype(np.float64)
    return EncodedInputs(
        one_hot, tuple(f"{column.name}={category}" for category in categories), categories, indicator=True
    )


def encode_target(
    table: Table, column: Column, kept: Booleans, task: Literal["auto"] | Task, max_classes: int | None = None
) -> CodedTarget:
    """Encode the target ``column`` in the rows ``kept`` (N,), for ``task`` or the inferred one.

    With ``max_classes``, the rarest classes are merged into one named "other" so that at most that many are left.

    Raises:
        TableError: text for a regression, a single class, too many classes, or a number that is too large.
    """
    values = column.values[kept]
    read_as, reason = guess_task(column, values)
    if task == "auto":
        _reject_stray_text(table, column)
    else:
        noun = "classes" if task == "classification" else "a number"
        read_as, reason = task, f'Column "{column.name}" was chosen as {noun}.'
    if read_as == "regression":
        _reject_stray_text(table, column)
        _reject_text(table, column, kept)
        _reject_huge_numbers(table, column, kept)
        return CodedTarget(values, "regression", (), reason)
    different, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    names = [_class_name(column, value) for value in different[: 10 * MAX_CATEGORIES]]
    place = f'{table.path.name}: column "{column.name}"'
    if max_classes is not None and len(different) > max_classes:
        kept_classes = np.sort(np.argsort(-counts, kind="stable")[: max_classes - 1])
        names = [_class_name(column, different[code]) for code in kept_classes]
        position = np.full(len(different), len(names))
        position[kept_classes] = np.arange(len(names))
        codes = position[codes]
        names.append(OTHER if OTHER not in names else f"{OTHER} (merged)")
        reason = f"{reason} The {len(different) - max_classes + 1} rarest classes are merged into “{names[-1]}”."
    elif len(different) > MAX_CATEGORIES:
        raise TableError(f"{place} has {len(different)} distinct values, but at most {MAX_CATEGORIES} can be classes")
    if len(names) < 2:
        raise TableError(f"{place} has only one class ({names[0]}), but 2 are required")
    return CodedTarget(codes.astype(np.float64), "classification", tuple(names), reason)


def _reject_stray_text(table: Table, column: Column) -> None:
    """Raise TableError if a column of numbers contains another cell."""
    if column.stray is not None:
        row, cell = column.stray
        raise TableError(
            f'{table.path.name}: column "{column.name}", line {table.lines[row]}: "{cell}" is not a number, '
            "unlike nearly all cells of this column"
        )


def _reject_text(table: Table, column: Column, kept: Booleans) -> None:
    if column.kind == "text":
        row = int(np.flatnonzero(kept)[0])
        found = column.categories[int(column.values[row])]
        raise TableError(
            f'{table.path.name}: column "{column.name}" contains text ("{found}" in line {table.lines[row]}), '
            "but the target of a regression must be a number"
        )


def _class_name(column: Column, value: float) -> str:
    if column.categories:
        return column.categories[int(value)]
    if column.kind == "date":
        from core.data.tables.cells.dates import shown

        return shown(float(value))
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def guess_task(column: Column, values: Floats) -> tuple[Task, str]:
    """Return the task for ``column`` as target, given its non-missing ``values``, and the reason."""
    count = len(np.unique(values))
    start = f'Column "{column.name}" contains'
    if column.kind == "empty":
        return "regression", f'Column "{column.name}" is empty.'
    if column.kind == "text":
        return "classification", f"{start} text, so its {count} values are classes."
    if column.kind == "boolean":
        return "classification", f"{start} true and false, so these are classes."
    if column.kind == "date":
        return "regression", f"{start} dates, so it is a number to predict: days since 1970-01-01."
    whole = bool(np.all(values == np.round(values)))
    if whole and count <= MAX_GUESSED_CLASSES and (count <= 2 or 3 * count <= len(values)):
        rows = f"in {len(values)} rows"
        return "classification", f"{start} only {count} distinct whole numbers {rows}, so they are classes."
    return "regression", f"{start} {count} distinct numbers in {len(values)} rows, so it is a number to predict."
