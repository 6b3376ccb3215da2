"""A slider with its name above left and its editable value above right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from playground.panels.controls.field_meta import FieldMeta
from playground.panels.controls.slider_scale import SliderScale
from playground.panels.controls.value_edit import ValueEdit, plain_number
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.widgets.quiet import QuietSlider

SNAP_PX: Final = 5
"""Distance in pixels within which a dragged handle snaps."""

Writer = Callable[[float], str]
"""Formats a value for display beside the slider."""


class LabelledSlider(QWidget):
    """A number of the Experiment that can be dragged or typed.

    The slider covers the practical range of ``scale``; typed values may use the full limits of ``meta``.

    Signals:
        moved: the user chose this value; also emitted during a drag.
        held: a drag started (True) or ended (False).

    Attributes:
        slider: the Qt slider, which has the object name.
        value_edit: the value above the slider.
    """

    moved = Signal(float)
    held = Signal(bool)

    def __init__(
        self,
        meta: FieldMeta,
        scale: SliderScale,
        name: str,
        *,
        title: str = "",
        write: Writer = short,
        percent: bool = False,
        snap: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Create the slider.

        Args:
            meta: title, limits and description of the number.
            scale: maps slider positions to values.
            name: object name of the Qt slider.
            title: label above the slider; ``meta``'s by default.
            write: formats the value.
            percent: whether the typed number is a percentage.
            snap: a value that a drag snaps to.
            parent: the parent widget.
        """
        super().__init__(parent)
        self._meta, self._scale, self._write, self._percent = meta, scale, write, percent
        self._tip = meta.description
        self._snap = snap
        self._why_disabled = self._marked = ""
        self._value = float(meta.default) if isinstance(meta.default, int | float) else 0.0
        self._is_mixed = False
        shown_title = title or meta.title
        self._label = PlainLabel(shown_title)
        self._label.setProperty("role", "label")
        self.slider = QuietSlider()
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(shown_title)
        self.slider.setRange(scale.first, scale.last)
        self.slider.setPageStep(max(1, (scale.last - scale.first) // 10))
        self.slider.valueChanged.connect(self._dragged)
        self.slider.sliderPressed.connect(lambda: self.held.emit(True))
        self.slider.sliderReleased.connect(self._released)
        self.value_edit = ValueEdit(self._parsed)
        self.value_edit.setAccessibleName(f"{shown_title}, value")
        self.value_edit.entered.connect(self._entered)
        self.value_edit.setMinimumWidth(36)
        self._label.setBuddy(self.slider)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self._label, 0, 0)
        self._grid.addWidget(self.value_edit, 0, 1)
        self._grid.addWidget(self.slider, 1, 0, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self.explain("")
        self.set_value(self._value)

    @property
    def value(self) -> float:
        """The exact value."""
        return self._value

    @property
    def title(self) -> str:
        """The label above the slider."""
        return self._label.text()

    def set_value(self, value: float, shown: str = "") -> None:
        """Show ``value`` without emitting a signal; ``shown`` replaces its text, for example with a range.

        With such a text, ``value`` stands for several values, and choosing it is a change as well.
        """
        self._value, self._is_mixed = value, bool(shown)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position_of(value))
        self._show(shown)

    def explain(self, why_disabled: str) -> None:
        """Set the tooltip: the description and, if the number has no effect, the reason."""
        self._why_disabled = why_disabled
        usage = "Click the value to type it, double-click the name to reset it."
        tip = plain_tip("\n".join(part for part in (why_disabled, self._marked, self._tip, usage) if part))
        for widget in (self._label, self.slider):
            widget.setToolTip(tip)
        self.value_edit.setToolTip(plain_tip(why_disabled or self._tip))
        self.slider.setAccessibleDescription(why_disabled or " ".join(filter(None, (self._marked, self._tip))))

    def mark(self, value: float | None, colour: str = "", meaning: str = "") -> None:
        """Mark ``value`` with a tick of ``colour``, and add ``meaning`` to the tooltip; ``None`` removes both.

        A value outside the slider's range has no tick, but its meaning is in the tooltip.
        """
        scale = self._scale
        inside = value is not None and scale.value_at(scale.first) <= value <= scale.value_at(scale.last)
        self.slider.set_mark(scale.position_of(value) if inside and value is not None else None, colour)
        if meaning != self._marked:
            self._marked = meaning
            self.explain(self._why_disabled)

    def set_style(self, style: Style) -> None:
        """Use the spacing of ``style``."""
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(round(style.px(4)))
        self.value_edit.setMinimumWidth(round(style.px(36)))

    @override
    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset on a double-click on the label, which passes it on."""
        if self._label.geometry().contains(event.position().toPoint()):
            if isinstance(self._meta.default, int | float):
                self._entered(float(self._meta.default))
        else:
            super().mouseDoubleClickEvent(event)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit the value on Return, which the slider passes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.slider.hasFocus():
            self.value_edit.begin()
        else:
            super().keyPressEvent(event)

    def _released(self) -> None:
        """End a drag; a click on the handle sets several values to the one that it shows."""
        if self._is_mixed:
            self._entered(self._value)
        self.held.emit(False)

    def _dragged(self, position: int) -> None:
        self._value, self._is_mixed = self._scale.value_at(self._snapped(position)), False
        self._show()
        self.moved.emit(self._value)

    def _snapped(self, position: int) -> int:
        """Return ``position``, or the position of the snap value if the handle is dragged close to it."""
        if self._snap is None or not self.slider.isSliderDown():
            return position
        target = self._scale.position_of(self._snap)
        reach = SNAP_PX * (self._scale.last - self._scale.first) / self.slider.travel
        if abs(position - target) > reach:
            return position
        with QSignalBlocker(self.slider):
            self.slider.setValue(target)
            return target

    def _entered(self, value: float) -> None:
        self.set_value(value)
        self.moved.emit(value)

    def _show(self, shown: str = "") -> None:
        text = shown or self._write(self._value)
        typed = "" if self._is_mixed else f"{self._value * 100 if self._percent else self._value:.10g}"
        self.value_edit.show_value(text, typed)

    def _parsed(self, text: str) -> float:
        number = plain_number(text)
        if self._percent and "%" not in text:
            number /= 100.0
        problem = self._meta.problem(number)
        if problem:
            raise ValueError(f"{self._meta.title} {problem}")
        return number
