"""The labels in the loss along a weight: the name of its axis, and the α above which descent overshoots."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from playground.style.numbers import short


def limit_texts(limit: float) -> tuple[str, ...]:
    """Return what the mark at α = ``limit`` says, longest form first, one of them in two lines."""
    number = short(limit, 2)
    return f"overshoots above α = {number}", f"overshoots\nabove α = {number}", f"limit α = {number}", f"α ≤ {number}"


def name_label(
    names: Sequence[str],
    area: QRectF,
    curve: QPolygonF,
    width_of: Callable[[str], float],
    px: Callable[[float], float],
) -> tuple[str, QRectF]:
    """Return the first of ``names`` that fits beside ``curve``, and its box (pixels).

    It is in the upper corner where the curve is lower, or in the lower one across; the last name is there at the top in any case.
    """
    for name in names:
        boxes = _corners(width_of(name), area, curve, px)
        free = next((box for box in boxes if area.contains(box) and not _crosses(curve, box)), None)
        if free is not None:
            return name, free
    return names[-1], _corners(width_of(names[-1]), area, curve, px)[0]


def _corners(width: float, area: QRectF, curve: QPolygonF, px: Callable[[float], float]) -> tuple[QRectF, QRectF]:
    """Return the boxes of a name in the upper corner of ``area`` where ``curve`` is lower, and in the lower one across."""
    falls = not curve.isEmpty() and curve.first().y() < curve.last().y()
    left, right, height = area.left() + px(3), area.right() - px(3) - width, px(14)
    upper = QRectF(right if falls else left, area.top() + px(1), width, height)
    return upper, QRectF(left if falls else right, area.bottom() - px(2) - height, width, height)


def limit_label(
    limit: float,
    x: float,
    area: QRectF,
    name: QRectF,
    curve: QPolygonF,
    width_of: Callable[[str], float],
    px: Callable[[float], float],
) -> tuple[str, QRectF]:
    """Return the label beside the mark at ``x`` and its box, which covers neither ``name`` nor ``curve`` (pixels).

    It is in the two upper rows. The shortest form is cut to ``area`` where no place is free.
    """
    for text in limit_texts(limit):
        lines = text.split("\n")
        width, height = max(width_of(line) for line in lines) + px(4), px(14 * len(lines))
        for row in range(3 - len(lines)):
            for left in (x + px(3), x - px(3) - width):
                box = QRectF(left, area.top() + px(1 + 14 * row), width, height)
                if area.contains(box) and not box.intersects(name) and not _crosses(curve, box):
                    return text, box
    text = limit_texts(limit)[-1]
    width = width_of(text) + px(4)
    left = min(max(x + px(3), area.left()), area.right() - width)
    return text, QRectF(left, area.top() + px(15), width, px(14))


def _crosses(curve: QPolygonF, box: QRectF) -> bool:
    """Return whether ``curve``, from left to right, enters ``box``."""
    for start, end in itertools.pairwise(curve.toList()):
        low, high = max(start.x(), box.left()), min(end.x(), box.right())
        if low > high:
            continue
        ys = [_height(start, end, low), _height(start, end, high)]
        if min(ys) <= box.bottom() and max(ys) >= box.top():
            return True
    return False


def _height(start: QPointF, end: QPointF, x: float) -> float:
    """Return the line's y at ``x``."""
    run = end.x() - start.x()
    return start.y() if run == 0.0 else start.y() + (end.y() - start.y()) * (x - start.x()) / run
