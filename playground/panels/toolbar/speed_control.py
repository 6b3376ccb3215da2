"""The speed control: from one step per second to as fast as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.panels.controls.slider_scale import Stops
from playground.style.numbers import thousands
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSlider

if TYPE_CHECKING:
    from playground.session import Session

_STOPS: Final = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800, 1200, 2000, 3000, 5000)
_SCALE: Final = Stops(_STOPS, zero_last=True)
_SLIDER: Final = 92
_TEXT: Final = 78


class SpeedControl(QWidget):
    """A slider for the maximum training speed, with its name above and its value at the right."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        label = PlainLabel("Speed")
        label.setProperty("role", "muted")
        self.slider = QuietSlider()
        self.slider.setObjectName("speedSlider")
        self.slider.setAccessibleName("Speed")
        self.slider.setToolTip("Maximum number of steps per second; at the right end, as fast as possible (M).")
        self.slider.setRange(_SCALE.first, _SCALE.last)
        self.slider.setValue(_SCALE.last)
        self.slider.setPageStep(3)
        label.setBuddy(self.slider)
        self._text = PlainLabel()
        self._text.setProperty("role", "muted")
        self._text.setAccessibleName("Maximum steps per second")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setRowStretch(0, 1)
        self._grid.setRowStretch(3, 1)
        self._grid.addWidget(label, 1, 0)
        self._grid.addWidget(self.slider, 2, 0)
        self._grid.addWidget(self._text, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self.slider.valueChanged.connect(self._dragged)
        session.speed_changed.connect(self._show)
        self._write(None)
        self.set_style(style)

    def set_style(self, style: Style) -> None:
        """Use the sizes of ``style``."""
        self._grid.setHorizontalSpacing(round(style.px(8)))
        self.slider.setFixedWidth(round(style.px(_SLIDER)))
        self._text.setFixedWidth(round(style.px(_TEXT)))

    def _dragged(self, position: int) -> None:
        self._session.set_speed(_SCALE.value_at(position) or None)

    def _show(self, steps_per_second: float | None) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(_SCALE.position_of(steps_per_second or 0.0))
        self._write(steps_per_second)

    def _write(self, steps_per_second: float | None) -> None:
        if steps_per_second is None:
            text = "max"
        else:
            count = round(steps_per_second)
            text = "1 step / s" if count == 1 else f"{thousands(count)} steps / s"
        self._text.setText(text)
        self.slider.setAccessibleDescription(text)
