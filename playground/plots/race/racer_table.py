"""The table of racers: their settings, which the user can edit, and their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from core.analysis.race import Racer
from core.formulas.optimizers import OPTIMIZERS
from playground.plots.race.marks import racer_dot
from playground.plots.race.number_cell import NumberDelegate
from playground.plotting.drawing.pencil import label_font
from playground.style.numbers import MINUS
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import plain_tip
from playground.widgets.quiet import QuietCombo

ROW_HEIGHT: Final = 20
REMOVE: Final = "×"

_AROUND: Final = 7.5
"""Space beside text and padding of a cell in pixels; it is Qt's, which does not scale."""

_SPARE: Final = 24.0
"""Maximum extra width of the first column, in pixels at scale 1."""

_DEFAULT_MOMENTUM: Final = 0.9


class Column(Struct, frozen=True):
    """One column.

    Attributes:
        title: heading.
        tip: what it shows.
        width: minimum width in pixels at scale 1.
        sample: a long text that must fit.
        rank: in a narrow table, columns of a higher rank are hidden first; those of rank 0 never are.
        text: formats the setting of a racer; ``None`` if the column shows no setting.
        parse: returns the racer with the typed setting; raises ValueError with a sentence.
    """

    title: str
    tip: str
    width: int
    sample: str = ""
    rank: int = 0
    text: Callable[[Racer], str] | None = None
    parse: Callable[[Racer, str], Racer] | None = None


def _number(text: str) -> float:
    cleaned = text.strip().replace(MINUS, "-").replace(",", ".")
    try:
        return float(cleaned)
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not a number") from None


def _with_batch(racer: Racer, text: str) -> Racer:
    if text.strip().lower() in ("all", "", "0"):
        return replace(racer, label="", batch_size=0)
    number = _number(text)
    if number != int(number):
        raise ValueError(f"The batch size is a whole number or “all”, not {text.strip()}")
    return replace(racer, label="", batch_size=int(number))


def _with_momentum(racer: Racer, text: str) -> Racer:
    momentum, rule = _number(text), OPTIMIZERS[racer.optimizer]
    optimizer = racer.optimizer
    if momentum and not rule.uses_momentum:
        optimizer = rule.with_momentum or ""
        if not optimizer:
            raise ValueError(f"{rule.label} does not use momentum")
    return replace(racer, label="", momentum=momentum, optimizer=optimizer)


def with_optimizer(racer: Racer, key: str) -> Racer:
    """Return ``racer`` with optimizer ``key`` and a valid momentum for it."""
    momentum = (racer.momentum or _DEFAULT_MOMENTUM) if OPTIMIZERS[key].uses_momentum else 0.0
    return replace(racer, label="", optimizer=key, momentum=momentum)


COLUMNS: Final = (
    Column("", "Number and colour of the path", 20),
    Column("optimizer", "Update rule; click to change", 64, text=lambda racer: OPTIMIZERS[racer.optimizer].label),
    Column(
        "α",
        "Learning rate; click to change",
        30,
        "0.03",
        text=lambda racer: f"{racer.learning_rate:.4g}".replace("e-0", "e-").replace("-", MINUS),
        parse=lambda racer, text: replace(racer, label="", learning_rate=_number(text)),
    ),
    Column(
        "batch",
        "Samples per update, or “all”; on a surface, noise of size ‖∇f(start)‖/√batch is added to the gradient instead",
        30,
        "100",
        rank=1,
        text=lambda racer: str(racer.batch_size) if racer.batch_size else "all",
        parse=_with_batch,
    ),
    Column(
        "μ",
        "Momentum; click to change",
        20,
        "0.9",
        rank=2,
        text=lambda racer: f"{racer.momentum:.3g}" if OPTIMIZERS[racer.optimizer].uses_momentum else "–",
        parse=_with_momentum,
    ),
    Column("arrived", "The first step at the target; before that, the current loss or f", 44, "at 0.0069"),
    Column("path ÷", "Length of the path divided by the distance between its ends: 1 for a straight line", 36, rank=4),
    Column("", "Remove this racer", 18, rank=3),
)

OPTIMIZER, RATE, BATCH, MOMENTUM, ARRIVED, DETOUR, REMOVAL = range(1, 8)


