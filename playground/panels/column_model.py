"""The columns of a user's table as a model: role, kind, range or categories, missing values, each with its choices."""

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
"""What a model says to a role that it does not have."""


class Place(IntEnum):
    """What stands in which column of the model."""

    NAME = 0
    ROLE = 1
    KIND = 2
    VALUES = 3
    MISSING = 4
    NOTE = 5


HEADINGS: Final = ("Column", "Role", "Kind", "Values", "Missing", "Note")
_TIPS: Final = (
    "Check a column to use it as input.",
    "Input, target, or left out.",
    "What the cells are: numbers, categories (one input each), or dates (days since 1970-01-01, or parts of the date).",
    "Lowest and highest value with the unit, or the categories.",
    "Rows without a value; choose or type what else stands for a missing value, such as −999.",
    "",
)
CHOOSABLE: Final = (Place.ROLE, Place.KIND, Place.MISSING)

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
    """The columns, and what was chosen of each.

    Signals:
        roles_changed: other inputs.
        target_asked: a column shall be the target.
        reading_asked: cells of a column are to be read in another way.
    """

    roles_changed = Signal()
    target_asked = Signal(str)
    reading_asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[ColumnPreview, ...] = ()
        self._inputs: set[str] = set()
        self._target = ""
        self._choices: dict[str, ColumnSettings] = {}

    # -- what is chosen ----------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, in the order of the file."""
        return tuple(column.name for column in self._columns if column.name in self._inputs)

    @property
    def choices(self) -> tuple[ColumnSettings, ...]:
        """What the user decided on columns, in the order of the file."""
        return tuple(self._choices[column.name] for column in self._columns if column.name in self._choices)

    def set_columns(self, columns: tuple[ColumnPreview, ...], choices: Iterable[ColumnSettings]) -> None:
        """List ``columns``, of which ``choices`` were made."""
        self.beginResetModel()
        self._columns = columns
        self._choices = {choice.name: choice for choice in choices}
        self.endResetModel()

    def check(self, names: Iterable[str], target: str) -> None:
        """Make ``names`` the inputs and ``target`` the target."""
        self._inputs, self._target = set(names) - {target}, target
        self._redraw()

    def text_inputs(self) -> int:
        """Return how many inputs the chosen text columns become."""
        return sum(column.n_inputs for column in self._columns if column.is_text and column.name in self._inputs)

    def role(self, row: int) -> Role:
        """Return the role of the column in ``row``."""
        name = self._columns[row].name
        return "target" if name == self._target else "input" if name in self._inputs else "out"

    def name(self, row: int) -> str:
        """Return the name of the column in ``row``."""
        return self._columns[row].name

    def row_of(self, name: str) -> int:
        """Return the row of the column ``name``."""
        return next(row for row, column in enumerate(self._columns) if column.name == name)

    # -- choices -----------------------------------------------------------------------------------------------------

    def options(self, row: int, place: int) -> list[tuple[str, str]]:
        """Return what can be chosen in a cell: (text, key)."""
        column = self._columns[row]
        if place == Place.ROLE:
            return [(text, key) for key, text in _ROLES.items()]
        if place == Place.KIND:
            dated = [(f"date: {', '.join(parts)}", _kind_key("date", parts)) for parts in _PARTS]
            orders = list(_DATE_KINDS.items()) if column.ambiguous_date else [("date", "date")]
            dates = [(text, key) for key, text in orders] + (dated if column.is_date else [])
            return [("automatic", "auto"), ("number", "number"), ("categories", "categories"), *dates]
        suspect = [column.suspect[0]] if column.suspect is not None else []
        return [("as usual", ""), *((text, text) for text in (*suspect, *self._marks(row)))]

    def chosen(self, row: int, place: int) -> str:
        """Return the key of what is chosen in a cell."""
        if place == Place.ROLE:
            return self.role(row)
        choice = self._choice(row)
        return _kind_key(choice.kind, choice.parts) if place == Place.KIND else " ".join(choice.missing)

    def choose(self, row: int, place: int, key: str) -> bool:
        """Choose ``key`` in a cell; return whether that changed anything."""
        name = self._columns[row].name
        if key == self.chosen(row, place):
            return False
        if place == Place.ROLE:
            if key == "target":
                self.target_asked.emit(name)
            elif self._target != name:
                self._set_input(row, on=key == "input")
            return True
        choice = self._choice(row)
        if place == Place.KIND:
            kind, _, parts = key.partition(":")
            parts_of = cast("tuple[DatePart, ...]", tuple(parts.split(",")) if parts else ())
            choice = replace(choice, kind=cast("ColumnKindKey", kind), parts=parts_of)
        else:
            choice = replace(choice, missing=tuple(key.split()))
        self._choices[name] = choice
        if choice == ColumnSettings(name=name):
            del self._choices[name]
        self.reading_asked.emit()
        return True

    def _choice(self, row: int) -> ColumnSettings:
        name = self._columns[row].name
        return self._choices.get(name) or ColumnSettings(name=name)

    def _marks(self, row: int) -> tuple[str, ...]:
        return self._choice(row).missing

    def _set_input(self, row: int, *, on: bool) -> None:
        name = self._columns[row].name
        (self._inputs.add if on else self._inputs.discard)(name)
        self._redraw()
        self.roles_changed.emit()

    def _redraw(self) -> None:
        if self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._columns) - 1, len(HEADINGS) - 1))

    # -- Qt's questions ----------------------------------------------------------------------------------------------

    @override
    @guarded_or(0)
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns of the table."""
        return 0 if parent.isValid() else len(self._columns)

    @override
    @guarded_or(0)
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how much is told of each."""
        return 0 if parent.isValid() else len(HEADINGS)

    @override
    @guarded_or(_NO_DATA)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a heading or its explanation."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return _TIPS[section] if role == Qt.ItemDataRole.ToolTipRole else None

    @override
    @guarded_or(Qt.ItemFlag.NoItemFlags)
    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what a cell can do: be checked, be chosen in."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == Place.NAME and self._columns[index.row()].name != self._target:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in CHOOSABLE else flags

    @override
    @guarded_or(_NO_DATA)
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, tick, tooltip or alignment."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(index.row(), index.column()))
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Place.NAME:
            if self.role(index.row()) == "target":
                return None
            return Qt.CheckState.Checked if self.role(index.row()) == "input" else Qt.CheckState.Unchecked
        return None

    @override
    @guarded_or(False)
    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick a column, or choose in a cell."""
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Place.NAME:
            self._set_input(index.row(), on=Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        return role == Qt.ItemDataRole.EditRole and self.choose(index.row(), index.column(), str(value))

    def _text(self, row: int, place: int) -> str:
        column = self._columns[row]
        match place:
            case Place.NAME:
                return column.name
            case Place.ROLE:
                return _ROLES[self.role(row)]
            case Place.KIND:
                parts = self._choice(row).parts
                return f"date: {', '.join(parts)}" if parts and column.is_date else _KINDS[column.kind]
            case Place.VALUES:
                return column.summary
            case Place.MISSING:
                marks = f" ({' '.join(column.marks[:4])})" if column.marks else ""
                return f"{thousands(column.missing)}{marks}" if column.missing else "–"
            case _:
                return column.note


def _kind_key(kind: str, parts: tuple[str, ...]) -> str:
    return f"{kind}:{','.join(parts)}" if parts else kind
