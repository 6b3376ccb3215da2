"""Convert JSON lists of records, or of rows, to a text table: ``[{"size": 1.5, "colour": "red"}, …]``."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from core.data.tables.layout.grid import shown
from core.data.tables.layout.text_table import TableText
from core.data.tables.limits import MAX_COLUMNS, Progress, grouped
from core.errors import TableError

MAX_JSON_BYTES: Final = 50_000_000
"""Maximum size, because a list of records takes about twenty times its size in memory."""

_TOLD_EVERY: Final = 2048
_NOT_IN_JSON: Final = (b"NaN", b"Infinity")
"""What Python and JavaScript write for numbers that JSON does not have."""

_MAX_DEPTH: Final = 8
"""Maximum depth of records within a record."""


def read_json(content: bytes, name: str, progress: Progress) -> TableText:
    """Convert records, or columns, to comma-separated text with a header; record k becomes line k + 1.

    Raises:
        TableError: invalid JSON, no records or columns, or only values that cannot be cells; the message names the record.
    """
    if len(content) > MAX_JSON_BYTES:
        raise TableError(
            f"{name}: the file has {len(content) / 1e6:.0f} MB, the maximum for JSON is {MAX_JSON_BYTES // 1_000_000} MB"
        )
    records = _records(_decoded(content.removeprefix(b"\xef\xbb\xbf"), name))
    if not isinstance(records, list) or not records:
        raise TableError(f"{name}: the file is empty" if records == [] else f"{name}: expected a list of records")
    if all(isinstance(row, list) for row in records):
        return _rows_of_lists(records, name)
    records = [_flat(record) if isinstance(record, dict) else record for record in records]
    columns: dict[str, None] = {}
    notes: tuple[str, ...] = ()
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise TableError(f'{name}: record {number} is not of the form {{"column": value, …}}')
        columns.update(dict.fromkeys(record))
        if len(columns) > MAX_COLUMNS:
            raise TableError(f"{name}: the records have more than {grouped(MAX_COLUMNS)} different keys")
    of_lists = {key for record in records for key, value in record.items() if isinstance(value, list | dict)}
    if of_lists and len(of_lists) < len(columns):
        notes = _note_on_lists(column for column in columns if column in of_lists)
        columns = {column: None for column in columns if column not in of_lists}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_one_line(column) for column in columns])
    for number, record in enumerate(records, 1):
        if number % _TOLD_EVERY == 0:
            progress.reach(number / len(records))
        writer.writerow([_cell(record.get(column), column, number, name) for column in columns])
    return TableText(text.getvalue(), "json", delimiter=",", header=True, notes=notes)


def _note_on_lists(columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        f"Column “{_one_line(shown(column))}” contains lists or records and was left out." for column in columns
    )[:5]


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return ``record`` with the values of records in it beside its own: ``{"a": {"b": 1}}`` is ``{"a.b": 1}``.

    What has the form of GeoJSON is shortened to its properties, because its geometry is not a value.
    """
    if record.get("type") == "Feature" and isinstance(record.get("properties"), dict):
        record = record["properties"]
    if not any(isinstance(value, dict) for value in record.values()):
        return record
    flat: dict[str, Any] = {}
    left = [(key, value, 1) for key, value in reversed(record.items())]
    while left:
        key, value, depth = left.pop()
        if isinstance(value, dict) and depth <= _MAX_DEPTH:
            left += [(f"{key}.{name}", inner, depth + 1) for name, inner in reversed(value.items())]
        else:
            flat[key] = value
    return flat


def _rows_of_lists(rows: list[list[Any]], name: str) -> TableText:
    """Convert rows without names, of which the first one may be the header."""
    if max(map(len, rows)) > MAX_COLUMNS:
        raise TableError(f"{name}: the rows have more than {grouped(MAX_COLUMNS)} values")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(value, f"x{column}", number, name) for column, value in enumerate(row, 1)])
    return TableText(text.getvalue(), "json", delimiter=",")


def _decoded(content: bytes, name: str) -> object:
    """Return the JSON value in ``content``, or a list of the values of its lines."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if content.lstrip().startswith(b"{"):
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return msgspec.json.Decoder().decode_lines(content)
        if any(word in content for word in _NOT_IN_JSON):
            with contextlib.suppress(ValueError, RecursionError):
                return json.loads(content)
        raise TableError(f"{name}: invalid JSON ({error})") from None


def _records(value: object) -> object:
    """Return the list of records in ``value``, which may also be columns or contain the list under one of its keys."""
    if not isinstance(value, dict):
        return value
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list):  # as written by pandas with orient="split"
        return [dict(zip(map(str, names), row, strict=False)) if isinstance(row, list) else row for row in rows]
    lists = [each for each in value.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
    if len(lists) == 1:
        return lists[0]
    if _is_by_row(value):
        return list(value.values())
    columns = {key: list(each.values()) if isinstance(each, dict) else each for key, each in value.items()}
    if columns and all(isinstance(each, list) for each in columns.values()):
        return [dict(zip(columns, row, strict=True)) for row in itertools.zip_longest(*columns.values())]
    return value


def _is_by_row(value: dict[str, Any]) -> bool:
    """Return whether ``value`` has a record for the number of each row, as written by pandas with orient="index"."""
    records = [each for each in value.values() if isinstance(each, dict)]
    numbered = list(value) == [str(row) for row in range(len(value))]
    return numbered and len(records) == len(value) > 0 and not all(key.isdecimal() for key in records[0])


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
    # Python's parser accepts half a character, which cannot be written.
    return " ".join(text.replace("\0", " ").encode(errors="replace").decode().splitlines())
