"""A user's own table (CSV or TSV): a preview to choose target and inputs from, and the way to numbers."""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from core.data.raw_data import DroppedRow, Encoding, RawData, TableReport, Task
from core.data.tables.columns import Column, Table, open_table
from core.data.tables.encoding import MAX_CATEGORIES, EncodedInputs, encode_inputs, encode_target, guess_task
from core.errors import TableError

if TYPE_CHECKING:
    from core.arrays import Booleans
    from core.data.settings import TableSource

MAX_INPUTS: Final = 1000
"""Most inputs after encoding."""

_TARGET_NAMES: Final = ("target", "class", "label", "species", "y", "outcome", "result")


@dataclass(frozen=True)
class ColumnPreview:
    """What is known of a column before it is used.

    Attributes:
        name: from the header.
        kind: what its cells are; truth values count as numbers.
        n_unique: how many different values it holds.
        missing: in how many rows it has no finite value.
        task: what it would be as a target.
        task_reason: why, as one sentence.
        suggested: whether it should be an input, when it is not the target.
        note: why not, as a short phrase; empty if it should.
    """

    name: str
    kind: Literal["number", "text", "empty", "constant"]
    n_unique: int
    missing: int
    task: Task
    task_reason: str
    suggested: bool
    note: str


@dataclass(frozen=True)
class TablePreview:
    """A table as the dialog shows it, with a proposal for everything that can be chosen."""

    path: Path
    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows, as they stand in the file."""
    n_rows: int
    suggested_target: str
    suggested_task: Task
    task_reason: str
    suggested_inputs: tuple[str, ...]

    def inputs_for(self, target: str) -> tuple[str, ...]:
        """Return the inputs to propose when ``target`` is the target."""
        return tuple(column.name for column in self.columns if column.suggested and column.name != target)


def preview_table(path: Path) -> TablePreview:
    """Return a preview of the CSV or TSV file at ``path``.

    Raises:
        TableError: the file cannot be used; the text names the file and the place.
    """
    table = open_table(path)
    columns = tuple(_preview_column(column, table.lines) for column in table.columns)
    target = _suggest_target(columns)
    inputs = tuple(column.name for column in columns if column.suggested and column is not target)
    return TablePreview(
        path, columns, table.first_rows, len(table.lines), target.name, target.task, target.task_reason, inputs
    )


def read_table(source: TableSource, folder: Path | None = None) -> RawData:
    """Return the table that ``source`` names as numbers; a relative path is taken from ``folder``.

    Text columns become one 0/1 input for each category, in sorted order (``colour=red``); truth values become 0/1. Rows
    that lack a value in a column that is used are left out and reported. Without ``source.inputs``, every column is an
    input but the target and those that are empty, constant or only name the rows.

    Raises:
        TableError: the table cannot be used so; the text names the file and the column or line.
    """
    path = Path(source.csv)
    with contextlib.suppress(RuntimeError):  # "~" of a user who is not here: there is no such file then
        path = path.expanduser()
    table = open_table(path if folder is None else folder / path)
    if len(table.lines) < 2:
        raise TableError(f"{_name(table)}: the table has one row only, and 2 are needed")
    target = _find(table, source.target, "target")
    inputs = _inputs(table, target, source.inputs)
    kept, dropped = _complete_rows(table, (target, *inputs))
    encoded = [encode_inputs(table, column, kept) for column in inputs]
    if (count := sum(len(each.names) for each in encoded)) > MAX_INPUTS:
        raise TableError(f"{_name(table)}: the table gives {count} inputs, at most {MAX_INPUTS} can be used")
    coded = encode_target(table, target, kept, source.task)
    encodings = [Encoding(column.name, each.categories) for column, each in zip(inputs, encoded, strict=True)]
    return RawData(
        inputs=np.column_stack([each.values for each in encoded]),
        target=coded.values,
        task=coded.task,
        input_names=_distinct_names(table, encoded),
        class_names=coded.class_names,
        indicators=np.array([each.indicator for each in encoded for _ in each.names], dtype=np.bool_),
        table=TableReport(
            path=str(table.path),
            target=target.name,
            columns=tuple(column.name for column in inputs),
            task_reason=coded.reason,
            rows_read=len(table.lines),
            dropped=dropped,
            encodings=tuple(each for each in encodings if each.categories),
        ),
    )


def _name(table: Table) -> str:
    return table.path.name


def _find(table: Table, name: str, role: str) -> Column:
    for column in table.columns:
        if column.name == name:
            return column
    close = difflib.get_close_matches(name, table.names, n=1) or [
        each for each in table.names if each.lower() == name.lower()
    ]
    shown = ", ".join(table.names[:12]) + (", …" if len(table.names) > 12 else "")
    hint = f'did you mean "{close[0]}"?' if close else f"the columns are {shown}"
    raise TableError(f'{_name(table)}: there is no column "{name}" for the {role}; {hint}')


def _inputs(table: Table, target: Column, names: tuple[str, ...] | None) -> tuple[Column, ...]:
    if names is None:
        chosen = tuple(column for column in table.columns if column is not target and not _reason_against(column))
    else:
        chosen = tuple(_find(table, name, "inputs") for name in names)
    if not chosen:
        raise TableError(f'{_name(table)}: no column is left to learn from beside the target "{target.name}"')
    for position, column in enumerate(chosen):
        if column is target:
            raise TableError(f'{_name(table)}: the target "{target.name}" cannot be an input too')
        if column in chosen[:position]:
            raise TableError(f'{_name(table)}: column "{column.name}" is in the list of inputs twice')
    for column in (target, *chosen):
        if column.kind == "empty":
            raise TableError(f'{_name(table)}: column "{column.name}" has no value in any row')
    return chosen


def _reason_against(column: Column) -> str:
    """Return why ``column`` is no input by default; empty if it is one."""
    if column.kind == "empty":
        return "empty"
    if column.is_identifier:
        return "identifier, not useful as input"
    return "always the same" if column.n_unique == 1 else ""


def _complete_rows(table: Table, used: tuple[Column, ...]) -> tuple[Booleans, tuple[DroppedRow, ...]]:
    """Return which rows have a value in every used column (N,), and the report on the others."""
    missing = np.column_stack([column.missing for column in used])
    kept = np.asarray(~missing.any(axis=1))
    dropped = tuple(
        DroppedRow(table.lines[row], tuple(used[index].name for index in np.flatnonzero(missing[row])))
        for row in np.flatnonzero(~kept)
    )
    if (complete := int(np.count_nonzero(kept))) < 2:
        worst = max(used, key=lambda column: int(np.count_nonzero(column.missing)))
        raise TableError(
            f"{_name(table)}: {complete} of {len(table.lines)} rows have a value in every column that is used, and 2 are "
            f'needed; most are missing in column "{worst.name}"'
        )
    return kept, dropped


def _distinct_names(table: Table, encoded: list[EncodedInputs]) -> tuple[str, ...]:
    names = tuple(name for each in encoded for name in each.names)
    for position, name in enumerate(names):
        if name in names[:position]:
            raise TableError(f'{_name(table)}: two inputs would be called "{name}": rename one of the columns')
    return names


def _preview_column(column: Column, lines: tuple[int, ...]) -> ColumnPreview:
    count = column.n_unique
    kind: Literal["number", "text", "empty", "constant"] = "text" if column.kind == "text" else "number"
    if column.kind == "empty" or count == 1:
        kind = "empty" if column.kind == "empty" else "constant"
    note = _reason_against(column)
    if column.stray is not None:
        note = f'"{column.stray[1]}" in line {lines[column.stray[0]]} is not a number'
    elif not note and column.kind == "text" and count > MAX_CATEGORIES:
        note = f"{count} different texts, at most {MAX_CATEGORIES} can be inputs"
    task, reason = guess_task(column, column.values[~column.missing])
    missing = int(np.count_nonzero(column.missing))
    return ColumnPreview(column.name, kind, count, missing, task, reason, not note, note)


def _suggest_target(columns: tuple[ColumnPreview, ...]) -> ColumnPreview:
    """Return the column with a target's name, else the last one that is not empty, constant or an identifier."""
    by_name = {column.name.lower(): column for column in columns}
    for name in _TARGET_NAMES:
        if name in by_name and by_name[name].kind not in ("empty", "constant"):
            return by_name[name]
    usable = [column for column in columns if column.suggested]
    return (usable or columns)[-1]
