"""A preview of a user's table, with a proposal for every option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from core.data.settings import TableSource
from core.data.tables.cells.dates import shown as shown_date
from core.data.tables.cells.missing import suspected_code
from core.data.tables.encoding import guess_task
from core.data.tables.layout.grid import shown
from core.data.tables.limits import MAX_ROWS, Advance, TooManyRows, grouped, silent
from core.data.tables.roles import default_inputs, n_inputs, reason_against, suggested_target
from core.data.tables.table import Table, open_table
from core.errors import in_one_line

if TYPE_CHECKING:
    from pathlib import Path

    from core.data.raw_data import Task
    from core.data.tables.columns import Column
    from core.data.tables.layout.grid import Form

_SHOWN_CATEGORIES = 6


class ColumnPreview(Struct, frozen=True):
    """A preview of one column.

    Attributes:
        name: name from the header.
        kind: kind of the cells; truth values count as numbers.
        n_unique: number of distinct values.
        missing: number of rows without a finite value.
        task: task if the column is the target.
        task_reason: reason for the task, as one sentence.
        suggested: whether the column should be an input, unless it is the target.
        note: reason why not, or another hint, as a short phrase; empty for none.
        summary: range with the unit, or the categories.
        n_inputs: number of inputs that the column becomes.
        is_text: whether the cells are categories.
        marks: additional texts treated as missing.
        suspect: a number, as text, that may be a code for missing values, and its number of occurrences; ``None`` for none.
        ambiguous_date: whether day and month could be swapped.
        is_date: whether the cells are dates.
    """

    name: str
    kind: Literal["number", "text", "date", "empty", "constant"]
    n_unique: int
    missing: int
    task: Task
    task_reason: str
    suggested: bool
    note: str
    summary: str = ""
    n_inputs: int = 1
    is_text: bool = False
    marks: tuple[str, ...] = ()
    suspect: tuple[str, int] | None = None
    ambiguous_date: bool = False
    is_date: bool = False


class TablePreview(Struct, frozen=True):
    """A preview of a table, with a proposal for every option."""

    path: Path
    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str, ...], ...]
    """Texts of the first rows."""
    n_rows: int
    suggested_target: str
    suggested_task: Task
    task_reason: str
    suggested_inputs: tuple[str, ...]
    form: Form
    """Format of the table."""
    n_rows_in_file: int
    """Number of rows in the file; more than ``n_rows`` if they were sampled."""
    notes: tuple[str, ...]
    """Sentences about adjustments made while reading."""
    table: Table

    def inputs_for(self, target: str) -> tuple[str, ...]:
        """Return the proposed inputs if ``target`` is the target."""
        return default_inputs(self.table.columns, target)


def preview_table(
    path: Path, choices: TableSource | None = None, *, seed: int = 1, advance: Advance = silent
) -> TablePreview:
    """Preview the table at ``path``, read as specified in ``choices``; a table with too many rows is sampled.

    Raises:
        TableError: the file cannot be used; the message names the file and the location.
        ReadCancelled: ``advance`` returned false.
    """
    try:
        table = open_table(path, choices, seed=seed, advance=advance)
    except TooManyRows:
        sampled = replace(choices or TableSource(csv=str(path), target="?"), rows=MAX_ROWS)
        table = open_table(path, sampled, seed=seed, advance=advance)
    target = suggested_target(table.columns)
    inputs = default_inputs(table.columns, target.name)
    columns = tuple(_preview_column(column, table, suggested=column.name in inputs) for column in table.columns)
    proposed = next(column for column in columns if column.name == target.name)
    grid = table.grid
    return TablePreview(
        path,
        columns,
        grid.first_rows,
        grid.n_rows,
        target.name,
        proposed.task,
        proposed.task_reason,
        inputs,
        grid.form,
        grid.n_rows_in_file,
        tuple(map(in_one_line, grid.notes)),
        table,
    )


def _preview_column(column: Column, table: Table, *, suggested: bool) -> ColumnPreview:
    constant = column.kind != "empty" and column.n_unique == 1
    kind = "constant" if constant else "number" if column.kind == "boolean" else column.kind
    against = reason_against(column)
    task, reason = guess_task(column, column.values[~column.missing])
    return ColumnPreview(
        name=column.name,
        kind=kind,
        n_unique=column.n_unique,
        missing=column.n_missing,
        task=task,
        task_reason=reason,
        suggested=suggested or not against,
        note=_note(column, table, against),
        summary=_summary(column),
        n_inputs=n_inputs(column),
        is_text=column.kind == "text",
        marks=column.marks,
        suspect=_suspect(column),
        ambiguous_date=column.ambiguous_date,
        is_date=column.kind == "date",
    )


def _note(column: Column, table: Table, against: str) -> str:
    if column.stray is not None:
        row, cell = column.stray
        return f'"{shown(cell)}" in line {table.lines[row]} is not a number'
    if column.kind == "date":
        return "; ".join(part for part in (against, column.remark) if part)
    return ": ".join(part for part in (column.remark, against or _hint(column)) if part)


def _hint(column: Column) -> str:
    """Return a hint on an input: a code for missing values, or the number of inputs."""
    if (suspect := _suspect(column)) is not None:
        text, count = suspect
        return f"{text} occurs {count} {'time' if count == 1 else 'times'}, far from the others: a missing value?"
    if column.kind == "text" and column.n_unique > 2:
        return f"becomes {grouped(column.n_unique)} inputs, one for each category"
    return ""


def _suspect(column: Column) -> tuple[str, int] | None:
    found = suspected_code(column.values) if column.kind == "number" else None
    return None if found is None else (_short(found[0]), found[1])


def _summary(column: Column) -> str:
    """Return the range of ``column`` with the unit, or its categories."""
    if column.kind == "empty":
        return ""
    if column.kind == "text":
        names = [in_one_line(shown(category))[:24] for category in column.categories[:_SHOWN_CATEGORIES]]
        more = len(column.categories) - len(names)
        return ", ".join(names) + (f" + {grouped(more)} more" if more > 0 else "")
    if column.kind == "boolean":
        return "false, true"
    values = column.values[~column.missing]
    low, high = float(values.min()), float(values.max())
    if column.kind == "date":
        return f"{shown_date(low)} to {shown_date(high)}"
    unit = f" {column.unit}" if column.unit else ""
    return f"{_short(low)}{unit}" if low == high else f"{_short(low)} to {_short(high)}{unit}"


def _short(value: float) -> str:
    return f"{value:.6g}".replace("e+", "e")
