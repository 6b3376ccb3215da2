"""A menu of the rows of a registry: each with its formula and its explanation as tooltip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHelpEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from core.registry import Entry
from playground.panels.formula_tip import formula_tip
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.quiet import QuietCombo

KEY_ROLE = Qt.ItemDataRole.UserRole


class _Choices(QStandardItemModel):
    """The rows; a tooltip is made when it is asked for."""

    def __init__(self, rows: Mapping[str, Entry], style: Style, note: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows, self.style, self.note = rows, style, note

    @override
    @guarded_or(None)
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.rows.get(str(super().data(index, KEY_ROLE)))
            if row is not None:
                return self.tip(row)
        return super().data(index, role)

    def tip(self, row: Entry) -> str:
        """Return the tooltip of ``row``."""
        return formula_tip(row, self.style, self.note)


class ChoiceCombo(QuietCombo):
    """Chooses one key of a registry.

    Signals:
        chosen: the key that the user chose.
    """

    chosen = Signal(str)

    def __init__(
        self,
        rows: Mapping[str, Entry],
        style: Style,
        name: str,
        title: str,
        parent: QWidget | None = None,
        *,
        note: str = "",
    ) -> None:
        """Offer ``rows``; ``note`` is a sentence that each of their tooltips ends with."""
        super().__init__(parent)
        self._rows = rows
        self._choices = _Choices(rows, style, note, self)
        self.setModel(self._choices)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setPlaceholderText("mixed")
        self.fill((row.key, row.label, row.explanation) for row in rows.values())
        self.currentIndexChanged.connect(self._changed)

    @property
    def key(self) -> str | None:
        """The key shown, ``None`` when the layers differ."""
        data = self.currentData(KEY_ROLE)
        return None if data is None else str(data)

    def fill(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """Offer ``entries`` (key, label, explanation) and keep the choice if it is still there."""
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
        """Return the keys offered."""
        return tuple(str(self.itemData(index, KEY_ROLE)) for index in range(self.count()))

    def set_key(self, key: str | None) -> None:
        """Show ``key`` (the model's) without emitting a signal; ``None`` shows "mixed"."""
        with QSignalBlocker(self):
            self.setCurrentIndex(-1 if key is None else self.findData(key, KEY_ROLE))
        row = self._rows.get(key or "")
        self.setAccessibleDescription(row.explanation if row else "")

    def set_style(self, style: Style) -> None:
        """Draw formulas in the colours of ``style``."""
        self._choices.style = style

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Show the present choice's explanation and formula when the mouse rests on the menu."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._rows.get(self.key or "")
            tip = self._choices.tip(row) if row else self.toolTip()
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _changed(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(str(self.itemData(index, KEY_ROLE)))
