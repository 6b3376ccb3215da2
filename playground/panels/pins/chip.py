"""One pinned run in the strip of pins: its line, its name, and a menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget
from typing_extensions import override

from core.experiment.epoch_text import epoch_text
from core.training.pins.pinned_run import MAX_PINS
from playground.plotting.canvas.pin_legend import pin_pen
from playground.session.pins import MAX_NAME
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.inline_edit import InlineEdit
from playground.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground.session import Session
    from playground.session.pins import Pin

LINE: Final = (22, 12)
"""Width and height of the line before the name, in pixels at scale 1."""

MAX_WIDTH: Final = 240
MIN_WIDTH: Final = 96


class PinChip(QToolButton):
    """A button that selects its pin for comparison; its menu renames, recolours, hides, reopens and removes the pin.

    Signals:
        export_requested: the user wants to export the comparison with this pin.
    """

    export_requested = Signal()

    def __init__(self, pin: Pin, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._style = session, style
        self._pin, self._name = pin, ""
        self._limit = round(style.px(MAX_WIDTH))
        self.key = pin.key
        self.setObjectName(f"pin-{pin.key}")
        self.setProperty("role", "pin")
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill_menu)
        self.clicked.connect(lambda: session.pins.compare(self.key))
        self._editor: QLineEdit | None = None
        self._start = ""
        self.show_pin(pin, style)

    def show_pin(self, pin: Pin, style: Style) -> None:
        """Show the current state of the pin."""
        self._pin, self._style = pin, style
        pins = self._session.pins
        self._name, compared = pins.name(pin), pins.compared  # kept, because a chip outlives the removal of its pin
        is_compared = compared is not None and compared.key == self.key
        self.setChecked(is_compared)
        self.setIcon(line_icon(style, pin.colour, opacity=0.35 if pin.hidden else 1.0))
        self.setIconSize(QSize(*(round(style.px(side)) for side in LINE)))
        self._elide()
        self.setProperty("faint", pin.hidden)
        self.style().unpolish(self)
        self.style().polish(self)
        state = ", hidden" if pin.hidden else ", readouts compare with it" if is_compared else ""
        self.setAccessibleName(f"Pinned run {self._name}{state}")
        self._describe()

    def set_limit(self, width: int) -> None:
        """Set the maximum width in pixels; a longer name is elided."""
        if width != self._limit:
            self._limit = width
            self._elide()

    def say_start(self, words: str) -> None:
        """Set the sentence of the tooltip on what the run shares with the current one at its start; empty if not compared."""
        if words != self._start:
            self._start = words
            self._describe()

    def _describe(self) -> None:
        self.setToolTip(plain_tip(self._description()))

    def _elide(self) -> None:
        limit = max(min(self._limit, round(self._style.px(MAX_WIDTH))), round(self._style.px(MIN_WIDTH)))
        room = limit - round(self._style.px(LINE[0] + 44))
        text = self.fontMetrics().elidedText(
            self._name, Qt.TextElideMode.ElideMiddle, room
        )  # names often differ at the end
        if text != self.text():
            self.setText(text)
        self.setMinimumWidth(min(self.sizeHint().width(), round(self._style.px(MIN_WIDTH))))
        self.setMaximumWidth(limit)

    def _description(self) -> str:
        own, others = self._session.pins.differences(self._pin)
        snapshot = self._pin.run.snapshot
        lines = [
            f"{self._name}: pinned at epoch {epoch_text(snapshot.epoch)}, training loss {snapshot.scores.train_loss:.3g}."
        ]
        if own or others:
            lines.append(f"Pinned: {', '.join(own) or '–'}. Now: {', '.join(others) or '–'}.")
        if self._start:
            lines.append(f"{self._start}.")
        lines.append("Click: compare the readouts with it. Hold F: see it in network and output.")
        return "\n".join(lines)

    # -- menu --------------------------------------------------------------------------------------------------------

    def _fill_menu(self) -> None:
        menu, pins, pin = self.menu(), self._session.pins, self._pin
        menu.clear()
        self._add(menu, "renamePin", "Re&name…", self.rename, "F2")
        colours = menu.addMenu("&Colour")
        for number in range(MAX_PINS):
            action = self._add(colours, f"colour-{number}", f"Line {number + 1}", partial(self._recolour, number))
            action.setIcon(line_icon(self._style, number))
            action.setCheckable(True)
            action.setChecked(number == pin.colour)
        hide = self._add(
            menu,
            "hidePin",
            "&Show" if pin.hidden else "&Hide",
            lambda: pins.set_hidden(self.key, hidden=not self._pin.hidden),
        )
        hide.setToolTip("Show or hide this run in the plots.")
        menu.addSeparator()
        self._add(menu, "reopenPin", "Re&open this run", lambda: self._session.reopen(self.key))
        self._add(menu, "exportPin", "&Export the comparison…", self.export_requested.emit)
        menu.addSeparator()
        self._add(menu, "removePin", "Re&move", lambda: pins.remove(self.key), "Del")

    @staticmethod
    def _add(menu: QMenu, name: str, text: str, run: Callable[[], object], keys: str = "") -> QAction:
        action = menu.addAction(f"{text}\t{keys}" if keys else text)
        action.setObjectName(name)
        action.triggered.connect(lambda _=False: run())
        return action

    def _recolour(self, number: int) -> None:
        self._session.pins.recolour(self.key, number)

    # -- renaming ----------------------------------------------------------------------------------------------------

    def rename(self) -> None:
        """Edit the name in place: Return accepts, Esc cancels, an empty name restores the automatic one."""
        editor = _NameEditor(self)
        editor.setText(self._name)
        editor.selectAll()
        editor.setGeometry(self.rect())
        editor.accepted.connect(self._take_name)
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._editor = editor

    def _take_name(self, name: str) -> None:
        if name != self._name:
            self._session.pins.rename(self.key, name)

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Take F2 for renaming, which elsewhere in the window lists the lessons."""
        is_rename = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2
        if is_rename and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename with F2, remove with Delete, open the menu with the down arrow."""
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._session.pins.remove(self.key)
        elif event.key() == Qt.Key.Key_Down:
            self.showMenu()
        else:
            super().keyPressEvent(event)


class _NameEditor(InlineEdit):
    """The text field over a chip, which is deleted when it closes.

    Signals:
        accepted: the new name.
    """

    accepted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pinName")
        self.setAccessibleName("Name of the pinned run")
        self.setMaxLength(MAX_NAME)
        self.setPlaceholderText("automatic")
        self.returnPressed.connect(self._accept)
        self.closed.connect(self.deleteLater)

    def _accept(self) -> None:
        self.accepted.emit(self.text())
        self.close_field()


def line_icon(style: Style, number: int, *, opacity: float = 1.0) -> QIcon:
    """Return the line of pin ``number`` as an icon."""
    width, height = (style.px(side) for side in LINE)
    ratio = 2.0
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(opacity)
    painter.setPen(pin_pen(style, number, 2.0))
    painter.drawLine(QPointF(0.0, height / 2), QPointF(width, height / 2))
    painter.end()
    return QIcon(pixmap)
