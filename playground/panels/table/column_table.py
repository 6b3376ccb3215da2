"""The view of a user's columns, one row each, in which role, kind and missing values can be edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from core.data.settings import ColumnSettings
from core.data.tables.tables import ColumnPreview
from playground.panels.table.column_model import CHOOSABLE, HEADINGS, ColumnModel, Field
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.quiet import QuietCombo

_Index = QModelIndex | QPersistentModelIndex
_NO_EDITOR: Final[Any] = None  # for Qt, no editor at all
_ARROW: Final = 4
_ARROW_WIDTH: Final = 18
_MAX_WIDTH: Final = 260
_WIDTH_ROWS: Final = 60
"""Number of rows used to compute the column widths: a table may have thousands of columns."""


class ColumnTable(QTableView):
    """Shows the columns and lets the user edit them; :attr:`columns` holds the choices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = ColumnModel(self)
        self.setModel(self.columns)
        self.setObjectName("columnTable")
        self.setAccessibleName("Columns: role, kind, values and missing values of each")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setResizeContentsPrecision(_WIDTH_ROWS)
        self._delegate = _ChoiceDelegate(self.columns, self)
        for field in CHOOSABLE:
            self.setItemDelegateForColumn(field, self._delegate)
        self.clicked.connect(self._clicked)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, in the order of the file."""
        return self.columns.inputs

    def show_columns(self, columns: tuple[ColumnPreview, ...], choices: Iterable[ColumnSettings]) -> None:
        """List ``columns`` with the user's ``choices``."""
        at = self.verticalScrollBar().value()
        self.columns.set_columns(columns, choices)
        self.resizeColumnsToContents()
        for field in range(len(HEADINGS) - 1):
            room = _ARROW_WIDTH if field in CHOOSABLE else 8
            self.setColumnWidth(field, min(self.columnWidth(field) + room, _MAX_WIDTH))
        self.verticalScrollBar().setValue(at)

    def check(self, names: Iterable[str], target: str) -> None:
        """Make ``names`` the inputs and ``target`` the target."""
        self.columns.check(names, target)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() in CHOOSABLE:
            self.edit(index)


class _ChoiceDelegate(QStyledItemDelegate):
    """Draws a menu arrow in editable cells and opens the menu."""

    def __init__(self, columns: ColumnModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = columns
        self._editor: QWidget | None = None

    @override
    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the text and an arrow at the right."""
        super().paint(painter, option, index)
        rect: QRect = option.rect
        middle = QPointF(rect.right() - _ARROW - 5, rect.center().y() + 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colour = option.palette.placeholderText()
        painter.setBrush(colour)
        painter.drawPolygon(
            QPolygonF([middle + QPointF(-_ARROW, -2), middle + QPointF(_ARROW, -2), middle + QPointF(0, _ARROW - 1)])
        )
        painter.restore()

    @override
    @guarded_or(_NO_EDITOR)
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return a combo box with the options; markers of missing values can also be typed."""
        menu = QuietCombo(parent)
        menu.setObjectName("cellChoice")
        menu.setAccessibleName(f"{HEADINGS[index.column()]} of {self._columns.name(index.row())}")
        menu.setEditable(index.column() == Field.MISSING)
        for text, key in self._columns.options(index.row(), index.column()):
            menu.addItem(text, key)
        menu.activated.connect(lambda: self._finish(menu))
        self._editor = menu
        return menu

    @override
    @guarded
    def destroyEditor(self, editor: QWidget, index: _Index) -> None:
        """Release the menu, which may still emit signals until it is deleted."""
        if editor is self._editor:
            self._editor = None
        super().destroyEditor(editor, index)

    @override
    @guarded
    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Select the current option."""
        if isinstance(editor, QComboBox):
            chosen = self._columns.chosen(index.row(), index.column())
            editor.setCurrentIndex(max(editor.findData(chosen), 0))
            if editor.isEditable():
                editor.setEditText(chosen)
            else:
                editor.showPopup()

    @override
    @guarded
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Store the option that was chosen or typed."""
        if isinstance(editor, QComboBox):
            index_in_menu = editor.findText(editor.currentText())
            key = editor.itemData(index_in_menu) if index_in_menu >= 0 else editor.currentText()
            model.setData(index, key)

    @override
    @guarded
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Place the menu over the cell, at least as wide as it needs."""
        rect: QRect = option.rect
        rect.setWidth(max(rect.width(), editor.sizeHint().width()))
        editor.setGeometry(rect)

    def _finish(self, menu: QComboBox) -> None:
        if menu is self._editor:
            self.commitData.emit(menu)
            self.closeEditor.emit(menu)
