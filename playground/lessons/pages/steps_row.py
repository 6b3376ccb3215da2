"""The steps of a lesson as a row of numbered buttons with ticks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from playground.style.resources import icon
from playground.style.theme import Style
from playground.widgets.plain_text import plain_tip


class StepsRow(QWidget):
    """A button for each step; one that is done shows a tick instead of its number.

    Signals:
        chosen: the index of a step that was clicked.
    """

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Steps")
        self._titles, self._style = titles, style
        self._done: frozenset[int] = frozenset()
        self._current = 0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.buttons: list[QToolButton] = []
        for index, title in enumerate(titles):
            button = QToolButton()
            button.setObjectName(f"lessonStep-{index + 1}")
            button.setCheckable(True)
            button.setToolTip(plain_tip(title))
            button.setProperty("role", "step")
            button.clicked.connect(lambda _=False, index=index: self._choose(index))
            self._row.addWidget(button)
            self.buttons.append(button)
        self._row.addStretch(1)
        self.set_style(style)

    def show_state(self, current: int, done: Collection[int]) -> None:
        """Show step ``current`` as the current one, and ticks at the steps ``done``."""
        self._current, self._done = current, frozenset(done)
        self._draw()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._row.setSpacing(round(style.px(3)))
        self._draw()

    def _choose(self, index: int) -> None:
        self._draw()  # the click has toggled the button
        self.chosen.emit(index)

    def _draw(self) -> None:
        side = round(self._style.px(12))
        for index, button in enumerate(self.buttons):
            done, current = index in self._done, index == self._current
            button.setChecked(current)
            button.setText("" if done else str(index + 1))
            button.setIcon(icon("check", self._style.theme.accent, sizes=(side,)) if done else QIcon())
            button.setIconSize(QSize(side, side))
            state = ", ".join(word for word in ("done" if done else "", "current" if current else "") if word)
            button.setAccessibleName(f"Step {index + 1}: {self._titles[index]}{f', {state}' if state else ''}")
            button.setFixedSize(round(self._style.px(26)), round(self._style.px(24)))
