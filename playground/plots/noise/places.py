"""Find places for the words in the noise plot that neither its lines nor its dots cross."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QRectF

from core.arrays import Floats

LINE_GAP: Final = 2.0
"""Minimum gap between a word and a line, in pixels."""


class Drawn(Struct, frozen=True, eq=False):
    """What words keep clear of, in pixels.

    Attributes:
        curves: (n,), (n,), the corners of each line from left to right, and their heights; NaN where it has a gap.
        room: space around each corner, where a dot is drawn.
        boxes: rectangles.
    """

    curves: tuple[tuple[Floats, Floats], ...]
    room: float
    boxes: tuple[QRectF, ...] = ()

    def is_free(self, box: QRectF) -> bool:
        """Return whether nothing enters ``box``."""
        return not any(box.intersects(each) for each in self.boxes) and not any(
            self._enters(box, *curve) for curve in self.curves
        )

    def _enters(self, box: QRectF, xs: Floats, ys: Floats) -> bool:
        near = box.adjusted(-self.room, -self.room, self.room, self.room)
        with np.errstate(invalid="ignore"):  # comparisons with NaN are false
            dots = (xs > near.left()) & (xs < near.right()) & (ys > near.top()) & (ys < near.bottom())
        across = np.arange(box.left() - LINE_GAP, box.right() + LINE_GAP, 1.0)
        known = np.isfinite(ys)
        if dots.any() or not known.any():
            return bool(dots.any())
        heights = np.interp(across, xs[known], ys[known], left=np.nan, right=np.nan)
        with np.errstate(invalid="ignore"):
            return bool(((heights > box.top() - LINE_GAP) & (heights < box.bottom() + LINE_GAP)).any())


def along_level(y: float, width: float, height: float, rect: QRectF, gap: float) -> Iterator[QRectF]:
    """Yield boxes below and above the horizontal line at ``y`` within ``rect``, from left to right."""
    lefts = np.arange(rect.left() + gap, rect.right() - width, gap).tolist()
    for left in lefts:
        for top in (y + gap / 4, y - gap / 4 - height):
            box = QRectF(left, top, width, height)
            if rect.contains(box):
                yield box


def along_upright(x: float, width: float, height: float, rect: QRectF, gap: float) -> Iterator[QRectF]:
    """Yield boxes right and left of the vertical line at ``x`` within ``rect``, from the bottom up."""
    for bottom in np.arange(rect.bottom() - gap / 2, rect.top() + height, -gap).tolist():
        for left in (x + gap, x - gap - width):
            box = QRectF(left, bottom - height, width, height)
            if rect.contains(box):
                yield box


def first_free(boxes: Iterable[QRectF], drawn: Sequence[Drawn]) -> QRectF | None:
    """Return the first of ``boxes`` that nothing ``drawn`` enters; ``None`` if there is none."""
    return next((box for box in boxes if all(each.is_free(box) for each in drawn)), None)
