"""The item model of the columns of a user's table: role, kind, values, missing values and notes of each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, Literal, TypeAlias, cast

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from core.data.settings import ColumnKindKey, ColumnSettings, DatePart
from core.data.tables.tables import ColumnPreview
from playground.style.numbers import thousands
from playground.widgets.guard import guarded_or
from playground.widgets.plain_text import plain_tip

Role: TypeAlias = Literal["input", "target", "out"]

_Index = QModelIndex | QPersistentModelIndex
_NO_DATA: Final[object] = None
"""Value of data() for unsupported roles."""


class Field(IntEnum):
    """The columns of the model."""

    NAME = 0
    ROLE = 1
    KIND = 2
    VALUES = 3
    MISSING = 4
    NOTE = 5


HEADINGS: Final = ("Column", "Role", "Kind", "Values", "Missing", "Note")
_TIPS: Final = (
    "Check a column to use it as input.",
    "Input, target or left out.",
    "Type of the cells: numbers, categories (one input each) or dates (days since 1970-01-01, or parts of the date).",
    "Minimum and maximum with the unit, or the categories.",
    "Number of missing values; choose or type other markers of missing values, such as −999.",
    "",
)
CHOOSABLE: Final = (Field.ROLE, Field.KIND, Field.MISSING)

_ROLES: Final[dict[Role, str]] = {"input": "input", "target": "target", "out": "left out"}
_KINDS: Final[dict[str, str]] = {
    "number": "number",
    "text": "categories",
    "date": "date",
    "constant": "constant",
    "empty": "empty",
}
_PARTS: Final[tuple[tuple[DatePart, ...], ...]] = (("month",), ("weekday",), ("hour",), ("year", "month", "day"))
_DATE_KINDS: Final[dict[str, str]] = {
    "date": "date",
    "date_day_first": "date, day first",
    "date_month_first": "date, month first",
}


class ColumnModel(QAbstractTableModel):
    """The columns and the user's choices for each.

    Signals:
        roles_changed: the inputs changed.
        target_requested: a column was chosen as the target.
        reading_requested: the table must be read again with other column settings.
    """

    roles_changed = Signal()
    target_requested = Signal(str)
    reading_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[ColumnPreview, ...] = ()
        self._inputs: set[str] = set()
        self._target = ""
        self._choices: dict[str, ColumnSettings] = {}

    # -- state ----------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, in the order of the file."""
        return tuple(column.name for column in self._columns if column.name in self._inputs)

    @property
    def choices(self) -> tuple[ColumnSettings, ...]:
        """The user's column settings, in the order of the file."""
        return tuple(self._choices[column.name] for column in self._columns if column.name in self._choices)

    def set_columns(self, columns: tuple[ColumnPreview, ...], choices: Iterable[ColumnSettings]) -> None:
        """List ``columns`` with the user's ``choices``."""
        self.beginResetModel()
        self._columns = columns
        self._choices = {choice.name: choice for choice in choices}
        self.endResetModel()

    def check(self, names: Iterable[str], target: str) -> None:
        """Make ``names`` the inputs and ``target`` the target."""
        self._inputs, self._target = set(names) - {target}, target
        self._redraw()

    def text_inputs(self) -> int:
        """Return the number of inputs that encode the selected text columns."""
        return sum(column.n_inputs for column in self._columns if column.is_text and column.name in self._inputs)

    def role(self, row: int) -> Role:
        """Return the role of the column in ``row``."""
        name = self._columns[row].name
        return "target" if name == self._target else "input" if name in self._inputs else "out"

    def name(self, row: int) -> str:
        """Return the name of the column in ``row``."""
        return self._columns[row].name

    def row_of(self, name: str) -> int:
        """Return the row of the column called ``name``."""
        return next(row for row, column in enumerate(self._columns) if column.name == name)

    # -- choices -----------------------------------------------------------------------------------------------------

    def options(self, row: int, field: int) -> list[tuple[str, str]]:
        """Return the options of a cell: (text, key)."""
        column = self._columns[row]
        if field == Field.ROLE:
            return [(text, key) for key, text in _ROLES.items()]
        if field == Field.KIND:
            part_options = [(f"date: {', '.join(parts)}", _kind_key("date", parts)) for parts in _PARTS]
            orders = list(_DATE_KINDS.items()) if column.ambiguous_date else [("date", "date")]
            dates = [(text, key) for key, text in orders] + (part_options if column.is_date else [])
            return [("automatic", "auto"), ("number", "number"), ("categories", "categories"), *dates]
        suspect = [column.suspect[0]] if column.suspect is not None else []
        return [("default", ""), *((text, text) for text in (*suspect, *self._markers(row)))]

    def chosen(self, row: int, field: int) -> str:
        """Return the key of the selected option of a cell."""
        if field == Field.ROLE:
            return self.role(row)
        choice = self._choice(row)
        return _kind_key(choice.kind, choice.parts) if field == Field.KIND else " ".join(choice.missing)

    def choose(self, row: int, field: int, key: str) -> bool:
        """Select ``key`` in a cell; return whether that changed anything."""
        name = self._columns[row].name
        if key == self.chosen(row, field):
            return False
        if field == Field.ROLE:
            if key == "target":
                self.target_requested.emit(name)
            elif self._target != name:
                self._set_input(row, on=key == "input")
            return True
        choice = self._choice(row)
        if field == Field.KIND:
            kind, _, parts = key.partition(":")
            parts_of = cast("tuple[DatePart, ...]", tuple(parts.split(",")) if parts else ())
            choice = replace(choice, kind=cast("ColumnKindKey", kind), parts=parts_of)
        else:
            choice = replace(choice, missing=tuple(key.split()))
        self._choices[name] = choice
        if choice == ColumnSettings(name=name):
            del self._choices[name]
        self.reading_requested.emit()
        return True

    def _choice(self, row: int) -> ColumnSettings:
        name = self._columns[row].name
        return self._choices.get(name) or ColumnSettings(name=name)

    def _markers(self, row: int) -> tuple[str, ...]:
        return self._choice(row).missing

    def _set_input(self, row: int, *, on: bool) -> None:
        name = self._columns[row].name
        (self._inputs.add if on else self._inputs.discard)(name)
        self._redraw()
        self.roles_changed.emit()

    def _redraw(self) -> None:
        if self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._columns) - 1, len(HEADINGS) - 1))

    # -- Qt model interface ----------------------------------------------------------------------------------------------

    @override
    @guarded_or(0)
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of the table's columns."""
        return 0 if parent.isValid() else len(self._columns)

    @override
    @guarded_or(0)
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of properties shown per column."""
        return 0 if parent.isValid() else len(HEADINGS)

    @override
    @guarded_or(_NO_DATA)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a heading or its tooltip."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return _TIPS[section] if role == Qt.ItemDataRole.ToolTipRole else None

    @override
    @guarded_or(Qt.ItemFlag.NoItemFlags)
    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return the flags of a cell: names can be checked; role, kind and missing values can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == Field.NAME and self._columns[index.row()].name != self._target:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in CHOOSABLE else flags

    @override
    @guarded_or(_NO_DATA)
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, tooltip or check state."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(index.row(), index.column()))
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Field.NAME:
            if self.role(index.row()) == "target":
                return None
            return Qt.CheckState.Checked if self.role(index.row()) == "input" else Qt.CheckState.Unchecked
        return None

    @override
    @guarded_or(False)
    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Check a column, or select an option in a cell."""
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Field.NAME:
            self._set_input(index.row(), on=Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        return role == Qt.ItemDataRole.EditRole and self.choose(index.row(), index.column(), str(value))

    def _text(self, row: int, field: int) -> str:
        column = self._columns[row]
        match field:
            case Field.NAME:
                return column.name
            case Field.ROLE:
                return _ROLES[self.role(row)]
            case Field.KIND:
                parts = self._choice(row).parts
                return f"date: {', '.join(parts)}" if parts and column.is_date else _KINDS[column.kind]
            case Field.VALUES:
                return column.summary
            case Field.MISSING:
                markers = f" ({' '.join(column.marks[:4])})" if column.marks else ""
                return f"{thousands(column.missing)}{markers}" if column.missing else "–"
            case _:
                return column.note


def _kind_key(kind: str, parts: tuple[str, ...]) -> str:
    return f"{kind}:{','.join(parts)}" if parts else kind
