"""A sortable table of all gradients, by backpropagation and by central difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from core.analysis.gradient_check import GradientCheck
from playground.gradient_check.check_run import Checked
from playground.plotting.drawing.pencil import text_width
from playground.style.numbers import short
from playground.style.theme import TEXT_CONTROL, Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.selection_table import SelectionTable

if TYPE_CHECKING:
    from core.arrays import Integers

_NO_DATA: Final[object] = None
"""Value returned for unsupported roles."""

COLUMNS: Final = ("Layer", "From", "To", "Backprop", "Difference", "Relative error")
TEXTS: Final = 3
ERROR: Final = 5
MAX_COLUMN_WIDTH: Final = 130
KINK: Final = "kink"
_TIPS: Final = (
    *("", "", ""),
    "∂L/∂θ by backpropagation",
    "(L(θ + h) − L(θ − h)) / 2h, with h = 10⁻⁶ · max(1, |θ|)",
    "Difference of the two relative to the larger one; rounding of the central difference counts for at most 10⁻⁷.",
)
_KINK_TIP: Final = "The activation has a kink between the two points, so the difference equals neither derivative."

_Index = QModelIndex | QPersistentModelIndex


class ErrorModel(QAbstractTableModel):
    """Qt model of a check's parameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: GradientCheck | None = None
        self._texts: list[tuple[str, str, str]] = []
        self._order: Integers = np.zeros(0, dtype=np.int64)

    def show_check(self, checked: Checked | None) -> None:
        """Show the rows of ``checked``, or none."""
        self.beginResetModel()
        self._check = checked.check if checked is not None else None
        self._texts = checked.ends if checked is not None else []
        self._order = np.arange(len(self._texts))
        self.endResetModel()

    def parameter(self, row: int) -> int | None:
        """Return the flat index of the parameter in ``row``."""
        return int(self._check.indices[self._order[row]]) if self._check is not None else None

    def row_of(self, parameter: int) -> int | None:
        """Return the row of the parameter at flat index ``parameter``."""
        if self._check is None:
            return None
        found = np.flatnonzero(self._check.indices[self._order] == parameter)
        return int(found[0]) if len(found) else None

    def texts(self, column: int) -> set[str]:
        """Return the texts in ``column``, one of the first three."""
        return {text[column] for text in self._texts}

    @override
    @guarded_or(0)
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of parameters."""
        return 0 if parent.isValid() else len(self._order)

    @override
    @guarded_or(0)
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    @guarded_or(_NO_DATA)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return _TIPS[section]
        return None

    @override
    @guarded_or(_NO_DATA)
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, alignment or tooltip."""
        if self._check is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        number = int(self._order[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole and self._check.kinked[number] and index.column() == ERROR:
            return _KINK_TIP
        return self._text(number, index.column()) if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, number: int, column: int) -> str:
        check = self._check
        if check is None:
            return ""
        if column < TEXTS:
            return self._texts[number][column]
        if column == ERROR:
            return KINK if check.kinked[number] else short(float(check.relative[number]), 3)
        values = check.analytic if column == TEXTS else check.numeric
        return short(float(values[number]), 7)

    @override
    @guarded
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by ``column``; when sorting by error, parameters at a kink come last."""
        check = self._check
        if check is None:
            return
        self.beginResetModel()
        descending = order == Qt.SortOrder.DescendingOrder
        if column < TEXTS:
            # Layers are sorted in network order, which is that of the flat vector.
            names = [text[column] for text in self._texts]
            keys = sorted(range(len(names)), key=lambda i: _natural(names[i]) if column else (0, 0, ""))
            self._order = np.array(keys[::-1] if descending else keys, dtype=np.int64)
        else:
            values = (check.analytic, check.numeric, check.relative)[column - TEXTS]
            ranked = np.argsort(-values if descending else values, kind="stable")
            self._order = ranked
            if column == ERROR:
                self._order = np.concatenate([ranked[~check.kinked[ranked]], ranked[check.kinked[ranked]]])
        self.endResetModel()


def _natural(text: str) -> tuple[int, int, str]:
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= TEXTS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class ErrorTable(SelectionTable):
    """Shows an :class:`ErrorModel`.

    Signals:
        parameter_chosen: flat index of the parameter selected by the user.
    """

    parameter_chosen = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._parameter: int | None = None
        self.setObjectName("errorTable")
        self.setAccessibleName("All gradients: backpropagation and central difference")
        self._model = ErrorModel(self)
        self.setModel(self._model)
        self.setSortingEnabled(True)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(24)
        for column in range(TEXTS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.sortByColumn(ERROR, Qt.SortOrder.DescendingOrder)
        # Sorting resets the selection, so restore it.
        self._model.modelReset.connect(lambda: self.show_parameter(self._parameter))
        self.row_chosen.connect(self._choose)

    def show_check(self, checked: Checked | None) -> None:
        """Show the rows of ``checked``, worst first, or none."""
        self._model.show_check(checked)
        self._model.sort(self.horizontalHeader().sortIndicatorSection(), self.horizontalHeader().sortIndicatorOrder())
        self.set_style(self._style)

    def set_style(self, style: Style) -> None:
        """Set widths and heights from ``style``."""
        self._style = style
        self.verticalHeader().setDefaultSectionSize(round(style.px(24)))
        for column in range(TEXTS):
            longest = max((COLUMNS[column], *self._model.texts(column)), key=len)
            width = text_width(style, longest, size=TEXT_CONTROL) + style.px(22)
            self.setColumnWidth(column, round(min(width, style.px(MAX_COLUMN_WIDTH))))

    def show_parameter(self, parameter: int | None) -> None:
        """Select the row of ``parameter``, or none."""
        self._parameter = parameter
        row = self._model.row_of(parameter) if parameter is not None else None
        self.follow_row(row, scroll=row not in {index.row() for index in self.selectionModel().selectedRows()})

    def _choose(self, row: int) -> None:
        parameter = self._model.parameter(row)
        if parameter is not None:
            self._parameter = parameter
            self.parameter_chosen.emit(parameter)
