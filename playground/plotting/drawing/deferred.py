"""Move slow painting to a thread: a paint device that records for a thread may take functions instead of paint commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF


@runtime_checkable
class Deferring(Protocol):
    """A paint device that can call paint functions later, on any thread."""

    def defer(self, paint: Callable[[QPainter], None]) -> None:
        """Call ``paint`` at this place among the paint commands."""
        ...


@runtime_checkable
class PolygonWriter(Protocol):
    """A paint device that takes many polygons at once, because each call of a painter hands the GIL over twice."""

    def write_polygons(self, p: QPainter, polygons: Sequence[tuple[QPolygonF, QColor]]) -> None:
        """Draw ``polygons``, each filled with its colour, with the pen of ``p``."""
        ...


def paint_deferred(p: QPainter, paint: Callable[[QPainter], None]) -> None:
    """Call ``paint`` with ``p``, or later on a thread with another painter in the same state if the device can do that.

    ``paint`` must not use widgets or data that change.
    """
    device = p.device()
    if isinstance(device, Deferring):
        # Qt tells the device what has changed in the state only when something is drawn.
        p.drawPath(QPainterPath())
        device.defer(paint)
    else:
        paint(p)
