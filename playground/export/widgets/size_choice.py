"""The choice of the size of a picture: a usual one, or any width and height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QSettings, QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout

from playground.export.sizes import Size
from playground.export.widgets.controls import combo
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSpin

CUSTOM: Final = "Custom"


class SizeChoice(QObject):
    """Two rows of a form: the presets, and width and height in pixels.

    Args:
        presets: (label, size) of each; the first is the default.
        limits: minimum and maximum of width and height.

    Attributes:
        width: the field of the width.
        height: the field of the height.

    Signals:
        changed: another size was chosen.
    """

    changed = Signal()

    def __init__(self, presets: Sequence[tuple[str, Size]], limits: Size, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sizes = [size for _, size in presets]
        self._preset = combo("Size", [*presets, (CUSTOM, None)])
        self.width, self.height = (_side(f"{name} in pixels", limits) for name in ("Width", "Height"))
        self._preset.currentIndexChanged.connect(self._apply)
        for box in (self.width, self.height):
            box.valueChanged.connect(self._follow)

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.width.value(), self.height.value()

    def add_to(self, form: QFormLayout) -> None:
        """Add the rows to ``form``."""
        sides = QHBoxLayout()
        sides.addWidget(self.width)
        sides.addWidget(PlainLabel("×"))
        sides.addWidget(self.height)
        sides.addStretch(1)
        form.addRow("Size", self._preset)
        form.addRow("Pixels", sides)

    def store(self, settings: QSettings, group: str) -> None:
        """Save the size in ``group`` of ``settings``."""
        settings.setValue(f"{group}/width", self.width.value())
        settings.setValue(f"{group}/height", self.height.value())

    def recall(self, settings: QSettings, group: str) -> None:
        """Restore the size stored in ``group``, or the default for an invalid one, without a signal."""
        with QSignalBlocker(self):
            for box, key, default in zip((self.width, self.height), ("width", "height"), self._sizes[0], strict=True):
                text = str(settings.value(f"{group}/{key}", default))
                box.setValue(int(text) if text.isdecimal() and len(text) < 6 else default)
            self._follow()

    def _apply(self) -> None:
        size = self._preset.currentData()
        if size is not None:
            with QSignalBlocker(self.width), QSignalBlocker(self.height):
                self.width.setValue(size[0])
                self.height.setValue(size[1])
        self.changed.emit()

    def _follow(self) -> None:
        """Show the preset of the current size."""
        with QSignalBlocker(self._preset):
            self._preset.setCurrentIndex(self._sizes.index(self.size) if self.size in self._sizes else len(self._sizes))
        self.changed.emit()


def _side(name: str, limits: Size) -> QuietSpin:
    box = QuietSpin()
    box.setAccessibleName(name)
    box.setRange(*limits)
    return box
