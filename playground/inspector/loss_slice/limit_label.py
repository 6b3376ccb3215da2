"""The labels in the loss along a weight: the name of its axis, and the α above which descent overshoots or diverges."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPolygonF

from playground.style.numbers import short

if TYPE_CHECKING:
    from playground.inspector.loss_slice.slice_numbers import ShownSlice


def limit_texts(limit: float) -> tuple[str, ...]:
    """Return what the mark at α = ``limit`` says, longest form first, one of them in two lines."""
    number = short(limit, 2)
    return f"overshoots above α = {number}", f"overshoots\nabove α = {number}", f"limit α = {number}", f"α ≤ {number}"


def stable_texts(limit: float) -> tuple[str, ...]:
    """Return what the mark at the ``limit`` for all parameters at once says, longest form first."""
    number = short(limit, 2)
    return (
        f"all weights at once: α ≤ {number}",
        f"all weights\nat once: α ≤ {number}",
        f"all weights: α ≤ {number}",
        f"all: α ≤ {number}",
    )


def limit_notes(limit: float) -> tuple[str, ...]:
    """Return what the sentence says of the dashed mark at α = ``limit``, longest form first."""
    number = short(limit, 2)
    return f"dashed: overshoots above α = {number}", f"dashed: α ≤ {number}", f"α ≤ {number}"


def stable_notes(limit: float) -> tuple[str, ...]:
    """Return what the sentence says of the dotted mark at the ``limit`` for all parameters, longest form first."""
    number = short(limit, 2)
    return f"dotted: all weights at once, α ≤ {number}", f"dotted: all, α ≤ {number}", f"all: α ≤ {number}"


class LimitMark(Struct, frozen=True):
    """A vertical line where a step with the largest useful α lands.

    Attributes:
        value: the parameter's value there.
        texts: what it says, longest form first.
        notes: the same for the sentence below a plot that has no room for it.
        is_own: whether it is the limit along this parameter alone, and not that of all parameters at once.
    """

    value: float
    texts: tuple[str, ...]
    notes: tuple[str, ...]
    is_own: bool

    @property
    def dashes(self) -> Qt.PenStyle:
        """How the line is drawn."""
        return Qt.PenStyle.DashLine if self.is_own else Qt.PenStyle.DotLine


def limit_marks(shown: ShownSlice) -> tuple[LimitMark, ...]:
    """Return the marks of ``shown`` that are within its range: the limit along this parameter, then that of all."""
    marks: list[LimitMark] = []
    if shown.overshoot is not None and shown.limit is not None:
        marks.append(LimitMark(shown.overshoot, limit_texts(shown.limit), limit_notes(shown.limit), is_own=True))
    if shown.stable_landing is not None and shown.stable is not None:
        marks.append(
            LimitMark(shown.stable_landing, stable_texts(shown.stable), stable_notes(shown.stable), is_own=False)
        )
    return tuple(each for each in marks if shown.range.low <= each.value <= shown.range.high)


class Occupied(Struct, frozen=True):
    """What labels must not cover, in pixels.

    Attributes:
        curves: curves from left to right, that of the loss first.
        boxes: everything else.
    """

    curves: tuple[QPolygonF, ...]
    boxes: tuple[QRectF, ...] = ()

    def is_free(self, box: QRectF) -> bool:
        """Return whether ``box`` covers nothing."""
        return not any(box.intersects(each) for each in self.boxes) and not any(
            _crosses(curve, box) for curve in self.curves
        )

    def with_box(self, box: QRectF) -> Occupied:
        """Return a copy with one more box."""
        return Occupied(self.curves, (*self.boxes, box))


def name_label(
    names: Sequence[str],
    area: QRectF,
    taken: Occupied,
    width_of: Callable[[str], float],
    px: Callable[[float], float],
) -> tuple[str, QRectF]:
    """Return the first of ``names`` that has a free corner of ``area``, and its box (pixels).

    It tries the upper corner where the curve is lower, the opposite lower one, then the others; if no name fits anywhere,
    the last one is placed in the first corner.
    """
    for name in names:
        boxes = _corners(width_of(name), area, taken.curves[0], px)
        free = next((box for box in boxes if area.contains(box) and taken.is_free(box)), None)
        if free is not None:
            return name, free
    return names[-1], _corners(width_of(names[-1]), area, taken.curves[0], px)[0]


def _corners(width: float, area: QRectF, curve: QPolygonF, px: Callable[[float], float]) -> tuple[QRectF, ...]:
    """Return the boxes of a name in the corners of ``area``: first the upper one where ``curve`` is lower, and the one across."""
    falls = not curve.isEmpty() and curve.first().y() < curve.last().y()
    left, right, height = area.left() + px(3), area.right() - px(3) - width, px(14)
    top, bottom = area.top() + px(1), area.bottom() - px(2) - height
    high, low = (right, left) if falls else (left, right)
    corners = ((high, top), (low, bottom), (low, top), (high, bottom))
    return tuple(QRectF(x, y, width, height) for x, y in corners)


def limit_label(
    forms: Sequence[str],
    x: float,
    area: QRectF,
    taken: Occupied,
    width_of: Callable[[str], float],
    px: Callable[[float], float],
) -> tuple[str, QRectF]:
    """Return the label of the mark at ``x``, the first of ``forms`` with a free place beside the mark, and its box (pixels).

    The last form can be anywhere in ``area``; where there is no free place it is cut to that, near the mark.
    """
    for text in forms:
        free = _free_place(text, (x + px(3),), (x - px(3),), area, taken, width_of, px)
        if free is not None:
            return text, free
    text, line = forms[-1], QRectF(x - 0.5, area.top(), 1.0, area.height())
    steps = [area.left() + px(4 * step) for step in range(int(area.width() / px(4)) + 1)]
    steps.sort(key=lambda left: abs(left - x))
    anywhere = _free_place(text, steps, (), area, taken.with_box(line), width_of, px)
    if anywhere is not None:
        return text, anywhere
    width = width_of(text) + px(4)
    left = min(max(x + px(3), area.left()), area.right() - width)
    return text, QRectF(left, area.top() + px(15), width, px(14))


def _free_place(
    text: str,
    lefts: Sequence[float],
    rights: Sequence[float],
    area: QRectF,
    taken: Occupied,
    width_of: Callable[[str], float],
    px: Callable[[float], float],
) -> QRectF | None:
    """Return the highest free box for ``text`` in ``area`` that begins at one of ``lefts`` or ends at one of ``rights``."""
    lines = text.split("\n")
    width, height = max(width_of(line) for line in lines) + px(4), px(14 * len(lines))
    top = area.top() + px(1)
    while top + height <= area.bottom():
        for left in (*lefts, *(right - width for right in rights)):
            box = QRectF(left, top, width, height)
            if area.contains(box) and taken.is_free(box):
                return box
        top += px(2)
    return None


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
