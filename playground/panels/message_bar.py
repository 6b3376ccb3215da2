"""A message bar near the lower edge of the window, with an optional action and details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from playground.style.resources import icon, icon_pixmap
from playground.style.theme import Style
from playground.widgets.card import Card
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.later import later
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit

    from playground.session import Session

INFO_MS: Final = 6000
"""Time after which an info message disappears."""

_WIDTH: Final = 760
_DETAILS_HEIGHT: Final = 160


class MessageBar(QFrame):
    """Shows one message at a time; hidden if there is none.

    It overlays its parent and is not in a layout, so that nothing moves when it appears. It covers no card's sentence.
    """

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = parent
        if parent is not None:
            parent.installEventFilter(self)
        self._style = style
        self._kind = "info"
        self._run: Callable[[], object] | None = None
        self.setObjectName("messageBar")
        self.setAccessibleName("Message")
        self.setProperty("role", "message")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setObjectName("messageText")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.setObjectName("messageAction")
        self._action.clicked.connect(self._act)
        self._more = QPushButton("Details")
        self._more.setObjectName("messageDetails")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._show_details)
        self._close = QToolButton()
        self._close.setObjectName("messageClose")
        self._close.setProperty("role", "tool")
        self._close.setAccessibleName("Close message")
        self._close.setToolTip("Close")
        self._close.clicked.connect(self.hide)
        self._details_text = ""
        self._details: QPlainTextEdit | None = None
        self._arrange()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INFO_MS)
        self._timer.timeout.connect(self.hide)
        session.message.connect(self.show_message)
        session.opening.connect(self._hide_error)
        session.leaving.connect(lambda: self._hide_stop_message(True))
        session.playing_changed.connect(self._hide_stop_message)
        session.rewound.connect(lambda: self._hide_stop_message(True))
        self.hide()
        self.set_style(style)

    @property
    def text(self) -> str:
        """The message shown."""
        return self._text.text()

    @property
    def offers(self) -> bool:
        """Whether a message with a button is shown."""
        return not self.isHidden() and self._run is not None

    def show_message(
        self,
        text: str,
        kind: str = "info",
        *,
        action: tuple[str, Callable[[], object]] | None = None,
        details: str = "",
        stays: bool = False,
    ) -> None:
        """Show ``text``.

        Args:
            text: one or two sentences.
            kind: ``info`` (disappears by itself), ``warning`` or ``error`` (stay until closed or replaced).
            action: label and callback of a button, which also closes the message.
            details: further text such as a traceback, shown on request.
            stays: whether an info message also stays until closed.
        """
        self._timer.stop()
        self._kind = kind if kind in ("warning", "error") else "info"
        self._text.setText(text)
        self._run = action[1] if action else None
        self._action.setVisible(action is not None)
        self._action.setText(action[0] if action else "")
        self._action.setAccessibleName(self._action.text())
        self._more.setChecked(False)
        self._more.setVisible(bool(details))
        self._details_text = details
        self._draw_icon()
        self.setAccessibleDescription(text)
        self.place()
        self.show()
        self.raise_()
        self._announce(text)
        if self._kind == "info" and not (details or stays):
            self._timer.start()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        gap = round(style.px(8))
        self._line.setContentsMargins(round(style.px(16)), round(style.px(5)), gap, round(style.px(5)))
        self._line.setSpacing(gap)
        if self._details is not None:
            self._details.setFixedHeight(round(style.px(_DETAILS_HEIGHT)))
        side = round(style.px(14))
        self._close.setIcon(icon("close", style.theme.muted, sizes=(side,)))
        self._close.setIconSize(QSize(side, side))
        self._draw_icon()
        if not self.isHidden():
            self.place()

    def place(self) -> None:
        """Move to the centre of the lower edge, above the sentences of the cards there, as large as the message needs."""
        area, gap = self._area, round(self._style.px(16))
        layout = self.layout()
        if area is None or layout is None:
            return
        width = min(area.width() - 2 * gap, round(self._style.px(_WIDTH)), self._full_width())
        layout.activate()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        left, top = (area.width() - width) // 2, area.height() - gap - height
        self.setGeometry(_raised(QRect(left, top, width, height), _sentences(area), gap // 2))

    def _full_width(self) -> int:
        """Return the width at which the message fits in one line, or the maximum width with details."""
        if self._more.isChecked():
            return round(self._style.px(_WIDTH))
        parts = [each for each in (self._icon, self._action, self._more, self._close) if not each.isHidden()]
        margins = self._line.contentsMargins()
        taken = margins.left() + margins.right() + (len(parts) + 1) * self._line.spacing()
        text = self._text.fontMetrics().horizontalAdvance(self._text.text())
        return taken + text + sum(each.sizeHint().width() for each in parts)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Reposition the bar when the window is resized or shows other cards."""
        if watched is self._area and event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        elif watched is self._area and event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            later(0, self, self.place)  # once the cards have their places
        return super().eventFilter(watched, event)

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the timer."""
        self._timer.stop()
        super().hideEvent(event)

    def _arrange(self) -> None:
        self._line = QHBoxLayout()
        self._line.addWidget(self._icon)
        self._line.addWidget(self._text, 1)
        for button in (self._action, self._more, self._close):
            self._line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._line)

    def _make_details(self) -> QPlainTextEdit:
        """Create the box of the details, which few messages have."""
        from PySide6.QtWidgets import QPlainTextEdit

        details = QPlainTextEdit(self)
        details.setReadOnly(True)
        details.setAccessibleName("Details of the message")
        details.setFixedHeight(round(self._style.px(_DETAILS_HEIGHT)))
        if (layout := self.layout()) is not None:
            layout.addWidget(details)
        return details

    def _draw_icon(self) -> None:
        theme = self._style.theme
        name, colour = {"info": ("info", theme.accent), "warning": ("warning", theme.ink)}.get(
            self._kind, ("warning", theme.error)
        )
        self._icon.setPixmap(icon_pixmap(name, colour, self._style.px(16), self.devicePixelRatioF()))

    def _announce(self, text: str) -> None:
        """Announce ``text`` to screen readers, errors immediately."""
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # late: PySide6 creates these classes

        event = QAccessibleAnnouncementEvent(self, text)
        if self._kind == "error":
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _hide_error(self) -> None:
        """Hide an error about something that could not be opened or done once something else is opened."""
        if self._kind == "error":
            self.hide()

    def _hide_stop_message(self, playing: bool) -> None:  # noqa: FBT001 - a slot of Session.playing_changed
        """Hide the message on why training stopped once training continues."""
        stopped = self._run is not None or bool(self._details_text)
        if playing and stopped:
            self.hide()

    def _act(self) -> None:
        run = self._run
        self.hide()
        if run is not None:
            run()

    def _show_details(self, on: bool) -> None:  # noqa: FBT001 - a slot of QAbstractButton.toggled
        if on and self._details is None:
            self._details = self._make_details()
        if self._details is not None:
            self._details.setPlainText(self._details_text if on else "")
            self._details.setVisible(on)
        self.place()


def _sentences(area: QWidget) -> list[QRect]:
    """Return where the visible cards in ``area`` say something."""
    cards = [card for card in area.findChildren(Card) if card.isVisibleTo(area) and card.window() is area.window()]
    return [card.sentence_area().translated(card.mapTo(area, QPoint(0, 0))) for card in cards]


def _raised(rect: QRect, avoided: Sequence[QRect], gap: int) -> QRect:
    """Return ``rect`` moved up until it covers none of ``avoided``, if there is room above."""
    for each in sorted(avoided, key=QRect.bottom, reverse=True):
        if rect.intersects(each) and each.top() - gap - rect.height() >= 0:
            rect = rect.translated(0, each.top() - gap - rect.bottom())
    return rect
