"""The toolbar for drawing points, above the output card's plot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from core.data.drawn_csv import from_csv, to_csv
from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.files import open_regular
from playground.plots.output.drawing.brush import RADII, SIZE_NAMES
from playground.session import drawing
from playground.style.resources import icon
from playground.style.theme import TEXT_LABEL
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.live_card import IS_MODE
from playground.widgets.plain_text import plain_tip
from playground.widgets.quiet import QuietSlider

if TYPE_CHECKING:
    from playground.plots.output.drawing.tool import DrawTool
    from playground.session import Session
    from playground.style.theme import Style

POINT_FILTER: Final = "Points (*.csv);;All files (*)"
MAX_CSV: Final = 2_000_000

_CHIP: Final = 19
_TOOL: Final = 14


class DrawStrip(QWidget):
    """Buttons for classes or values, brush size, eraser, clearing, undo, redo, and CSV files."""

    def __init__(self, tool: DrawTool, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawStrip")
        self.setAccessibleName("Drawing tools")
        self._tool, self._session, self._style = tool, session, style
        self._labels: tuple[float, ...] = ()
        self._colours: tuple[QColor, ...] = ()
        self._known = 0
        self._chips: list[QToolButton] = []
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self._chip_row, row = QHBoxLayout(), QHBoxLayout()
        for each in (self._chip_row, row):
            each.setSpacing(2)
            self._rows.addLayout(each)
        self._chip_row.addStretch(1)
        self._tool_row = row
        self._rows.setStretchFactor(row, 1)
        self._brush = QuietSlider()
        self._brush.setObjectName("brushSizeSlider")
        self._brush.setAccessibleName("Brush size")
        self._brush.setRange(0, len(RADII) - 1)
        self._brush.setPageStep(1)
        self._brush.valueChanged.connect(tool.resize_brush)
        self._brush.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self._brush)
        self._eraser = _button("eraserButton", "Eraser", "Eraser (E)")
        self._eraser.setCheckable(True)
        self._eraser.setProperty(IS_MODE, True)
        self._eraser.toggled.connect(tool.erase)
        self._empty = _button("emptyButton", "Empty", "Remove all points and start from an empty set of the same kind")
        self._empty.clicked.connect(lambda: self._try(lambda: drawing.clear_points(session)))
        self._undo = _button("drawUndoButton", "Undo", "Undo the last stroke or change (Ctrl+Z)")
        self._undo.clicked.connect(session.undo)
        self._redo = _button("drawRedoButton", "Redo", "Redo (Ctrl+Shift+Z)")
        self._redo.clicked.connect(session.redo)
        self._more = _button("drawFilesButton", "Points as CSV", "Import or export the points as CSV")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._more)
        menu.addAction("Import points (CSV)…").triggered.connect(lambda _=False: self._import())
        menu.addAction("Export points (CSV)…").triggered.connect(lambda _=False: self._export())
        self._more.setMenu(menu)
        for button in (self._eraser, self._empty):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self._undo, self._redo, self._more):
            row.addWidget(button)
        self.setMinimumWidth(1)
        tool.changed.connect(self.refresh)
        session.history_changed.connect(self._follow_history)
        self.set_style(style)
        self._follow_history()

    @property
    def chips(self) -> tuple[QToolButton, ...]:
        """The buttons of the classes or values."""
        return tuple(self._chips)

    def show_labels(
        self, labels: tuple[float, ...], names: tuple[str, ...], colours: tuple[QColor, ...], known: int
    ) -> None:
        """Show a button for each of ``labels``; those from index ``known`` on are new classes."""
        if (labels, colours, known) != (self._labels, self._colours, self._known):
            self._labels, self._colours, self._known = labels, colours, known
            self._make_chips(names)
        self.refresh()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        side = round(style.px(_TOOL))
        buttons = (self._eraser, self._empty, self._undo, self._redo, self._more)
        for name, button in zip(("eraser", "trash", "undo", "redo", "more"), buttons, strict=True):
            button.setIcon(icon(name, style.theme.ink, sizes=(side,)))
            button.setIconSize(QSize(side, side))
            button.setStyleSheet("padding: 1px;")
            button.setFixedSize(side + 8, side + 8)
        self._brush.setFixedWidth(round(style.px(48)))
        self._paint_chips()

    def refresh(self) -> None:
        """Show the current settings of the tool."""
        tool = self._tool
        with QSignalBlocker(self._brush), QSignalBlocker(self._eraser):
            self._brush.setValue(tool.size)
            self._eraser.setChecked(tool.erases)
        self._brush.setToolTip(f"Brush: {SIZE_NAMES[tool.size]} (+ and −, or the wheel)")
        for index, chip in enumerate(self._chips):
            chip.setChecked(index == tool.choice and not tool.erases)
        self._paint_chips()

    # -- chips -------------------------------------------------------------------------------------------------------

    def _make_chips(self, names: tuple[str, ...]) -> None:
        for chip in self._chips:
            self._chip_row.removeWidget(chip)
            chip.deleteLater()
        self._chips = []
        word = "Class" if self._tool.target is not None and self._tool.target.kind == "classes" else "Target"
        for index, name in enumerate(names):
            new = index >= self._known
            chip = QToolButton()
            chip.setText("+" if new else name[:5])
            chip.setCheckable(True)
            chip.setProperty(IS_MODE, True)
            chip.setObjectName(f"drawChip{index + 1}")
            chip.setAccessibleName(f"New class {name}" if new else f"{word} {name}")
            tip = (
                f"{chip.accessibleName()}: click to draw it with the left button (key {index + 1}). "
                "Right-click to draw it with the right button."
            )
            chip.setToolTip(plain_tip(tip))
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(lambda _=False, index=index: self._tool.choose(index))
            chip.installEventFilter(self)
            self._chip_row.insertWidget(index, chip)
            self._chips.append(chip)

    def _paint_chips(self) -> None:
        style, theme = self._style, self._style.theme
        side = round(style.px(_CHIP))
        for index, chip in enumerate(self._chips):
            colour = self._colours[index]
            dark = (0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()) < 128
            edge, line = theme.line, "solid"
            if chip.isChecked():
                edge = theme.accent
            elif index == self._tool.other and not self._tool.erases:
                edge, line = theme.muted, "dashed"
            ink = "#FFFFFF" if dark else "#1B1F27"
            new = index >= self._known
            chip.setStyleSheet(
                f"QToolButton {{ background: {theme.panel if new else colour.name()}; color: {theme.ink if new else ink};"
                f" border: 2px {line} {edge}; border-radius: {round(style.px(4))}px; padding: 0px;"
                f" font-size: {round(style.px(TEXT_LABEL))}px; font-weight: 600; }}"
                f"QToolButton:focus {{ border: 2px solid {theme.ink}; }}"
            )
            chip.setMinimumSize(side if len(chip.text()) < 3 else round(1.5 * side), side)
            chip.setMaximumHeight(side)
            chip.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._arrange()

    def _arrange(self) -> None:
        """Arrange the tools in one row if they fit."""
        needed = self._chip_row.sizeHint().width() + self._tool_row.sizeHint().width() + self._rows.spacing()
        ways = QBoxLayout.Direction
        self._rows.setDirection(ways.LeftToRight if needed <= self.width() else ways.TopToBottom)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between one row and two."""
        super().resizeEvent(event)
        self._arrange()

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Assign a label to the right button with a right click."""
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonPress
            and event.button() == Qt.MouseButton.RightButton
            and watched in self._chips
        ):
            self._tool.choose_other([*map(id, self._chips)].index(id(watched)))
            return True
        return super().eventFilter(watched, event)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _follow_history(self) -> None:
        self._undo.setEnabled(self._session.undo_label is not None)
        self._redo.setEnabled(self._session.redo_label is not None)

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import points", "", POINT_FILTER)
        if name:
            self.import_from(Path(name))

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export points", "points.csv", POINT_FILTER)
        if name:
            path = Path(name)
            self.export_to(path if path.suffix else path.with_suffix(".csv"))

    def import_from(self, path: Path) -> None:
        """Use the points in the CSV file ``path``."""
        try:
            with open_regular(path) as file:
                text = file.read(MAX_CSV).decode("utf-8")
            drawing.use_points(self._session, from_csv(text))
        except (OSError, UnicodeDecodeError, PlaygroundError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            self._session.message.emit(f"{path.name}: {reason}", "error")

    def export_to(self, path: Path) -> None:
        """Write the points to the CSV file ``path``."""

        def export() -> None:
            write_atomically(path, to_csv(drawing.source_of(self._session)).encode())
            self._session.message.emit(f"Saved to {path.name}", "info")

        self._try(export)

    def _try(self, run: Callable[[], None]) -> None:
        try:
            run()
        except PlaygroundError as error:
            self._session.message.emit(str(error), "error")


def _button(name: str, text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setProperty("role", "tool")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
