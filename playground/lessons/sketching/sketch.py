"""Answer a prediction by sketching a curve on an empty plot; afterwards the measured curve is drawn over it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.arrays import Floats
from core.lessons.blocks import Predict
from core.lessons.sketches.axes import sketch_axes
from core.lessons.sketches.distance import Points, curve_difference
from playground.lessons.sketching.canvas import SketchCanvas
from playground.lessons.sketching.sentences import difference_sentence
from playground.style.theme import GRID, Style
from playground.widgets.plain_text import PlainLabel, plain_tip

MIN_HEIGHT: Final = 180
MAX_HEIGHT: Final = 260


class SketchPlot(QWidget):
    """An empty plot with the right axes, to sketch a curve on.

    The learner draws with the mouse or the arrow keys and presses *Keep this sketch* (or Enter), which emits ``sketched``
    and ends drawing. :meth:`reveal` then draws the measured curve and explains the difference. Both may be called again.

    Signals:
        sketched: the learner keeps the curve; its points (x, y) as a tuple, ordered by x.

    Attributes:
        canvas: the plot.
    """

    sketched = Signal(object)

    def __init__(self, predict: Predict, style: Style, parent: QWidget | None = None) -> None:
        """Create the empty plot.

        Args:
            predict: a prediction of kind ``"curve"``.
            style: the initial style.
            parent: the parent widget.

        Raises:
            PlaygroundError: the axes of ``predict`` are incomplete.
        """
        super().__init__(parent)
        self._axes = sketch_axes(predict)
        self.setObjectName("sketchPlot")
        self.canvas = SketchCanvas(self._axes, style)
        self.canvas.setObjectName("sketchCanvas")
        self.canvas.setToolTip(plain_tip(predict.text.question))
        self._keep = QPushButton("Keep this sketch")
        self._keep.setObjectName("keepSketchButton")
        self._keep.setToolTip("Store the curve as your prediction (Enter).")
        self._clear = QPushButton("Clear")
        self._clear.setObjectName("clearSketchButton")
        self._clear.setProperty("role", "link")
        self._clear.setToolTip("Remove the curve and draw again (Delete).")
        self._sentence = PlainLabel()
        self._sentence.setObjectName("sketchDifference")
        self._sentence.setWordWrap(True)
        self._sentence.hide()
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._keep)
        row.addWidget(self._clear)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._buttons)
        layout.addWidget(self._sentence)
        self.canvas.edited.connect(self._enable_buttons)
        self.canvas.keep_requested.connect(self._keep.click)
        self._keep.clicked.connect(self._emit)
        self._clear.clicked.connect(self.canvas.clear_sketch)
        self.set_style(style)
        self._enable_buttons()

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The drawn points (x, y), ordered by x."""
        return self.canvas.points()

    @property
    def sentence(self) -> str:
        """The explanation of the difference; empty before :meth:`reveal`."""
        return self._sentence.text()

    def restore(self, points: Points) -> None:
        """Show a stored sketch, which can no longer be changed."""
        self.canvas.restore(points)
        self._end_drawing()

    def reveal(self, x: Floats, y: Floats) -> None:
        """Draw the measured curve (n,), (n,) over the sketch, and explain the difference; drawing ends."""
        self._end_drawing()
        self.canvas.show_truth(x, y)
        text = ""
        if not self.canvas.is_empty:
            found = curve_difference(self.points, x, y, log=self._axes.log, by_layer=self._axes.by_layer)
            text = difference_sentence(found, self._axes)
        self._sentence.setText(text)
        self._sentence.setVisible(bool(text))
        self.canvas.setAccessibleDescription(text)

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""
        self.canvas.setMinimumHeight(round(style.px(MIN_HEIGHT)))
        self.canvas.setMaximumHeight(round(style.px(MAX_HEIGHT)))
        self.canvas.set_style(style)

    def _enable_buttons(self) -> None:
        for button in (self._keep, self._clear):
            button.setEnabled(not self.canvas.is_empty)

    def _emit(self) -> None:
        if not self.canvas.is_empty:
            self._end_drawing()
            self.sketched.emit(self.points)

    def _end_drawing(self) -> None:
        self.canvas.lock(on=True)
        self._buttons.hide()
