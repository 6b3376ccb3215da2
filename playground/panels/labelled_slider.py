"""A labelled slider: name above left, value above right (a click edits it), slider below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from playground.panels.field_meta import FieldMeta
from playground.panels.slider_scale import SliderScale
from playground.panels.value_edit import ValueEdit, plain_number
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSlider

CATCH_PX: Final = 5
"""How near, in pixels, a dragged handle comes to the value that catches it."""

Writer = Callable[[float], str]
"""Writes a value as it is read beside the slider."""


class LabelledSlider(QWidget):
    """One number of the Experiment, dragged or typed.

    The slider covers the practical range of ``scale``; what is typed may go to the limits of ``meta``.

    Signals:
        moved: the user chose this value (all along a drag, too).
        held: the slider was taken hold of, or let go.

    Attributes:
        slider: the Qt slider; it carries the object name that tests and scripts look for.
        value_edit: the value above it.
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
        catch: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make the slider called ``name``.

        Args:
            meta: title, limits and description of the number.
            scale: which values the slider covers.
            name: object name of the Qt slider.
            title: the name above it where it is not ``meta``'s.
            write: how the value reads.
            percent: the typed number is a percentage.
            catch: a value at which a drag catches, since it would be hard to hit.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._meta, self._scale, self._write, self._percent = meta, scale, write, percent
        self._tip = meta.description
        self._catch = catch
        self._value = float(meta.default) if isinstance(meta.default, int | float) else 0.0
        shown_title = title or meta.title
        self._label = PlainLabel(shown_title)
        self._label.setProperty("role", "label")
        self._label.installEventFilter(self)
        self.slider = QuietSlider()
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(shown_title)
        self.slider.setRange(scale.first, scale.last)
        self.slider.setPageStep(max(1, (scale.last - scale.first) // 10))
        self.slider.valueChanged.connect(self._dragged)
        self.slider.sliderPressed.connect(lambda: self.held.emit(True))
        self.slider.sliderReleased.connect(lambda: self.held.emit(False))
        self.slider.installEventFilter(self)
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
        """The value shown, exactly."""
        return self._value

    @property
    def title(self) -> str:
        """The name above the slider."""
        return self._label.text()

    def set_value(self, value: float, shown: str = "") -> None:
        """Show ``value`` (the model's) without emitting a signal; ``shown`` replaces its text (values that differ)."""
        self._value = value
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position_of(value))
        self._show(shown)

    def explain(self, why_disabled: str) -> None:
        """Set the tooltip: what the number does and, when it has no effect now, why."""
        usage = "Click the value to type it, double-click the name to reset it."
        tip = "\n".join(part for part in (why_disabled, self._tip, usage) if part)
        for widget in (self._label, self.slider):
            widget.setToolTip(tip)
        self.value_edit.setToolTip(why_disabled or self._tip)
        self.slider.setAccessibleDescription(why_disabled or self._tip)

    def set_style(self, style: Style) -> None:
        """Space things for ``style``."""
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(round(style.px(4)))
        self.value_edit.setMinimumWidth(round(style.px(36)))

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Reset when the name is double-clicked; type when Return is pressed on the slider."""
        if watched is self._label and event.type() == QEvent.Type.MouseButtonDblClick and self.isEnabled():
            if isinstance(self._meta.default, int | float):
                self._entered(float(self._meta.default))
            return True
        if watched is self.slider and _is_return(event):
            self.value_edit.begin()
            return True
        return super().eventFilter(watched, event)

    def _dragged(self, position: int) -> None:
        self._value = self._scale.value_at(self._caught(position))
        self._show()
        self.moved.emit(self._value)

    def _caught(self, position: int) -> int:
        """Return ``position``, or that of the value to catch at when the mouse has brought the handle near it."""
        if self._catch is None or not self.slider.isSliderDown():
            return position
        place = self._scale.position_of(self._catch)
        reach = CATCH_PX * (self._scale.last - self._scale.first) / self.slider.travel
        if abs(position - place) > reach:
            return position
        with QSignalBlocker(self.slider):
            self.slider.setValue(place)
        return place

    def _entered(self, value: float) -> None:
        self.set_value(value)
        self.moved.emit(value)

    def _show(self, shown: str = "") -> None:
        text = shown or self._write(self._value)
        self.value_edit.show_value(text, f"{self._value * 100 if self._percent else self._value:.10g}")

    def _parsed(self, text: str) -> float:
        number = plain_number(text)
        if self._percent and "%" not in text:
            number /= 100.0
        problem = self._meta.problem(number)
        if problem:
            raise ValueError(f"{self._meta.title} {problem}")
        return number


def _is_return(event: QEvent) -> bool:
    return (
        event.type() == QEvent.Type.KeyPress
        and isinstance(event, QKeyEvent)
        and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    )