class RacerTable(QTableWidget):
    """Shows the racers and lets the user edit them.

    Signals:
        edited: the changed tuple of racers.
        refused: why a typed value was rejected, as a sentence.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, style: Style, check: Callable[[Racer], str], parent: QWidget | None = None) -> None:
        """Create an empty table; ``check`` returns why a racer is invalid, or an empty string."""
        super().__init__(0, len(COLUMNS), parent)
        self._style, self._check = style, check
        self._racers: tuple[Racer, ...] = ()
        self._filling = False
        self.setObjectName("racerTable")
        self.setAccessibleName("Racers: optimizer, learning rate, batch size, momentum, arrival")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.DoubleClicked)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(10)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(ARRIVED, QHeaderView.ResizeMode.Stretch)
        for index, column in enumerate(COLUMNS):
            item = QTableWidgetItem(column.title)
            item.setToolTip(column.tip)
            self.setHorizontalHeaderItem(index, item)
        self._rules = _RuleDelegate(self)
        self._numbers = NumberDelegate(self)
        self.setItemDelegate(self._numbers)
        self.setItemDelegateForColumn(OPTIMIZER, self._rules)
        self.setItemDelegateForColumn(0, _DotDelegate(self, lambda: self._style))
        self.itemChanged.connect(self._changed)
        self.cellClicked.connect(self._clicked)
        self.set_style(style)

    @property
    def racers(self) -> tuple[Racer, ...]:
        """The racers shown."""
        return self._racers

    def show_racers(self, racers: Sequence[Racer]) -> None:
        """Show the settings of ``racers``; results are empty until :meth:`show_results`."""
        if tuple(racers) == self._racers and self.rowCount() == len(racers):
            return
        self._racers = tuple(racers)
        self._filling = True
        self.setRowCount(len(racers))
        for row, racer in enumerate(racers):
            for index, column in enumerate(COLUMNS):
                item = self.item(row, index) or self._new_item(row, index)
                # Keep the items, because the user may be editing one of them.
                item.setText(column.text(racer) if column.text else REMOVE if index == REMOVAL else "")
                rule = OPTIMIZERS[racer.optimizer]
                item.setToolTip(plain_tip(f"{racer.name}: {rule.explanation}") if index == OPTIMIZER else column.tip)
        self._filling = False
        self._fit()

    def _new_item(self, row: int, index: int) -> QTableWidgetItem:
        item = QTableWidgetItem()
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if COLUMNS[index].text else flags)
        if index != OPTIMIZER:
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setItem(row, index, item)
        return item

    def show_results(self, results: Sequence[tuple[str, str]]) -> None:
        """Show when each racer arrived, and path ÷ distance."""
        self._filling = True
        for row, texts in enumerate(results):
            for column, text in zip((ARRIVED, DETOUR), texts, strict=True):
                item = self.item(row, column)
                if item is not None and item.text() != text:
                    item.setText(text)
        self._filling = False

    def set_style(self, style: Style) -> None:
        """Use font and sizes of ``style``."""
        self._style = style
        font = label_font(style)
        self.setFont(font)
        self.horizontalHeader().setFont(font)
        padding = f"padding: 1px {round(style.px(1))}px;"
        self.setStyleSheet(
            f"QTableView {{ border: none; font-size: {font.pixelSize()}px; }} QTableView::item {{ {padding} }} "
            f"QHeaderView::section {{ {padding} font-size: {font.pixelSize()}px; }}"
        )
        self.verticalHeader().setDefaultSectionSize(round(style.px(ROW_HEIGHT)))
        self._fit()

    def _fit_columns(self) -> None:
        """Give each column the room that its texts need, and hide the least important ones that do not fit."""
        metrics, style = QFontMetricsF(self.font()), self._style
        around = _AROUND + 2 * round(style.px(1))
        needs: list[int] = []
        for index, column in enumerate(COLUMNS):
            cells = [] if index == ARRIVED else [self.item(row, index) for row in range(self.rowCount())]
            texts = [column.title, column.sample, *(item.text() for item in cells if item is not None)]
            widest = max(map(metrics.horizontalAdvance, texts)) + around
            needs.append(round(max(style.px(column.width), widest)))
        shown = list(range(len(COLUMNS)))
        while sum(needs[index] for index in shown) > self.viewport().width():
            least = max(shown, key=lambda index: COLUMNS[index].rank)
            if not COLUMNS[least].rank:
                break
            shown.remove(least)
        # What is left over goes to the optimizer and, by its resize mode, to the arrival.
        spare = max(self.viewport().width() - sum(needs[index] for index in shown), 0)
        needs[OPTIMIZER] += min(spare // 2, round(style.px(_SPARE)))
        for index, need in enumerate(needs):
            self.setColumnHidden(index, index not in shown)
            if index != ARRIVED:
                self.setColumnWidth(index, need)

    def _fit(self) -> None:
        """Set the height to that of the rows."""
        self._fit_columns()
        rows = self.rowCount() * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + 2)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the columns that fit."""
        super().resizeEvent(event)
        self._fit_columns()

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Allow a narrow card."""
        return QSize(80, self.height())

    # -- editing ---------------------------------------------------------------------------------------------

    def _clicked(self, row: int, column: int) -> None:
        if column == REMOVAL:
            self._remove(row)
        elif COLUMNS[column].text:
            self.edit(self.model().index(row, column))

    def _remove(self, row: int) -> None:
        if len(self._racers) < 2:
            self.refused.emit("A race needs at least one racer.")
        elif 0 <= row < len(self._racers):
            self.edited.emit(self._racers[:row] + self._racers[row + 1 :])

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove the current racer with Delete; edit with Return."""
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the editor forwards the Return that closes it
        elif event.key() == Qt.Key.Key_Delete:
            self._remove(self.currentRow())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if COLUMNS[self.currentColumn()].text:
                self.edit(self.currentIndex())
            elif self.currentColumn() == REMOVAL:
                self._remove(self.currentRow())
        else:
            super().keyPressEvent(event)

    def _changed(self, item: QTableWidgetItem) -> None:
        """Apply a typed value, or report why it is invalid and restore the old one."""
        if self._filling:
            return
        row, column = item.row(), COLUMNS[item.column()]
        racer = self._racers[row]
        try:
            if item.column() == OPTIMIZER:
                changed = with_optimizer(racer, self._rules.key_of(item.text()))
            elif column.parse is not None:
                changed = column.parse(racer, item.text())
            else:
                return
            problem = self._check(changed)
        except ValueError as error:
            changed, problem = racer, str(error)
        if problem or changed == racer:
            self._filling = True
            item.setText(column.text(racer) if column.text else "")
            self._filling = False
            if problem:
                self.refused.emit(problem)
            return
        self.edited.emit((*self._racers[:row], changed, *self._racers[row + 1 :]))


