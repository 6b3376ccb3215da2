"""Combine the tables of several runs into one, with a column that names the run of each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from playground.widgets.figure import Table

RUN: Final = "run"
"""Heading of the column of names."""

CURRENT: Final = "current run"
"""Name of the run that is not pinned."""


def combined(tables: Sequence[tuple[str, Table]]) -> Table:
    """Return the rows of all ``tables``, given by name of the run; a single table is returned unchanged.

    The columns are those of the first table, then those that only later tables have. Cells without a value are empty.
    """
    if len(tables) == 1:
        return tables[0][1]
    columns = tuple(dict.fromkeys(column for _, table in tables for column in table.columns))
    rows: list[tuple[float | int | str, ...]] = []
    for name, table in tables:
        at = {column: index for index, column in enumerate(table.columns)}
        places = [at.get(column) for column in columns]
        rows += [(name, *("" if place is None else row[place] for place in places)) for row in table.rows]
    return Table((RUN, *columns), rows)
