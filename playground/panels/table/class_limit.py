"""A control that merges the rarest classes of a target with too many classes."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from core.data.settings import TaskKey
from core.data.tables.limits import MAX_CATEGORIES
from core.data.tables.tables import ColumnPreview
from playground.style.numbers import thousands
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietSpin

_DEFAULT = 10


class ClassLimit(QWidget):
    """Chooses how many classes to keep; hidden if there are few.

    Signals:
        changed: the number of classes changed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox("Keep")
        self._box.setObjectName("joinClasses")
        self._box.setAccessibleName("Merge the rarest classes")
        self._count = QuietSpin()
        self._count.setObjectName("maxClasses")
        self._count.setAccessibleName("Classes to keep")
        self._count.setRange(2, MAX_CATEGORIES)
        self._count.setValue(_DEFAULT)
        self._of = PlainLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._box, self._count, self._of):
            layout.addWidget(part)
        layout.addStretch(1)
        self._box.toggled.connect(self.changed)
        self._count.valueChanged.connect(self._set_count)
        self.hide()

    @property
    def value(self) -> int | None:
        """Number of classes to keep, or ``None`` for all."""
        return self._count.value() if self._box.isChecked() else None

    def set_value(self, value: int | None) -> None:
        """Show a previous choice."""
        with QSignalBlocker(self._box), QSignalBlocker(self._count):
            self._box.setChecked(value is not None)
            self._count.setValue(value or _DEFAULT)

    def show_for(self, target: ColumnPreview, task: TaskKey) -> None:
        """Show the control if ``target`` has too many classes or a limit was set before."""
        classes = task == "classification" or (task == "auto" and target.task == "classification")
        visible = classes and (target.n_unique > MAX_CATEGORIES or self._box.isChecked())
        if not visible:
            self.set_value(None)
        self._of.setText(f"of {thousands(target.n_unique)} classes; merge the rarest into “other”")
        self.setVisible(visible)

    def _set_count(self) -> None:
        if self._box.isChecked():
            self.changed.emit()
        else:
            self._box.setChecked(True)
