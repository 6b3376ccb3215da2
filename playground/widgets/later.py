"""Run something later, unless its object is deleted before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(milliseconds: int, context: QObject, run: Callable[[], object]) -> None:
    """Call ``run`` after ``milliseconds``; 0 stands for as soon as the events at hand have been handled.

    It is not called if ``context`` is deleted before. Then ``QTimer.singleShot(milliseconds, context, run)`` of PySide 6.11 would
    keep ``run`` forever, with everything that it refers to.
    """
    timer = QTimer(context)
    timer.setSingleShot(True)
    timer.timeout.connect(run)
    timer.timeout.connect(timer.deleteLater)
    timer.start(milliseconds)
