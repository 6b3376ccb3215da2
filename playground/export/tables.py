"""The data behind a figure as comma-separated values (RFC 4180, UTF-8, full precision)."""

from __future__ import annotations

import csv
import io

import numpy as np

from playground.widgets.figure import Figure, Table


def csv_of(figure: Figure) -> bytes:
    """Return the data behind ``figure``."""
    return csv_text(figure.figure_table()).encode()


def csv_text(table: Table) -> str:
    """Return ``table`` as CSV: read back, every number is the same to the last bit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def _cell(value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    # NumPy's scalars are numbers too, but name their type when asked for repr.
    return repr(float(value)) if isinstance(value, float | np.floating) else repr(int(value))
