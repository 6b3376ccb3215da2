"""Convert a user's table to inputs and target, and report the rows left out for missing values."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np

from core.data.raw_data import DroppedRow, Encoding, RawData, TableReport
from core.data.tables.cautions import cautions
from core.data.tables.encoding import EncodedInputs, encode_inputs, encode_target
from core.data.tables.files.file_kinds import located
from core.data.tables.limits import MAX_INPUTS, Advance, silent
from core.data.tables.preview import ColumnPreview, TablePreview, preview_table
from core.data.tables.roles import default_inputs
from core.data.tables.table import Table, open_table
from core.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

    from core.arrays import Booleans
    from core.data.settings import TableSource
    from core.data.tables.columns import Column

__all__ = ["ColumnPreview", "TablePreview", "preview_table", "read_table"]


def read_table(source: TableSource, folder: Path | None = None, *, seed: int = 1, advance: Advance = silent) -> RawData:
    """Read the table specified in ``source`` as numbers; a relative path is resolved against ``folder``.

    A text column becomes one 0/1 input per category, in sorted order (``colour=red``); truth values become 0/1. Rows with
    a missing value in a used column are left out and reported. Without ``source.inputs``, all columns are inputs except
    the target and those that are empty, constant, dates, free text or identifiers.

    Raises:
        TableError: the table cannot be used; the message names the file and the column or line.
        ReadCancelled: ``advance`` returned false.
    """
    table = open_table(located(source.csv, folder), source, seed=seed, advance=advance)
    if len(table.columns) < 2:
        raise TableError(
            f"{_name(table)}: only one column was found; the cells of a row must be separated by comma, semicolon, tab, | "
            "or spaces"
        )
    if len(table.lines) < 2:
        raise TableError(f"{_name(table)}: the table has only one row, but 2 are required")
    target = _find(table, source.target, "target")
    inputs = _inputs(table, target, source.inputs)
    kept, dropped = _complete_rows(table, (target, *inputs))
    encoded = [encode_inputs(table, column, kept) for column in inputs]
    if (count := sum(len(each.names) for each in encoded)) > MAX_INPUTS:
        raise TableError(f"{_name(table)}: the table has {count} inputs after encoding, the maximum is {MAX_INPUTS}")
    coded = encode_target(table, target, kept, source.task, source.max_classes)
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
            cautions=cautions(target, inputs, coded),
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
    if not table.grid.form.header and not close:
        hint = f"the first line looks like data, so the columns are {shown}"
    raise TableError(f'{_name(table)}: there is no column "{name}" for the {role}; {hint}')


def _inputs(table: Table, target: Column, names: tuple[str, ...] | None) -> tuple[Column, ...]:
    if names is None:
        names = default_inputs(table.columns, target.name)
    chosen = tuple(_find(table, name, "inputs") for name in names)
    if not chosen:
        raise TableError(f'{_name(table)}: there is no input column besides the target "{target.name}"')
    for position, column in enumerate(chosen):
        if column is target:
            raise TableError(f'{_name(table)}: the target "{target.name}" cannot be an input too')
        if column in chosen[:position]:
            raise TableError(f'{_name(table)}: column "{column.name}" is in the list of inputs twice')
    for column in (target, *chosen):
        if column.kind == "empty":
            raise TableError(f'{_name(table)}: column "{column.name}" has no value in any row')
    return chosen


def _complete_rows(table: Table, used: tuple[Column, ...]) -> tuple[Booleans, tuple[DroppedRow, ...]]:
    """Return a mask (N,) of the rows with a value in every used column, and the report on the others."""
    missing = np.column_stack([column.missing for column in used])
    kept = np.asarray(~missing.any(axis=1))
    dropped = tuple(
        DroppedRow(table.lines[row], tuple(used[index].name for index in np.flatnonzero(missing[row])))
        for row in np.flatnonzero(~kept)
    )
    if (complete := int(np.count_nonzero(kept))) < 2:
        worst = max(used, key=lambda column: column.n_missing)
        raise TableError(
            f"{_name(table)}: {complete} of {len(table.lines)} rows have a value in every used column, but 2 are required; "
            f'most values are missing in column "{worst.name}"'
        )
    return kept, dropped


def _distinct_names(table: Table, encoded: list[EncodedInputs]) -> tuple[str, ...]:
    names = tuple(name for each in encoded for name in each.names)
    if len(set(names)) < len(names):
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise TableError(f'{_name(table)}: two inputs would be named "{name}"; rename one of the columns')
            seen.add(name)
    return names
