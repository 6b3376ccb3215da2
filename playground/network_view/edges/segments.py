"""The segments in the network's title line that choose what the edges show."""

from __future__ import annotations

from typing import Final, cast

from PySide6.QtCore import QMargins, QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from playground.network_view.edges.values import EDGE_VALUES, EdgeValue
from playground.style.theme import Style
from playground.widgets.card import FULL
from playground.widgets.guard import guarded_or

TIPS: Final[dict[EdgeValue, str]] = {
    "weight": "Each edge shows its weight w; full width is the largest |w| of the whole network.",
    "gradient": "Each edge shows ∂L/∂w over the training set; full width is the largest of the whole network, "
    "so edges grow thin where gradients vanish.",
    "check": "Each edge shows the relative difference between backpropagation and the central difference: "
    "grey and thin from 10⁻¹², red and wide at 10⁻².",
    "update": "Each edge shows the last update of its weight; full width is the largest change in the network.",
}
"""Tooltip of each segment."""

_EASE: Final = 12
"""Additional width of a segment where there is room for it, in pixels at scale 1."""


class Segment(QPushButton):
    """A checkable button of a title line that needs less room beside it on narrow cards."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "segment")
        self.setProperty("tight", True)
        self.setCheckable(True)
        self._form = FULL
        self._ease = _EASE

    def set_style(self, style: Style) -> None:
        """Space the text as in ``style``."""
        self._ease = round(style.px(_EASE))
        self.updateGeometry()

    def set_compact(self, form: int) -> None:
        """Reduce the space around the text, or restore the ``FULL`` one."""
        if (form == FULL) != (self._form == FULL):
            self.updateGeometry()
        self._form = form

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the size of the text with the space of its form: another style sheet for each would be much slower."""
        size = super().sizeHint()
        return size.grownBy(QMargins(0, 0, self._ease, 0)) if self._form == FULL else size

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the same size."""
        return self.sizeHint()


class EdgeSegments(QFrame):
    """A row of segments, one of which is chosen.

    Signals:
        chosen: the :data:`EdgeValue` that the user clicked.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        group = QButtonGroup(self)
        self._segments: dict[EdgeValue, Segment] = {}
        for shows in EDGE_VALUES:
            button = self._segments[shows] = Segment(shows)
            button.setObjectName(f"{shows}EdgesButton")
            button.setChecked(shows == "weight")
            button.setToolTip(TIPS[shows])
            button.setAccessibleName(f"Edges show {shows}")
            group.addButton(button)
            layout.addWidget(button)
        group.buttonClicked.connect(lambda button: self.chosen.emit(cast("EdgeValue", button.text())))
        self.offer_check(on=False)

    def choose(self, shows: EdgeValue) -> None:
        """Select ``shows`` without emitting a signal."""
        self._segments[shows].setChecked(True)

    def offer_check(self, *, on: bool) -> None:
        """Show or hide the segment of the gradient check."""
        self._segments["check"].setVisible(on)

    def set_style(self, style: Style) -> None:
        """Space the words as in ``style``."""
        for button in self._segments.values():
            button.set_style(style)

    def set_compact(self, form: int) -> None:
        """Reduce the space around the words, or restore the ``FULL`` one."""
        for button in self._segments.values():
            button.set_compact(form)
