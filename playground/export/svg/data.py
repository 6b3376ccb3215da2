"""Path data, numbers and matrices of SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QGradient, QLinearGradient, QPainterPath, QTransform

_MAX_COORDINATE: Final = 1e6
"""Coordinates beyond this are invisible; larger numbers break some programs."""

_Element: Final = QPainterPath.ElementType


def ends(gradient: QGradient) -> tuple[QPointF, QPointF]:
    """Return where a linear ``gradient`` starts and ends."""
    if isinstance(gradient, QLinearGradient):
        return gradient.start(), gradient.finalStop()
    return QPointF(0, 0), QPointF(1, 0)


def number(value: float) -> str:
    """Return ``value`` with at most two decimals."""
    if not -_MAX_COORDINATE < value < _MAX_COORDINATE:
        value = math.copysign(_MAX_COORDINATE, value)
    return f"{value:.2f}".rstrip("0").rstrip(".")


def matrix_of(matrix: QTransform) -> str:
    """Return ``matrix`` as the value of a transform."""
    numbers = (matrix.m11(), matrix.m12(), matrix.m21(), matrix.m22(), matrix.dx(), matrix.dy())
    return f"matrix({','.join(f'{number:.6g}' for number in numbers)})"


def line_data(points: Iterable[QPointF | QPoint], dx: float = 0.0, dy: float = 0.0) -> str:
    """Return the path data of a line through ``points``, moved by (dx, dy), without those that are not finite."""
    pairs = [(point.x() + dx, point.y() + dy) for point in points]
    finite = [f"{number(x)},{number(y)}" for x, y in pairs if math.isfinite(x + y)]
    return f"M{'L'.join(finite)}" if finite else ""


def path_data(path: QPainterPath) -> str:
    """Return the path data of ``path``; a subpath that ends where it began is closed."""
    parts: list[str] = []
    start, last = ("", "")
    index, count = 0, path.elementCount()
    while index < count:
        element = path.elementAt(index)
        kind = element.type
        point = f"{number(element.x)},{number(element.y)}"
        if kind == _Element.MoveToElement:
            if last and last == start:
                parts.append("Z")
            parts.append(f"M{point}")
            start = point
            last = ""
        elif kind == _Element.LineToElement:
            parts.append(f"L{point}")
            last = point
        else:
            second, third = path.elementAt(index + 1), path.elementAt(index + 2)
            last = f"{number(third.x)},{number(third.y)}"
            parts.append(f"C{point} {number(second.x)},{number(second.y)} {last}")
            index += 2
        index += 1
    if last and last == start:
        parts.append("Z")
    return "".join(parts)
