"""Convert a file of Weka (ARFF) to a text table: lines such as ``@attribute size numeric``, then rows below ``@data``."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from core.data.tables.files.decoding import decode
from core.data.tables.layout.records import too_many_columns
from core.data.tables.layout.text_table import TableText
from core.data.tables.limits import MAX_CELL, MAX_COLUMNS, Progress
from core.errors import TableError

_TOLD_EVERY: Final = 8192
_ATTRIBUTE: Final = re.compile(r"""@attribute\s+('(?:[^'\\]|\\.)*'|"[^"]*"|[^\s{]+)""", re.IGNORECASE)


def read_arff(content: bytes, name: str, progress: Progress) -> TableText:
    """Convert the rows to comma-separated text with a header, in which each row is in the same line as in the file.

    Raises:
        TableError: there are no attributes, no rows, or the rows are sparse.
    """
    decoded = decode(content, name)
    lines = decoded.text.split("\n")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names: list[str] = []
    in_data = False
    for index, line in enumerate(lines):
        if index % _TOLD_EVERY == 0:
            progress.reach(index / len(lines))
        text = line.strip()
        if in_data and text and not text.startswith("%"):
            writer.writerow(_cells(text, index, name))
            continue
        if not in_data and text[:5].lower() == "@data":
            in_data = True
            writer.writerow(names)
            continue
        written.write("\n")
        if not in_data and (found := _ATTRIBUTE.match(text)) is not None:
            names.append(_unquoted(found[1]))
    if not names or not in_data:
        missing = "@data line" if names else "@attribute line"
        raise TableError(f"{name}: this is a file of Weka (ARFF) without any {missing}")
    return TableText(written.getvalue(), "arff", decoded.encoding, delimiter=",", header=True)


def _cells(line: str, index: int, name: str) -> list[str]:
    if line.startswith("{"):
        raise TableError(
            f"{name}: line {index + 1} is a sparse row, which cannot be read; save the table as CSV in Weka"
        )
    if line.count(",") > MAX_COLUMNS:
        raise too_many_columns(name, index)
    if "'" not in line and '"' not in line:
        return [cell.strip() for cell in line.split(",")]
    if len(line) > MAX_CELL:
        raise TableError(f"{name}: line {index + 1} has quotes and more than {MAX_CELL} characters")
    quote = "'" if "'" in line else '"'
    cells = next(csv.reader([line], quotechar=quote, escapechar="\\", skipinitialspace=True))
    return [_unquoted(cell.strip()) for cell in cells]


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    return " ".join(text.split())
