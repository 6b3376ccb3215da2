"""The spin box that selects one training sample, or the mean over all."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from playground.style.numbers import thousands
from playground.style.theme import GRID
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSpin


class SampleChoice(QWidget):
    """Selects a training sample: 0 is the mean over all samples, 1 … N are the samples.

    Signals:
        changed: index of the sample, or ``None`` for the mean.
    """

    changed = Signal(object)

    def __init__(self, *, labelled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labelled = labelled
        self._still: PlainLabel | None = None
        self._box = QuietSpin()
        self._box.setObjectName("inspectorSampleBox")
        self._box.setAccessibleName("Training sample")
        self._box.setToolTip("Show the mean over all training samples, or one sample")
        self._box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        if labelled:
            label = PlainLabel("Training sample")
            label.setProperty("role", "muted")
            label.setBuddy(self._box)
            layout.addWidget(label)
        layout.addWidget(self._box, 1)
        self._box.valueChanged.connect(lambda value: self.changed.emit(value - 1 if value else None))

    @property
    def sample(self) -> int | None:
        """Index of the selected sample, or ``None`` for the mean."""
        return self._box.value() - 1 if self._box.value() else None

    def make_static(self) -> None:
        """Show the selected sample as text, for a picture."""
        self._box.hide()
        self._still = PlainLabel(self._box.text())
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.addWidget(self._still, 1)

    def set_count(self, count: int) -> None:
        """Offer ``count`` samples."""
        if self._box.maximum() != count or not self._box.specialValueText():
            with QSignalBlocker(self._box):
                self._box.setSpecialValueText(f"mean of {thousands(count)}")
                self._box.setPrefix("" if self._labelled else "sample ")
                self._box.setMaximum(count)
            self._show_still()

    def choose(self, sample: int | None) -> None:
        """Select ``sample`` without emitting a signal."""
        with QSignalBlocker(self._box):
            self._box.setValue(0 if sample is None else sample + 1)
        self._show_still()

    def _show_still(self) -> None:
        if self._still is not None:
            self._still.setText(self._box.text())
