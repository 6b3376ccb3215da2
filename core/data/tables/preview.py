"""A user's table before it is used: its columns with a proposal for everything that can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from core.data.settings import TableSource
from core.data.tables.dates import shown as shown_date
from core.data.tables.encoding import guess_task
from core.data.tables.grid import shown
from core.data.tables.limits import MAX_ROWS, Advance, TooManyRows, grouped, silent
from core.data.tables.missing import suspected_code
from core.data.tables.roles import default_inputs, n_inputs, reason_against, suggested_target
from core.data.tables.table import Table, open_table

if TYPE_CHECKING:
    from pathlib import Path

    from core.data.raw_data import Task
    from core.data.tables.columns import Column
    from core.data.tables.grid import Form

_SHOWN_CATEGORIES = 6


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
        note: why not, or what else is to be known, as a short phrase; empty if nothing is.
        summary: its range with the unit, or its categories.
        n_inputs: how many inputs it becomes.
        is_text: whether its cells are categories.
        marks: texts that were taken as missing beside the usual ones.
        suspect: a number that may stand for a missing value, as text, and how often it occurs; ``None``: there is none.
        ambiguous_date: whether day and month could change places.
        is_date: whether its cells are dates.
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
    form: Form
    """How the file was read."""
    n_rows_in_file: int
    """More than ``n_rows`` if these are a sample."""
    notes: tuple[str, ...]
    """What was made of the file on the way, a sentence each."""
    table: Table

    def inputs_for(self, target: str) -> tuple[str, ...]:
        """Return the inputs to propose when ``target`` is the target."""
        return default_inputs(self.table.columns, target)


def preview_table(
    path: Path, choices: TableSource | None = None, *, seed: int = 1, advance: Advance = silent
) -> TablePreview:
    """Return a preview of the table at ``path``, read as ``choices`` say; of one that is too long, of a random sample.

    Raises:
        TableError: the file cannot be used; the text names the file and the place.
        ReadCancelled: ``advance`` asked for it.
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
        grid.notes,
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
    if against:
        return against
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
    """Return the range of ``column`` with its unit, or its categories."""
    if column.kind == "empty":
        return ""
    if column.kind == "text":
        names = [shown(category)[:24] for category in column.categories[:_SHOWN_CATEGORIES]]
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
