"""The workspace: cards in splitters that can be resized, enlarged to the whole window and popped out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from playground.style.theme import GRID
from playground.widgets.card import Card

_KEY: Final = "workspace"
_VERSION: Final = 1


class CardSplitter(QSplitter):
    """A splitter whose handles are the gaps between cards."""

    def __init__(
        self, orientation: Qt.Orientation, name: str, children: Sequence[QWidget], stretch: Sequence[int]
    ) -> None:
        super().__init__(orientation)
        self.setObjectName(name)
        self.setHandleWidth(GRID)
        self.setChildrenCollapsible(False)
        for index, (child, share) in enumerate(zip(children, stretch, strict=True)):
            self.addWidget(child)
            self.setStretchFactor(index, share)


class PoppedOut(QWidget):
    """A window of its own for one card; closing it brings the card home.

    Signals:
        closed: it is about to go.
    """

    closed = Signal()

    def __init__(self, card: Card, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(card.title)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(card)
        self.resize(900, 640)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the card back first."""
        self.closed.emit()
        super().closeEvent(event)


class Workspace(QStackedWidget):
    """Holds the splitters; one card at a time can fill the whole workspace.

    Signals:
        rearranged: a card was enlarged, popped out or came back, so views should redraw.
    """

    rearranged = Signal()

    def __init__(self, root: QWidget, splitters: Sequence[QSplitter], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(root)
        self.addWidget(page)
        self._stage = QWidget()
        stage_layout = QVBoxLayout(self._stage)
        stage_layout.setContentsMargins(GRID, GRID, GRID, GRID)
        self.addWidget(self._stage)
        self._splitters = list(splitters)
        self._initial = {splitter.objectName(): splitter.saveState() for splitter in splitters}
        self._enlarged: Card | None = None
        self._popped: dict[Card, PoppedOut] = {}
        self._places: dict[Card, QWidget] = {}

    @property
    def enlarged(self) -> Card | None:
        """The card that fills the workspace, if any."""
        return self._enlarged

    def toggle_enlarged(self, card: Card) -> None:
        """Let ``card`` fill the workspace, or bring it back."""
        if self._enlarged is card:
            self.restore()
            return
        self.restore()
        self._leave_place(card)
        layout = self._stage.layout()
        if layout is not None:
            layout.addWidget(card)
        card.show()
        self._enlarged = card
        self.setCurrentIndex(1)
        self.rearranged.emit()

    def restore(self) -> None:
        """Bring the enlarged card back to its place."""
        card, self._enlarged = self._enlarged, None
        if card is not None:
            self._return_home(card)
            self.setCurrentIndex(0)
            self.rearranged.emit()

    def pop_out(self, card: Card) -> PoppedOut:
        """Show ``card`` in a window of its own until that is closed."""
        if card in self._popped:
            self._popped[card].activateWindow()
            return self._popped[card]
        if self._enlarged is card:
            self.restore()
        self._leave_place(card)
        window = PoppedOut(card, self)
        self._popped[card] = window
        window.closed.connect(lambda: self._pop_in(card))
        card.show()
        window.show()
        self.rearranged.emit()
        return window

    def close_windows(self) -> None:
        """Close all popped-out windows; their cards come home."""
        for window in list(self._popped.values()):
            window.close()

    def _pop_in(self, card: Card) -> None:
        if self._popped.pop(card, None) is not None:
            self._return_home(card)
            self.rearranged.emit()

    def _leave_place(self, card: Card) -> None:
        """Put an empty widget where ``card`` was, so that it finds its way back."""
        placeholder = QWidget()
        self._places[card] = placeholder
        parent = card.parentWidget()
        if isinstance(parent, QSplitter):
            sizes = parent.sizes()
            parent.replaceWidget(parent.indexOf(card), placeholder)
            parent.setSizes(sizes)
        elif isinstance(parent, QStackedWidget):
            index = parent.indexOf(card)
            parent.removeWidget(card)
            parent.insertWidget(index, placeholder)
            parent.setCurrentIndex(index)

    def _return_home(self, card: Card) -> None:
        placeholder = self._places.pop(card)
        parent = placeholder.parentWidget()
        if isinstance(parent, QSplitter):
            sizes = parent.sizes()
            parent.replaceWidget(parent.indexOf(placeholder), card)
            parent.setSizes(sizes)
        elif isinstance(parent, QStackedWidget):
            index = parent.indexOf(placeholder)
            parent.removeWidget(placeholder)
            parent.insertWidget(index, card)
            parent.setCurrentIndex(index)
        card.show()
        placeholder.deleteLater()

    # -- memory ------------------------------------------------------------------------------------------------------

    def store(self, settings: QSettings) -> None:
        """Remember the sizes."""
        self.restore()
        settings.setValue(f"{_KEY}/version", _VERSION)
        for splitter in self._splitters:
            settings.setValue(f"{_KEY}/{splitter.objectName()}", splitter.saveState())

    def recall(self, settings: QSettings) -> None:
        """Take up the remembered sizes."""
        if int(settings.value(f"{_KEY}/version", 0) or 0) != _VERSION:  # type: ignore[call-overload]
            return
        for splitter in self._splitters:
            state = settings.value(f"{_KEY}/{splitter.objectName()}")
            if isinstance(state, QByteArray):
                splitter.restoreState(state)

    def reset_layout(self) -> None:
        """Go back to the sizes the window came with."""
        self.close_windows()
        self.restore()
        for splitter in self._splitters:
            splitter.restoreState(self._initial[splitter.objectName()])
