"""The ⓘ button of a card, which explains in three sentences, a formula and a legend how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from playground.style.resources import icon
from playground.style.theme import CARD_PADDING, GRID, TEXT_CONTROL, TEXT_LABEL, TITLE_ICON
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from playground.style.theme import Style
    from playground.widgets.live_card import LiveCard
    from playground.window.card_entry import CardEntry


HELP_RANK: Final = 1
"""Position in the title line: right of the card's controls and switches, left of its menu."""

WIDTH: Final = 400
"""Width of the explanation in pixels at scale 1."""


class Explanation(QFrame):
    """A popup with a text; a click elsewhere or Escape closes it."""

    def __init__(self, text: str, style: Style, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = style.theme
        self.setStyleSheet(
            f"Explanation {{ background: {theme.panel}; border: 1px solid {theme.line}; }}"
            f"QLabel {{ color: {theme.ink}; font-size: {round(style.px(TEXT_CONTROL))}px; }}"
        )
        label = PlainLabel(text)
        label.setTextFormat(Qt.TextFormat.RichText)  # safe: the text comes from the table of cards and is escaped
        label.setWordWrap(True)
        label.setFixedWidth(round(style.px(WIDTH)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, GRID, CARD_PADDING, GRID)
        layout.addWidget(label)


class CardHelp:
    """Adds an ⓘ button to a card's title line that explains the card.

    Args:
        card: the card.
        entry: its entry in the table of cards.
        style: the initial style.
    """

    def __init__(self, card: LiveCard, entry: CardEntry, style: Style) -> None:
        self._entry = entry
        self._style = style
        self._button = QToolButton(card)
        self._button.setProperty("role", "tool")
        self._button.setProperty("slim", True)
        self._button.setObjectName(f"help-{entry.key}")
        self._button.setAccessibleName(f"About {card.title}")
        self._button.setAccessibleDescription(self.spoken)
        self._button.setToolTip("What this shows and how to read it.")
        self._button.clicked.connect(lambda: self.explain(self._button))
        card.add_header_widget(self._button, HELP_RANK, last=True)
        card.title_parts.append(self)

    @property
    def text(self) -> str:
        """The explanation as rich text: the sentences, the formula as a picture, and what its symbols and the marks mean."""
        # Imported late: not needed for the first frame.
        import html

        from playground.panels.controls.formula_tip import formula_paragraphs
        from playground.window.symbols import meanings

        entry, style = self._entry, self._style
        formula = formula_paragraphs(entry.formula, style, round(style.px(WIDTH))) if entry.formula else ""
        look = f"color: {style.theme.muted}; font-size: {round(style.px(TEXT_LABEL))}px"
        lists = (" · ".join(meanings(entry.formula)), entry.keys)
        # No line begins with a dot.
        shown = (html.escape(each).replace(" · ", "\u00a0· ") for each in lists if each)
        legends = "".join(f'<p style="{look}">{each}</p>' for each in shown)
        return f"<p>{html.escape(entry.help)}</p>{formula}{legends}"

    @property
    def spoken(self) -> str:
        """The explanation as plain text for screen readers."""
        return f"{self._entry.help} {self._entry.keys}".strip()

    def set_style(self, style: Style) -> None:
        """Draw the button in ``style``."""
        self._style = style
        side = round(style.px(TITLE_ICON))
        self._button.setIcon(icon("info", style.theme.muted, sizes=(side,)))
        self._button.setIconSize(QSize(side, side))

    def explain(self, anchor: QWidget) -> None:
        """Show the explanation below ``anchor``."""
        shown = Explanation(self.text, self._style, anchor)
        shown.setAccessibleName(self.spoken)
        shown.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - shown.width(), anchor.height()))
        screen = anchor.screen().availableGeometry()
        x = min(max(corner.x(), screen.left()), screen.right() - shown.width())
        y = min(corner.y(), screen.bottom() - shown.height())
        shown.move(x, max(y, screen.top()))
        shown.show()
