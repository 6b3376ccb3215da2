"""Convert drawn points to and from CSV: a header, then one point per line."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Final

from core.data.drawn_points import MAX_LABEL, input_names
from core.data.settings import MAX_CLASSES, MAX_POINTS, DrawnSource
from core.errors import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL: Final = "label"
TARGET: Final = "target"

_DIGITS: Final = str.maketrans("₁₂", "12")


def to_csv(source: DrawnSource) -> str:
    """Return the points of ``source`` as CSV; the last column is named ``label``, or ``target`` for a regression."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    last = LABEL if source.task == "classification" else TARGET
    writer.writerow([name.translate(_DIGITS) for name in input_names(source)] + [last])
    writer.writerows([_written(value) for value in point] for point in source.points)
    return text.getvalue()


def from_csv(text: str) -> DrawnSource:
    """Parse the points in CSV ``text`` in the format of :func:`to_csv`.

    The name of the last column distinguishes classes (``label``) from targets (``target``).

    Raises:
        PlaygroundError: the message names the line.
    """
    rows = [(number, row) for number, row in _rows(text) if row]
    if not rows:
        raise PlaygroundError("line 1: expected a header such as x1,x2,label, got nothing")
    header = [cell.strip() for cell in rows[0][1]]
    if len(header) not in (2, 3) or header[-1] not in (LABEL, TARGET):
        raise PlaygroundError(
            f"line {rows[0][0]}: expected the columns x1,x2,label or x1,target (one or two inputs, then label or target), "
            f"got {','.join(header)[:60]}"
        )
    if len(rows) - 1 > MAX_POINTS:
        raise PlaygroundError(f"line {rows[MAX_POINTS + 1][0]}: expected at most {MAX_POINTS} points")
    whole = header[-1] == LABEL
    points = tuple(_point(row, number, header, whole=whole) for number, row in rows[1:])
    if whole and len({point[-1] for point in points}) > MAX_CLASSES:
        raise PlaygroundError(f"expected at most {MAX_CLASSES} classes in the column label")
    names = tuple(header[:-1])
    plain = ("x1", "x2")[: len(names)]
    return DrawnSource(
        points=points,
        task="classification" if whole else "regression",
        inputs=len(names),
        input_names=() if names == plain else names,
    )


def _rows(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
            if len(rows) > 2 * MAX_POINTS:
                break
    except csv.Error as error:
        raise PlaygroundError(f"line {reader.line_num}: not readable as CSV ({error})") from None
    return rows


def _point(row: Sequence[str], line: int, header: Sequence[str], *, whole: bool) -> tuple[float, ...]:
    if len(row) != len(header):
        raise PlaygroundError(f"line {line}: expected {len(header)} values, got {len(row)}")
    values = []
    for name, cell in zip(header, row, strict=True):
        try:
            value = float(cell)
        except ValueError:
            raise PlaygroundError(f"line {line}, {name}: expected a number, got “{cell[:40]}”") from None
        if not math.isfinite(value) or abs(value) > 1e6:
            raise PlaygroundError(f"line {line}, {name}: expected a number from −1000000 to 1000000, got {cell[:40]}")
        values.append(value)
    if whole and (values[-1] != int(values[-1]) or abs(values[-1]) > MAX_LABEL):
        raise PlaygroundError(
            f"line {line}, {LABEL}: expected a class from −99 to 99 as a whole number, got {row[-1][:40]}"
        )
    return tuple(values)


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
