"""Convert JSON lists of records to the text of a table: ``[{"size": 1.5, "colour": "red"}, …]``."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

import msgspec

from core.data.tables.limits import MAX_COLUMNS, Progress, grouped
from core.data.tables.text_table import TableText
from core.errors import TableError

MAX_JSON_BYTES: Final = 50_000_000
"""Maximum size, because a list of records takes about twenty times its size in memory."""

_TOLD_EVERY: Final = 2048


def read_json(content: bytes, name: str, progress: Progress) -> TableText:
    """Convert a list of records to comma-separated text with a header; record k becomes line k + 1.

    Raises:
        TableError: invalid JSON, not a list of records, or a value that cannot be a cell; the message names the record.
    """
    if len(content) > MAX_JSON_BYTES:
        raise TableError(
            f"{name}: the file has {len(content) / 1e6:.0f} MB, the maximum for JSON is {MAX_JSON_BYTES // 1_000_000} MB"
        )
    try:
        records = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TableError(f"{name}: invalid JSON ({error})") from None
    if not isinstance(records, list) or not records:
        raise TableError(f"{name}: the file is empty" if records == [] else f"{name}: expected a list of records")
    columns: dict[str, None] = {}
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise TableError(f'{name}: record {number} is not of the form {{"column": value, …}}')
        columns.update(dict.fromkeys(record))
        if len(columns) > MAX_COLUMNS:
            raise TableError(f"{name}: the records have more than {grouped(MAX_COLUMNS)} different keys")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_one_line(column) for column in columns])
    for number, record in enumerate(records, 1):
        if number % _TOLD_EVERY == 0:
            progress.reach(number / len(records))
        writer.writerow([_cell(record.get(column), column, number, name) for column in columns])
    return TableText(text.getvalue(), "json", delimiter=",", header=True)


def _cell(value: Any, column: str, number: int, name: str) -> str:  # noqa: ANN401 - any JSON value
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _one_line(value)
        case _:
            raise TableError(f'{name}: record {number}, "{column}": a list or record cannot be a cell')


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").splitlines())
