"""The card: a rounded panel with a title line, which can be enlarged and popped out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QMargins, QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from playground.style.theme import CARD_PADDING, GRID, Style
from playground.widgets.descendants import descendants
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.layout_of import layout_of
from playground.widgets.plain_text import PlainLabel, plain_tip

MIN_LETTERS: Final = 7
"""Minimum number of characters of an elided title, including the ellipsis."""

FULL, SHORT, MENUS = range(3)
"""Forms of the controls in a title line: in full, in short words, and with a menu in place of a row of words."""

_TITLE_TIP: Final = "Double-click to enlarge, Esc to restore"
_DRAG_TIP: Final = "Drag into a slide, a document or a folder (with Shift as SVG)"


@runtime_checkable
class Compactable(Protocol):
    """A control with narrower forms."""

    def set_compact(self, form: int) -> None:
        """Switch to ``FULL``, ``SHORT`` or ``MENUS``; a control without that form uses the next wider one."""


class Restyled(Protocol):
    """A control that can be restyled."""

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""


class Card(QFrame):
    """A panel with a title, a muted note to its right, a body and a sentence below.

    Signals:
        enlarge_requested: the title was double-clicked.
        drag_requested: the title is being dragged; only emitted if :meth:`set_draggable` allows it.

    Attributes:
        body: layout for the content.
        has_own_margin: whether the content includes its own right margin.
        title_parts: what the window has put into the title line; it follows the style of the card.
    """

    enlarge_requested = Signal()
    drag_requested = Signal()
    has_own_margin: bool = False
    title_is_name: bool = True
    """Whether the title only names the card, as its switch does, too."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self._title = PlainLabel(title)
        self._title.setProperty("role", "title")
        self._title_tip = _TITLE_TIP
        self._title.setToolTip(_TITLE_TIP)
        self._title.installEventFilter(self)
        self._is_draggable = False
        self._pressed_at: QPointF | None = None
        # Long titles are elided, so that they do not limit the card's minimum width.
        self._title.setMinimumWidth(1)
        self._title_forms: tuple[str, ...] = (title,)
        self.title_parts: list[Restyled] = []
        self._ranks: dict[QWidget | None, int] = {}
        self._note = PlainLabel()
        self._note.setProperty("role", "muted")
        self._switches: list[QWidget] = []
        self._optional: list[QWidget] = [self._note]
        self._last: list[QWidget] = []
        self._compactable: list[Compactable] = []
        self._sentence = PlainLabel()
        self._sentence.setProperty("role", "sentence")
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.hide()
        self._header = QHBoxLayout()
        self._header.setSpacing(GRID)
        self._header.addWidget(self._title)
        self._header.addStretch(1)
        self._header.addWidget(self._note)
        self._header_widgets: list[QWidget] = [self._title, self._note]
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, 12, CARD_PADDING, 12)
        layout.setSpacing(GRID)
        layout.addLayout(self._header)
        layout.addLayout(self.body, 1)
        self._badge: PlainLabel | None = None
        self._foot = QHBoxLayout()
        self._foot.setSpacing(GRID)
        self._foot.addWidget(self._sentence, 1)
        layout.addLayout(self._foot)

    @property
    def title(self) -> str:
        """The full title."""
        return self._title_forms[0]

    def set_title(self, *forms: str) -> None:
        """Set the title to the first of ``forms``, longest first, that fits; the last one is elided."""
        self._title_forms = forms
        self.fit_title()

    def fit_title(self) -> None:
        """Show the form of the title that fits beside the other widgets in its line."""
        self._title.ensurePolished()
        _hide_first(self._last, 0)
        for form in (FULL, SHORT, MENUS):
            self.set_header_form(form)
            shown = self._title_beside(form)
            if shown or (shown is not None and (self.title_is_name or form == MENUS)):
                break
        else:
            shown = ""
            _hide_first(self._last, len(self._last))
        if not shown and all(each.isHidden() for each in self._switches):  # nothing else names the card
            shown = self._title_without_last()
        if shown != self._title.text():
            self._title.setText(shown)
            self._title.setVisible(bool(shown))  # an empty one would take a pixel and the gap beside it
        self.set_switch_first(not shown)
        self._title.setToolTip(
            self._title_tip if shown == self.title else plain_tip(f"{self.title}\n{self._title_tip}")
        )
        self._settle_header()

    def set_switch_first(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Put the switch of the card's place where the title would be, which it stands for, or back among the controls."""
        for switch in self._switches:  # of all places it has, only that of the current one is shown
            first = on and not switch.isHidden()
            if (self._header.indexOf(switch) == 0) is not first:
                self._header.removeWidget(switch)
                self._header.insertWidget(0 if first else self._header_widgets.index(switch) + 1, switch)

    def set_draggable(self) -> None:
        """Let the user drag the title; the cursor and the tooltip show it."""
        self._is_draggable = True
        self._title.setCursor(Qt.CursorShape.OpenHandCursor)
        self._title_tip = f"{_DRAG_TIP}\n{_TITLE_TIP}"
        self.fit_title()

    def set_header_form(self, form: int) -> None:
        """Switch the controls beside the title to ``FULL``, or with less space around them to ``SHORT`` or ``MENUS``."""
        is_full = form == FULL
        self._header.setSpacing(GRID if is_full else GRID // 4)
        layout = self.layout()
        if layout is not None:
            left, right = (CARD_PADDING, CARD_PADDING) if is_full else (CARD_PADDING - GRID // 2, GRID // 2)
            layout.setContentsMargins(left, 12, right, 12)
            # The buttons at the right end have space around their icons, as plots have, but other content has none.
            self._foot.setContentsMargins(0, 0, left - right, 0)
            self.body.setContentsMargins(0, 0, 0 if self.has_own_margin else left - right, 0)
        for control in self._compactable:
            control.set_compact(form)

    def _settle_header(self) -> None:
        """Lay out the title line now, so that no word is painted where it was with another font or form."""
        for widget in (*self.header_widgets(), self):
            layout = layout_of(widget)
            if layout is not None:
                layout.activate()

    def settle_layout(self) -> None:
        """Lay out all of the card now, from the inside out, so that it is not painted between two layouts."""
        for widget in (*reversed(list(descendants(self))), self):
            layout = layout_of(widget)
            if layout is not None:
                layout.activate()

    def _title_beside(self, form: int) -> str | None:
        """Return what to show of the title, and hide as many optional widgets as that needs.

        ``None`` if there is not even room without the title, or, beside controls in full, not for one of its forms.
        """
        for count in range(len(self._optional) + 1):
            shown = self._fitting_title(self._title_room(self._optional[:count]))
            if shown:
                _hide_first(self._optional, count)
                return shown
        _hide_first(self._optional, len(self._optional))
        room = self._title_room(self._optional)
        if form == FULL or room < 0:
            return None
        if self.title_is_name and not all(each.isHidden() for each in self._switches):
            return ""  # the switch says the same in whole words
        shown = self._title.fontMetrics().elidedText(self._title_forms[-1], Qt.TextElideMode.ElideRight, room)
        return shown if len(shown) >= MIN_LETTERS else ""  # shorter ones are not readable

    def _title_without_last(self) -> str:
        """Return the form of the title that fits without what is hidden last, and hide that; or show that and return nothing."""
        shown = self._fitting_title(self._title_room([*self._optional, *self._last]))
        if shown:
            _hide_first(self._last, len(self._last))
        return shown

    def _fitting_title(self, room: int) -> str:
        """Return the first form of the title that fits ``room`` pixels; empty if none does."""
        metrics = self._title.fontMetrics()
        # The label needs whole pixels for fractions of one, so the width is not that of horizontalAdvance().
        widths = ((form, metrics.size(Qt.TextFlag.TextSingleLine, form).width()) for form in self._title_forms)
        return next((form for form, width in widths if width <= room), "")

    def _title_room(self, hidden: Sequence[QWidget]) -> int:
        """Return the width available for the title in pixels if, of the optional widgets, those in ``hidden`` are hidden."""
        others = [
            each
            for each in self._header_widgets
            if each is not self._title
            and each not in hidden
            and (each in self._optional or each in self._last or not _is_hidden(each))
        ]
        for each in others:
            each.ensurePolished()  # the style sheet's padding counts
        taken = sum(each.sizeHint().width() + self._header.spacing() for each in others)
        layout = self.layout()
        margins = layout.contentsMargins() if layout is not None else QMargins()
        return (
            self.contentsRect().width() - margins.left() - margins.right() - taken
        )  # without the style sheet's border

    def set_note(self, note: str) -> None:
        """Show ``note`` in muted type at the right of the title line."""
        if note != self._note.text():
            self._note.setText(note)

    def set_sentence(self, sentence: str) -> None:
        """Show a sentence below the content; an empty sentence hides it."""
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            self._sentence.setVisible(bool(sentence))

    def set_badge(self, text: str) -> None:
        """Show ``text`` over the title line, such as whose data are shown; an empty text hides it."""
        if self._badge is None and text:
            self._badge = PlainLabel("", self)
            self._badge.setProperty("role", "badge")
        if self._badge is not None:
            title = self._title.geometry()
            left = title.left() + self._title.fontMetrics().horizontalAdvance(self._title.text()) + GRID
            room = self.width() - left - 4 * GRID
            self._badge.setText(self._badge.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
            self._badge.setVisible(bool(text))
            self._badge.adjustSize()
            self._badge.move(left, title.center().y() - self._badge.height() // 2)
            self._badge.raise_()

    def sentence_area(self) -> QRect:
        """Return the area of the sentence and of what is beside it, in this card's coordinates; empty without a sentence."""
        return self._foot.geometry() if self._sentence.isVisibleTo(self) else QRect()

    def show_problem(self, error: Exception) -> None:
        """Show an error below the content, which stays as last drawn."""
        self.set_sentence(f"This cannot be drawn ({type(error).__name__}: {error}).")

    def add_header_widget(
        self, widget: QWidget, rank: int = 0, *, optional: bool = False, last: bool = False, is_switch: bool = False
    ) -> None:
        """Insert a control into the title line, after all controls of the same or a lower ``rank``.

        Args:
            widget: the control; one that is :class:`Compactable` gets narrower where the title would not fit.
            rank: its position.
            optional: whether to hide it where the title would not fit beside it, the note first.
            last: whether to hide it only where there is no room even without the title.
            is_switch: whether it shows the name of the card among those at its place, so that it can stand for the title.
        """
        is_first = self._header.indexOf(self._title) > 0
        self.set_switch_first(False)
        index = len(self._header_widgets)
        while index and self._ranks.get(self._header_widgets[index - 1], -1) > rank:
            index -= 1
        self._header_widgets.insert(index, widget)
        self._header.insertWidget(index + 1, widget)  # the stretch is an item of the layout, too
        self._ranks[widget] = rank
        if is_switch:
            self._switches.append(widget)
        if optional:
            self._optional.append(widget)
        if last:
            self._last.append(widget)
        if isinstance(widget, Compactable):
            self._compactable.append(widget)
        self.set_switch_first(is_first)

    def add_foot_widget(self, widget: QWidget) -> None:
        """Put ``widget`` at the right of the sentence."""
        self._foot.addWidget(widget)

    def header_widgets(self) -> list[QWidget]:
        """Return what is in the title line, from left to right."""
        return sorted(self._header_widgets, key=lambda each: self._header.indexOf(each))

    def menu_actions(self) -> Sequence[QAction]:
        """Return additional actions of the card's menu."""
        return ()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the title to the new width."""
        super().resizeEvent(event)
        self.fit_title()

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Emit ``enlarge_requested`` when the title is double-clicked, and ``drag_requested`` when it is dragged."""
        if watched is self._title and isinstance(event, QMouseEvent):
            kind = event.type()
            if kind == QEvent.Type.MouseButtonDblClick:
                self._pressed_at = None
                self.enlarge_requested.emit()
                return True
            if kind == QEvent.Type.MouseMove and self._has_left(event):
                self._pressed_at = None
                self.drag_requested.emit()
                return True
            if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
                begins = kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton
                self._pressed_at = event.globalPosition() if begins and self._is_draggable else None
        return super().eventFilter(watched, event)

    def _has_left(self, event: QMouseEvent) -> bool:
        """Return whether the pointer has moved so far from where it was pressed that the user drags the title."""
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return False
        way = event.globalPosition() - self._pressed_at
        return way.manhattanLength() >= QApplication.startDragDistance()


def _is_hidden(widget: QWidget) -> bool:
    """Return whether ``widget`` was hidden; one just added to a visible card is shown by the next event only."""
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def _hide_first(widgets: Sequence[QWidget], count: int) -> None:
    """Hide the first ``count`` of ``widgets`` and show the others."""
    for index, widget in enumerate(widgets):
        if widget.isHidden() != (index < count):
            widget.setHidden(index < count)
