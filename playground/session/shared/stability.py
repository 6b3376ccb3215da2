"""Share the largest curvature of the loss, which limits the learning rate, between views."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.analysis.step_limit import Curvature


class Stability(QObject):
    """Shares the curvature computed by a visible view with other views.

    It computes nothing itself; without such a view there is no curvature.

    Signals:
        changed: the curvature changed.

    Attributes:
        curvature: the newest value, or ``None``.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.curvature: Curvature | None = None

    def show(self, curvature: Curvature | None) -> None:
        """Set the curvature; ``None`` if no visible view computes it any longer."""
        if curvature != self.curvature:
            self.curvature = curvature
            self.changed.emit()
