"""The spin box that selects one sample, or the mean over all training samples."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from core.data.prepared_data import PreparedData
from core.data.sample import Sample
from playground.style.numbers import thousands
from playground.style.theme import GRID
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSpin

_GAP: Final = "\u2002"
"""An en space between label and number in a picture, which grows with the font."""

_MARGIN: Final = 2
"""Space of a line edit beside its text, in pixels."""


class _SampleSpin(QuietSpin):
    """A spin box over the training samples 1 … N and, after them, the test samples."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix
        self._mean = ""
        self.training = 0

    def name_mean(self, name: str) -> None:
        """Show ``name`` for the mean over all samples, or only its first word where that is all that fits."""
        self._mean = name
        self._fit()

    def _fit(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self._mean) + 2 * _MARGIN <= self.lineEdit().width()
        shown = self._mean if fits or not self.isVisible() else self._mean.partition(" ")[0]
        if shown != self.specialValueText():
            self.setSpecialValueText(shown)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the name as fits."""
        super().resizeEvent(event)
        self._fit()

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show as much of the name as fits."""
        super().showEvent(event)
        self._fit()

    @override
    @guarded_or("")
    def textFromValue(self, val: int) -> str:
        """Return ``sample 3``, or ``test sample 3`` for those after the training set."""
        if val <= self.training:
            return f"{self._prefix}{val}"
        return f"test {self._prefix}{val - self.training}"

    @override
    @guarded_or(0)
    def valueFromText(self, text: str) -> int:
        """Return the value of ``text``, which may be a plain number."""
        digits = "".join(letter for letter in text if letter.isdigit())
        number = int(digits) if digits else 0
        return number + self.training if text.strip().startswith("test") else number


class SampleChoice(QWidget):
    """Selects a sample: 0 is the mean over the training set, 1 … N are its samples, and the test samples follow.

    Signals:
        changed: the :class:`Sample`, or ``None`` for the mean.
    """

    changed = Signal(object)

    def __init__(self, *, labelled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still: PlainLabel | None = None
        self._box = _SampleSpin("" if labelled else "sample ")
        self._counts = (-1, -1)
        self._box.setObjectName("inspectorSampleBox")
        self._box.setAccessibleName("Sample")
        self._box.setToolTip("Show the mean over all training samples, or one sample; the test samples come last.")
        self._box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        if labelled:
            label = PlainLabel("Sample")
            label.setProperty("role", "muted")
            label.setBuddy(self._box)
            layout.addWidget(label)
        layout.addWidget(self._box, 1)
        self._box.valueChanged.connect(lambda _value: self.changed.emit(self.sample))

    @property
    def sample(self) -> Sample | None:
        """The selected sample, or ``None`` for the mean."""
        value, training = self._box.value(), self._box.training
        if not value:
            return None
        return Sample(value - 1) if value <= training else Sample(value - 1 - training, is_test=True)

    def make_static(self) -> None:
        """Show the selected sample as text, for a picture."""
        self._box.hide()
        self._still = PlainLabel()
        self._show_still()
        # Without the box, nothing else keeps the line from growing into what a picture leaves free.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.addWidget(self._still, 1)

    def offer(self, data: PreparedData, evaluated: int) -> None:
        """Offer the samples of ``data``; the mean is one over the first ``evaluated`` training samples."""
        counts = (len(data.x_train), len(data.x_test))
        if counts != self._counts:
            self._counts = counts
            with QSignalBlocker(self._box):
                self._box.training = counts[0]
                self._box.name_mean(f"mean of {thousands(evaluated)}")
                self._box.setMaximum(sum(counts))
            self._show_still()

    def choose(self, sample: Sample | None) -> None:
        """Select ``sample`` without emitting a signal."""
        with QSignalBlocker(self._box):
            if sample is None:
                self._box.setValue(0)
            else:
                self._box.setValue(sample.index + 1 + (self._box.training if sample.is_test else 0))
        self._show_still()

    def _show_still(self) -> None:
        if self._still is not None:
            self._still.setText(_GAP + self._box.text())
