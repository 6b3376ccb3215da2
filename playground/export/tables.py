"""Write the data of a figure as text, with full precision: comma-separated (RFC 4180) for files, tab-separated to copy."""

from __future__ import annotations

import csv
import io

import numpy as np

from playground.widgets.figure import Table


def csv_text(table: Table) -> str:
    """Return ``table`` as CSV text from which every number can be read back exactly."""
    return _written(table, ",")


def tabbed_text(table: Table) -> str:
    """Return ``table`` as tab-separated text, which spreadsheets divide into cells when it is pasted."""
    return _written(table, "\t")


def _written(table: Table, delimiter: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def _cell(value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    # The repr of a NumPy scalar contains its type.
    return repr(float(value)) if isinstance(value, float | np.floating) else repr(int(value))