class _RuleDelegate(QStyledItemDelegate):
    """Edits the optimizer with a drop-down list."""

    @staticmethod
    def key_of(label: str) -> str:
        """Return the key of the optimizer labelled ``label``."""
        return next(rule.key for rule in OPTIMIZERS.values() if rule.label == label)

    @override
    @guarded_or(cast("QWidget | None", None))
    def createEditor(  # type: ignore[override]
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget | None:
        """Return a drop-down list that opens immediately and commits a choice immediately."""
        combo = QuietCombo(parent)
        combo.setAccessibleName("Optimizer")
        combo.addItems([rule.label for rule in OPTIMIZERS.values()])

        def commit(_index: int) -> None:
            self.commitData.emit(combo)
            self.closeEditor.emit(combo)

        combo.activated.connect(commit)
        return combo

    @override
    @guarded
    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Select the current optimizer and open the list."""
        assert isinstance(editor, QuietCombo)  # noqa: S101 - made above
        editor.setCurrentText(str(index.data()))
        editor.showPopup()

    @override
    @guarded
    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Store the chosen optimizer."""
        assert isinstance(editor, QuietCombo)  # noqa: S101 - made above
        model.setData(index, editor.currentText())


class _DotDelegate(QStyledItemDelegate):
    """Draws the numbered dot of the racer."""

    def __init__(self, parent: QWidget, style: Callable[[], Style]) -> None:
        super().__init__(parent)
        self._style = style

    @override
    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the dot in the middle of the cell."""
        rect: Any = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        racer_dot(painter, QPointF(rect.center()) + QPointF(0.5, 0.5), index.row(), self._style())
        painter.restore()
