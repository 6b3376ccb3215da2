"""Tables as LaTeX tabulars, and source code verbatim."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

from playground.export.latex.text import latex
from playground.widgets.figure import Table
from playground.widgets.plot import Listing

_DIGITS: Final = re.compile(r"\d+\.\d{5,}(?:e[-+]?\d+)?")
"""Numbers at full precision in a text; the CSV export keeps them."""

MAX_ROWS: Final = 30
MAX_COLUMNS: Final = 8
MAX_LINES: Final = 60
MAX_CELL: Final = 160
LINE: Final = 0.45
"""Height of a line in centimetres."""


def table_height(table: Table) -> float:
    """Return the height of ``table`` in centimetres."""
    return LINE * (min(len(table.rows), MAX_ROWS) + 4)


def table_lines(table: Table) -> Iterator[str]:
    """Yield the first rows and columns of ``table``, and how many are left out."""
    if not table.rows:
        return
    columns = table.columns[:MAX_COLUMNS]
    rows = [row[:MAX_COLUMNS] for row in list(table.rows)[:MAX_ROWS]]
    numbers = [all(isinstance(row[place], float | int) for row in rows) for place in range(len(columns))]
    # A table that is wider than the page is made smaller.
    yield r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"
    yield rf"\begin{{tabular}}{{{''.join('r' if number else 'l' for number in numbers)}}}"
    yield r"\hline"
    yield " & ".join(rf"\textbf{{{latex(name)}}}" for name in columns) + r" \\"
    yield r"\hline"
    for number, row in enumerate(rows):
        strut = "" if number else r"\rule{0pt}{2.6ex}"  # keeps the line above off the letters
        yield strut + " & ".join(_cell(value) for value in row) + r" \\"
    yield r"\hline"
    yield r"\end{tabular}}\par"
    left = [
        *([f"{len(table.rows) - MAX_ROWS} more rows"] if len(table.rows) > MAX_ROWS else []),
        *([f"{len(table.columns) - MAX_COLUMNS} more columns"] if len(table.columns) > MAX_COLUMNS else []),
    ]
    if left:
        yield rf"\smallskip{{\footnotesize {' and '.join(left)}: see the CSV export.}}\par"


def _cell(value: float | int | str) -> str:
    if isinstance(value, str):
        value = _DIGITS.sub(lambda found: f"{float(found[0]):.4g}", value)
        return latex(value if len(value) <= MAX_CELL else f"{value[: MAX_CELL - 1]}…")
    if isinstance(value, int):
        return f"${value}$"
    if not math.isfinite(value):
        return "--" if math.isnan(value) else rf"${'-' if value < 0 else ''}\infty$"
    mantissa, _, exponent = f"{value:.4g}".partition("e")
    return rf"${mantissa} \cdot 10^{{{int(exponent)}}}$" if exponent else f"${mantissa}$"


def listing_height(listing: Listing) -> float:
    """Return the height of ``listing`` in centimetres."""
    return LINE * (min(len(listing.lines), MAX_LINES) + 3)


def listing_lines(listing: Listing) -> Iterator[str]:
    """Yield the first lines of ``listing``, set verbatim, and how many are left out."""
    yield r"{\footnotesize"
    for line in listing.lines[:MAX_LINES]:
        indent = len(line) - len(line.lstrip(" "))
        text = latex(line.strip())
        yield rf"\texttt{{\mbox{{}}{'~' * indent}{text}}}\par" if text else r"\texttt{~}\par"
    yield "}"
    if len(listing.lines) > MAX_LINES:
        yield rf"\smallskip{{\footnotesize {len(listing.lines) - MAX_LINES} more lines: save the script.}}\par"
