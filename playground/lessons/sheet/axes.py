"""The axes of a sketched prediction as a figure: empty, to draw on with a pencil, or with the measured curve."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsView

from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.curves import XY
from playground.lessons.sketching.grid import SketchGrid
from playground.lessons.sketching.picture import SketchPicture
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.drawing.pencil import pen
from playground.style.theme import Style
from playground.widgets.figure import FigureText, Table


class EmptyAxes:
    """A figure of the axes of a sketch, optionally with the measured curve.

    Attributes:
        figure_key: stem of the file name for export.
        figure_title: title of the picture.

    Args:
        axes: the axes.
        truth: x (n,) and y (n,) of the measured curve; ``None`` for empty axes.
    """

    figure_key: str = "axes"

    def __init__(self, axes: SketchAxes, truth: XY | None = None) -> None:
        self._axes, self._truth = axes, truth
        self.figure_title = f"{axes.y_title} over {axes.x_title}"

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new, hidden view of the axes."""
        canvas = Canvas(style, still=True)
        canvas.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        picture = SketchPicture(canvas, self._axes, SketchGrid(self._axes), style, hint=False)
        picture.arrange()
        if self._truth is not None:
            picture.set_truth(*self._truth)

        def frame(p: QPainter, area: Area) -> None:
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(pen(style.theme.faint, style.px(0.8)))
            p.drawRect(area.rect)

        canvas.add_layer(frame, 2)
        return canvas

    def figure_text(self) -> FigureText:
        """Return an empty text: the axes have their titles."""
        return FigureText("")

    def figure_table(self) -> Table:
        """Return an empty table."""
        return Table((self._axes.x_title, self._axes.y_title), [])
