"""Find places for the numbers of the waterfall that the lines of pinned runs do not cross."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from PySide6.QtCore import QRectF

from core.arrays import Floats

Line: TypeAlias = tuple[Floats, Floats]
"""A line of horizontal and vertical parts: the pixels (n,), (n,) of its corners; NaN where it ends."""

STEPS: Final = 12
"""Number of steps in which a number may move away from its bar."""

REACH: Final = 1.5
"""Total length of these steps, in heights of the number."""

GAP: Final = 2.0
"""Gap between a number and a line in pixels."""


def crosses(box: QRectF, lines: Sequence[Line]) -> bool:
    """Return whether one of the ``lines`` enters ``box``."""
    return any(_enters(box, xs, ys) for xs, ys in lines)


def _enters(box: QRectF, xs: Floats, ys: Floats) -> bool:
    with np.errstate(invalid="ignore"):  # comparisons with NaN are false
        beside = (np.maximum(xs[:-1], xs[1:]) < box.left() - GAP) | (np.minimum(xs[:-1], xs[1:]) > box.right() + GAP)
        above = (np.maximum(ys[:-1], ys[1:]) < box.top() - GAP) | (np.minimum(ys[:-1], ys[1:]) > box.bottom() + GAP)
    known = np.isfinite(xs[:-1] + xs[1:] + ys[:-1] + ys[1:])
    return bool((known & ~beside & ~above).any())


def free_place(box: QRectF, lines: Sequence[Line], rect: QRectF, *, down: bool) -> QRectF | None:
    """Return ``box``, moved ``down`` or up within ``rect`` until no line enters it; ``None`` if there is no such place."""
    step = REACH * box.height() / STEPS * (1 if down else -1)
    places = (box.translated(0.0, step * count) for count in range(STEPS + 1))
    return next((place for place in places if rect.contains(place) and not crosses(place, lines)), None)
