"""The thumbnail of the points that the user has drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from typing_extensions import override

from core.data.drawn_points import load_points
from core.experiment import DrawnSource
from playground.panels.data.dataset_thumbnail import Dots, Thumbnail

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from playground.style.theme import Style

KEY: Final = "drawn"
"""Key of the drawn points among the keys of the built-in data sets."""

LABEL: Final = "Drawn points"
EXPLANATION: Final = (
    "Your own points: press the pencil on the output card (B) and draw, also on any other set with one or two inputs."
)

_SHOWN: Final = 100
_TIP: Final = (0.30, 0.78)


class DrawnThumbnail(Thumbnail):
    """Shows the drawn points, or a pencil if there are none."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(KEY, "drawn", LABEL, EXPLANATION, style, parent)
        self._source = DrawnSource(points=())
        self._classes = 2
        self._dots: Dots | None = None

    def set_source(self, source: DrawnSource) -> None:
        """Show the points of ``source``."""
        self._source, self._dots = source, None
        self.update()

    @override
    def _draw(self, painter: QPainter, frame: QRectF) -> None:
        if not self._source.points:
            self._draw_pencil(painter, frame)
            return
        if self._dots is None:
            self._dots = self._shown_dots()
        regression = self._source.task == "regression"
        colour = self._value_colour if regression else self._class_colour
        self._draw_dots(painter, frame, self._dots, colour, square=self._source.inputs == 2)

    def _shown_dots(self) -> Dots:
        """Return a subset of the points, scaled to the unit square."""
        raw = load_points(self._source)
        self._classes = raw.classes
        chosen = np.linspace(0, raw.samples - 1, min(_SHOWN, raw.samples)).astype(np.int64)
        target, (low, high) = raw.target[chosen], raw.ranges().T
        if self._source.inputs == 2:
            positions = (raw.inputs[chosen] - low) / (high - low)
        else:
            least, span = float(raw.target.min()), float(np.ptp(raw.target)) or 1.0
            positions = np.column_stack(
                ((raw.inputs[chosen, 0] - low[0]) / (high[0] - low[0]), (target - least) / span)
            )
        if self._source.task == "regression":
            target = target / max(float(np.abs(raw.target).max()), 1e-9)
        return Dots(positions, target)

    def _class_colour(self, target: float) -> QColor:
        return self._style.theme.class_colour(int(target), self._classes)

    def _draw_pencil(self, painter: QPainter, frame: QRectF) -> None:
        side = frame.height()
        left = frame.center().x() - side / 2

        def at(across: float, down: float) -> QPointF:
            return QPointF(left + across * side, frame.top() + down * side)

        pen = QPen(QColor(self._style.theme.muted), self._style.px(1.4))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon([at(*_TIP), at(0.34, 0.60), at(0.64, 0.24), at(0.76, 0.36), at(0.48, 0.72)])
        painter.drawLine(at(0.56, 0.335), at(0.69, 0.455))
