"""A combo box of registry entries; each tooltip shows the formula and the explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHelpEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from core.registry import Entry
from playground.panels.controls.formula_tip import formula_tip
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.quiet import QuietCombo

KEY_ROLE = Qt.ItemDataRole.UserRole

MIXED: Final = "mixed"
"""Shown if the layers differ."""


class _Choices(QStandardItemModel):
    """The model of the entries; tooltips are created on demand."""

    def __init__(self, entries: Mapping[str, Entry], style: Style, note: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries, self.style, self.note = entries, style, note

    @override
    @guarded_or(None)
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            entry = self.entries.get(str(super().data(index, KEY_ROLE)))
            if entry is not None:
                return self.tip(entry)
        return super().data(index, role)

    def tip(self, entry: Entry) -> str:
        """Return the tooltip of ``entry``."""
        return formula_tip(entry, self.style, self.note)


class ChoiceCombo(QuietCombo):
    """Chooses one key of a registry.

    Signals:
        chosen: the key that the user chose.
    """

    chosen = Signal(str)

    def __init__(
        self,
        entries: Mapping[str, Entry],
        style: Style,
        name: str,
        title: str,
        parent: QWidget | None = None,
        *,
        note: str = "",
    ) -> None:
        """Offer ``entries``; ``note`` is appended to each tooltip."""
        super().__init__(parent)
        self._entries = entries
        self._choices = _Choices(entries, style, note, self)
        self.setModel(self._choices)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setPlaceholderText(MIXED)
        self.fill((entry.key, entry.label, entry.explanation) for entry in entries.values())
        self.currentIndexChanged.connect(self._changed)

    @property
    def key(self) -> str | None:
        """The selected key, or ``None`` if the layers differ."""
        data = self.currentData(KEY_ROLE)
        return None if data is None else str(data)

    def fill(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """Offer ``entries`` (key, label, explanation) and keep the selection if it is still available."""
        before = self.key
        with QSignalBlocker(self):
            self._choices.clear()
            for key, label, explanation in entries:
                item = QStandardItem(label)
                item.setData(key, KEY_ROLE)
                item.setData(explanation, Qt.ItemDataRole.AccessibleDescriptionRole)
                item.setToolTip(explanation)
                self._choices.appendRow(item)
            self.setCurrentIndex(self.findData(before, KEY_ROLE) if before is not None else -1)

    def keys(self) -> tuple[str, ...]:
        """Return the available keys."""
        return tuple(str(self.itemData(index, KEY_ROLE)) for index in range(self.count()))

    def set_key(self, key: str | None) -> None:
        """Select ``key`` without emitting a signal; ``None`` shows "mixed"."""
        with QSignalBlocker(self):
            self.setCurrentIndex(-1 if key is None else self.findData(key, KEY_ROLE))
        entry = self._entries.get(key or "")
        self.setAccessibleDescription(entry.explanation if entry else "")

    def set_style(self, style: Style) -> None:
        """Draw formulas in the colours of ``style``."""
        self._choices.style = style

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Show the explanation and formula of the selected entry as the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            entry = self._entries.get(self.key or "")
            tip = self._choices.tip(entry) if entry else self.toolTip()
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _changed(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(str(self.itemData(index, KEY_ROLE)))
