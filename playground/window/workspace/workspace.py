"""The workspace: cards in splitters, which can be resized, enlarged and popped out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from playground.plotting.cards.plot_card import PlotCard
from playground.style.theme import GRID, Style
from playground.widgets.card import Card
from playground.widgets.guard import guarded, guarded_or
from playground.window.card_entry import CardEntry
from playground.window.workspace.arrangements import CONTROLS, Arrangement
from playground.window.workspace.card_place import CardPlace
from playground.window.workspace.page import Page
from playground.window.workspace.placeholder import Placeholder
from playground.window.workspace.popped_out import PoppedOut

_KEY: Final = "workspace"
_VERSION: Final = "1"


def _do_nothing() -> None:
    """Do nothing: everything is already built."""


def _are_usable(settings: QSettings) -> bool:
    return str(settings.value(f"{_KEY}/version", "")) == _VERSION


def remembered_arrangement(settings: QSettings) -> str:
    """Return the key of the arrangement that was shown last; empty if nothing usable is remembered."""
    key = settings.value(f"{_KEY}/arrangement") if _are_usable(settings) else ""
    return key if isinstance(key, str) else ""


class Workspace(QStackedWidget):
    """Shows one arrangement of the cards at a time; one card can be enlarged to the whole workspace.

    A card is in exactly one place: enlarged, popped out, or at its place in the arrangement.

    Signals:
        rearranged: a card was enlarged, popped out or restored, so views should redraw.
        switched: the key of the arrangement now shown.
        completed: every card and arrangement is built.
    """

    rearranged = Signal()
    switched = Signal(str)
    completed = Signal()

    def __init__(
        self,
        arrangements: Sequence[Arrangement],
        widgets: Mapping[str, QWidget],
        entries: Mapping[str, CardEntry],
        style: Style,
        parent: QWidget | None = None,
        *,
        complete: Callable[[], None] = _do_nothing,
    ) -> None:
        """Create ``arrangements`` and show the first one.

        Args:
            arrangements: the workspaces to create; others can be added by :meth:`extend`.
            widgets: their cards and the control panel, by key.
            entries: the table of cards.
            style: the initial style.
            parent: the parent widget.
            complete: called when a missing arrangement or card is requested; it must call :meth:`extend`.

        ``widgets`` may lack cards that are not shown at first; they are added by :meth:`extend`, too.
        """
        super().__init__(parent)
        self._entries, self._style, self._complete = entries, style, complete
        self._settings: QSettings | None = None
        self._controls = widgets[CONTROLS]
        self._placeholder = Placeholder(self._controls, self._show_controls)
        self._widgets = {**widgets, CONTROLS: self._placeholder}
        self._pages = {each.key: Page(each, self._widgets, entries, style, complete) for each in arrangements}
        self._stage = QWidget()
        stage_layout = QVBoxLayout(self._stage)
        stage_layout.setContentsMargins(GRID, GRID, GRID, GRID)
        # Cards that have no place yet, or were in a window of their own, are kept here, hidden, so they do not draw.
        self._kept_training = QWidget(self)
        self._kept_training.hide()
        for page in (*self._pages.values(), self._stage):
            self.addWidget(page)
        self._controls.setParent(self)
        self.currentChanged.connect(self._show_controls)
        self._enlarged: Card | None = None
        self._popped: dict[Card, PoppedOut] = {}
        self._arrangement = arrangements[0].key
        self._offered = frozenset(widgets)
        self._settle()

    @property
    def controls_place(self) -> QWidget:
        """What keeps the place of the controls in the arrangement shown."""
        return self._placeholder

    def _show_controls(self) -> None:
        """Show the controls above the page, at their place, unless a card is enlarged."""
        self._controls.raise_()
        self._controls.setVisible(self.currentWidget() is not self._stage)

    @property
    def enlarged(self) -> Card | None:
        """The enlarged card, if any."""
        return self._enlarged

    @property
    def arrangement(self) -> str:
        """The key of the arrangement shown."""
        return self._arrangement

    @property
    def _page(self) -> Page:
        return self._pages[self._arrangement]

    def extend(self, arrangements: Sequence[Arrangement], widgets: Mapping[str, QWidget]) -> None:
        """Add ``arrangements`` and the cards ``widgets``."""
        self._widgets |= widgets
        for key, widget in widgets.items():
            widget.setParent(self._kept_training)
            for page in self._pages.values():
                page.add(key, widget)
            self._return_home(widget)
        for each in arrangements:
            page = self._pages[each.key] = Page(each, self._widgets, self._entries, self._style, self._complete)
            self.addWidget(page)
            if self._settings is not None:
                page.recall(self._settings, _KEY)

    def show_arrangement(self, key: str) -> None:
        """Show the arrangement ``key``; popped-out cards stay popped out."""
        if key not in self._pages:
            self._complete()
        self.restore()
        if key == self._arrangement:
            return
        self.setUpdatesEnabled(False)
        try:
            self._page.hide()  # first, or each place would show another card when its own one leaves
            for place in self._page.places.values():
                place.release()
            self._arrangement = key
            self._page.fit(self.width())
            self._settle()
            # Every widget that is shown requests an update in a separate event; everything is painted once instead.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateLater.value)
        finally:
            self.setUpdatesEnabled(True)
        self.switched.emit(key)
        self.rearranged.emit()

    def _fit(self) -> None:
        """Use the form of the arrangement that fits the width; the cards that were visible stay so where there is room."""
        page, focused = self._page, self.window().focusWidget()
        visible, places = page.visible_keys(), set(page.places.values())
        if not page.fit(self.width()):
            return
        for place in places:
            place.release()
        self._settle()
        for place in set(page.places.values()):
            place.show_one_of(visible)
        if self._enlarged is not None and self._enlarged in page.places:
            page.places[self._enlarged].choose(self._enlarged)
        self._refocus(focused)
        self.switched.emit(self._arrangement)
        self.rearranged.emit()

    def _refocus(self, widget: QWidget | None) -> None:
        """Give ``widget`` the focus again, which it has lost with the move of its card."""
        if widget is not None and self.isAncestorOf(widget) and widget.isVisible():
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the arrangement to the new width."""
        super().resizeEvent(event)
        self._fit()

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Fit the arrangement when the controls need another width, such as for a lesson."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._placeholder.follow()
            self._fit()
        return super().event(event)

    def offer(self, keys: Collection[str]) -> None:
        """Restrict shared places to the cards among ``keys``."""
        self._offered = frozenset(keys)
        for place in set(self._page.places.values()):
            place.offer(self._offered)

    def set_style(self, style: Style) -> None:
        """Draw the switches in ``style``."""
        self._style = style
        for page in self._pages.values():
            page.set_style(style)
        self._fit()

    def _settle(self) -> None:
        """Move every card that is neither popped out nor enlarged to its place."""
        for widget in self._widgets.values():
            if widget not in self._popped and widget is not self._enlarged:
                self._return_home(widget, switches=False)
        self.offer(self._offered)
        if self._enlarged is None:
            self.setCurrentWidget(self._page)
        self._show_controls()

    def _return_home(self, widget: QWidget, *, switches: bool = True) -> None:
        place = self._page.places.get(widget)
        if place is not None:
            (place.take if switches else place.put)(widget)
        elif not isinstance(widget.parentWidget(), CardPlace):
            # A card at its place in another workspace, which is hidden, stays there: Qt polishes whatever moves anew.
            widget.setParent(self._kept_training)

    def reveal(self, key: str) -> None:
        """Show the card ``key`` where it is, if necessary in another arrangement, and give it the focus."""
        card = self.bring_forward(key)
        if isinstance(card, PlotCard):
            card.canvas.setFocus(Qt.FocusReason.TabFocusReason)  # with a frame, as by keyboard

    def bring_forward(self, key: str) -> Card | None:
        """Show the card ``key`` as :meth:`reveal` does, but leave the focus; ``None`` if it cannot be shown."""
        self._complete()
        card = self.card(key)
        if card is None or key not in self._offered:
            return None
        if card in self._popped:
            self._popped[card].activateWindow()
        elif card is not self._enlarged:
            if card in self._page.places:
                self.restore()
            elif (other := next((each for each, page in self._pages.items() if card in page.places), None)) is not None:
                self.show_arrangement(other)
            else:
                self.toggle_enlarged(card)
            if card in self._page.places:
                self._page.places[card].choose(card)
        return card

    def key_of(self, widget: QWidget) -> str | None:
        """Return the key of the card or control panel that contains ``widget``, or ``None``."""
        keys = {each: key for key, each in (*self._widgets.items(), (CONTROLS, self._controls))}
        parent: QWidget | None = widget
        while parent is not None and parent not in keys:
            parent = parent.parentWidget()
        return None if parent is None else keys[parent]

    def complete(self) -> None:
        """Build the cards and arrangements that are missing."""
        self._complete()

    def toggle_enlarged(self, card: Card) -> None:
        """Enlarge ``card``, or restore it; a popped-out card returns to the workspace."""
        if self._enlarged is card:
            self.restore()
            return
        self.restore()
        if card in self._popped:
            self._popped[card].close()
        layout = self._stage.layout()
        if layout is not None:
            layout.addWidget(card)
        card.show()
        self._enlarged = card
        self.setCurrentWidget(self._stage)
        self.rearranged.emit()

    def restore(self) -> None:
        """Return the enlarged card to its place."""
        card, self._enlarged = self._enlarged, None
        if card is not None:
            self._return_home(card)
            self.setCurrentWidget(self._page)
            self.rearranged.emit()

    def pop_out(self, card: Card) -> PoppedOut:
        """Show ``card`` in a separate window until that is closed."""
        if card in self._popped:
            self._popped[card].activateWindow()
            return self._popped[card]
        if self._enlarged is card:
            self.restore()
        window = PoppedOut(card, self)
        self._popped[card] = window
        window.closed.connect(lambda: self._pop_in(card))
        card.show()
        window.show()
        self.rearranged.emit()
        return window

    @property
    def popped(self) -> Mapping[Card, PoppedOut]:
        """The windows of the popped-out cards."""
        return self._popped

    def close_windows(self) -> None:
        """Close all popped-out windows and return their cards."""
        for window in list(self._popped.values()):
            window.close()

    def _pop_in(self, card: Card) -> None:
        if self._popped.pop(card, None) is not None:
            self._return_home(card)
            self.rearranged.emit()

    # -- saving and restoring ------------------------------------------------------------------------------------------

    def store(self, settings: QSettings) -> None:
        """Save sizes and shown cards of every arrangement, its key, and enlarged and popped-out cards.

        While a card is not in its place, the sizes of the arrangement that is shown stay as they were saved last.
        """
        keys = {widget: key for key, widget in self._widgets.items()}
        settings.setValue(f"{_KEY}/enlarged", keys.get(self._enlarged, "") if self._enlarged is not None else "")
        settings.remove(f"{_KEY}/popped")
        for card, window in self._popped.items():
            settings.setValue(f"{_KEY}/popped/{keys[card]}", window.saveGeometry())
        settings.setValue(f"{_KEY}/version", _VERSION)
        settings.setValue(f"{_KEY}/arrangement", self._arrangement)
        self.store_sizes(settings)

    def store_sizes(self, settings: QSettings) -> None:
        """Save sizes and shown cards of every arrangement whose cards are in their places."""
        for page in self._pages.values():
            if page is not self._page or not (self._popped or self._enlarged):
                page.store(settings, _KEY)

    def recall(self, settings: QSettings) -> None:
        """Restore saved sizes and shown cards; ignore damaged ones."""
        if not _are_usable(settings):
            return
        self._settings = settings
        for page in self._pages.values():
            page.recall(settings, _KEY)
        key = remembered_arrangement(settings)
        if key in self._pages:
            self.show_arrangement(key)
        enlarged = self.card(str(settings.value(f"{_KEY}/enlarged", "")))
        if enlarged is not None:
            self.toggle_enlarged(enlarged)

    def card(self, key: str) -> Card | None:
        """Return the card ``key``, and build it if necessary; ``None`` if there is none."""
        if key in self._entries and key not in self._widgets:
            self._complete()
        card = self._widgets.get(key)
        return card if isinstance(card, Card) else None

    def recall_windows(self, settings: QSettings) -> None:
        """Pop out the cards that were popped out in the last session; call after the main window is shown."""
        for key in self._entries:
            geometry = settings.value(f"{_KEY}/popped/{key}")
            if isinstance(geometry, QByteArray) and (card := self.card(key)) is not None:
                self.pop_out(card).restoreGeometry(geometry)

    def reset_layout(self) -> None:
        """Restore the default sizes, and show the first card of each place."""
        self._complete()
        self.close_windows()
        self.restore()
        self.set_sizes({})
        for page in self._pages.values():
            page.show_first()

    def sizes(self) -> dict[str, QByteArray]:
        """Return the sizes in every arrangement, by the names of the splitters."""
        return {name: each.saveState() for page in self._pages.values() for name, each in page.splitters.items()}

    def set_sizes(self, sizes: Mapping[str, QByteArray]) -> None:
        """Restore ``sizes``; splitters that are not among them get their default sizes."""
        for page in self._pages.values():
            for name, splitter in page.splitters.items():
                splitter.restoreState(sizes.get(name, page.initial[name]))
