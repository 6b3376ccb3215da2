"""Export the data of a figure as comma-separated values (RFC 4180, UTF-8, full precision)."""

from __future__ import annotations

import csv
import io

import numpy as np

from playground.widgets.figure import Table


def csv_text(table: Table) -> str:
    """Return ``table`` as CSV text from which every number can be read back exactly."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def _cell(value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    # The repr of a NumPy scalar contains its type.
    return repr(float(value)) if isinstance(value, float | np.floating) else repr(int(value))
