"""The largest curvature of the loss, which bounds the learning rate, as far as a view computes it at present."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.analysis.step_limit import Curvature


class Stability(QObject):
    """Holds the curvature that a visible view computes, for the views that show what follows from it.

    Nothing is computed for it: without such a view there is none.

    Signals:
        changed: another curvature, or none.

    Attributes:
        curvature: the newest one, or ``None``.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.curvature: Curvature | None = None

    def show(self, curvature: Curvature | None) -> None:
        """Replace the curvature; ``None`` when no visible view computes it any more."""
        if curvature != self.curvature:
            self.curvature = curvature
            self.changed.emit()
