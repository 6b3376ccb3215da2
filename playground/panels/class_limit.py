"""Merging of the rarest classes of a target with too many classes."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from core.data.settings import TaskKey
from core.data.tables.limits import MAX_CATEGORIES
from core.data.tables.tables import ColumnPreview
from playground.style.numbers import thousands
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSpin

_USUAL = 10


class ClassLimit(QWidget):
    """Asks how many classes are left; hidden where there are few.

    Signals:
        changed: another number, or none.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox("Keep")
        self._box.setObjectName("joinClasses")
        self._box.setAccessibleName("Join the rarest classes")
        self._count = QuietSpin()
        self._count.setObjectName("maxClasses")
        self._count.setAccessibleName("Classes that are left")
        self._count.setRange(2, MAX_CATEGORIES)
        self._count.setValue(_USUAL)
        self._of = PlainLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._box, self._count, self._of):
            layout.addWidget(part)
        layout.addStretch(1)
        self._box.toggled.connect(self.changed)
        self._count.valueChanged.connect(self._counted)
        self.hide()

    @property
    def value(self) -> int | None:
        """How many classes are left; ``None`` for all."""
        return self._count.value() if self._box.isChecked() else None

    def set_value(self, value: int | None) -> None:
        """Show what was chosen before."""
        with QSignalBlocker(self._box), QSignalBlocker(self._count):
            self._box.setChecked(value is not None)
            self._count.setValue(value or _USUAL)

    def show_for(self, target: ColumnPreview, task: TaskKey) -> None:
        """Show the question if ``target`` has too many classes, or it was answered before."""
        classes = task == "classification" or (task == "auto" and target.task == "classification")
        asked = classes and (target.n_unique > MAX_CATEGORIES or self._box.isChecked())
        if not asked:
            self.set_value(None)
        self._of.setText(f"of {thousands(target.n_unique)} classes; the rarest are joined as “other”")
        self.setVisible(asked)

    def _counted(self) -> None:
        if self._box.isChecked():
            self.changed.emit()
        else:
            self._box.setChecked(True)
