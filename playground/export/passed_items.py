"""Free the points, lines and rectangles that Qt passes to paint engines written in Python."""

from __future__ import annotations

import ctypes
import functools
import weakref
from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QPainter
from typing_extensions import override

from playground.export.page_device import PageDevice, PageEngine
from playground.widgets.guard import guarded

T = TypeVar("T")


def passed(items: Iterable[T]) -> Iterable[T]:
    """Return the ``items`` that Qt passed to ``drawLines`` or the like, such that they are freed after the call.

    PySide 6.11 adds one reference too many to each of them, and so would keep all that is ever drawn (about 200 bytes each).
    Their list holds another reference.
    """
    if _are_kept():
        release = ctypes.pythonapi.Py_DecRef
        for item in items:
            release(ctypes.py_object(item))
    return items


@functools.cache
def _are_kept() -> bool:
    """Return whether a point outlives the call with which it is passed to an engine."""
    engine = _Probe()
    device = PageDevice(1, 1, engine)
    with QPainter(device) as p:
        p.drawPoint(QPointF(0.0, 0.0))
    return engine.seen() is not None


class _Probe(PageEngine):
    """Watches the last point drawn without owning it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Callable[[], object] = lambda: None

    @override
    @guarded
    def drawPoints(self, points: Iterable[QPointF | QPoint]) -> None:
        for point in points:
            self.seen = weakref.ref(point)
