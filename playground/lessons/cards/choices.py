"""Radio buttons whose labels may wrap and contain formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget
from typing_extensions import override

from playground.lessons.text.plain_words import has_markup, plain_words
from playground.lessons.text.texts import Texts
from playground.style.resources import icon_pixmap
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.plain_text import PlainLabel

_MARKS: Final = {"right": ("check", "accent"), "wrong": ("close", "muted")}


class Choices(QWidget):
    """A column of answers with a radio button each.

    Answers with formulas or emphasis are typeset; the accessible names of the buttons are plain words.

    Signals:
        chosen: the index of the answer that the user chose.
    """

    chosen = Signal(int)

    def __init__(
        self, answers: Sequence[str], name: str, texts: Texts, style: Style, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._group = QButtonGroup(self)
        self._marks: dict[int, str] = {}
        self._buttons: dict[QObject, QRadioButton] = {}
        self._signs: list[PlainLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        typeset = any(map(has_markup, answers))  # typeset all or none, so that they look alike
        for row, answer in enumerate(answers):
            button = QRadioButton()
            button.setObjectName(f"{name}-{row + 1}")
            button.setAccessibleName(plain_words(answer, texts.number))
            label = self._label(answer, texts if typeset else None, button)
            sign = PlainLabel()
            self._group.addButton(button, row)
            self._signs.append(sign)
            self._grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, row, 1)
            self._grid.addWidget(sign, row, 2, Qt.AlignmentFlag.AlignTop)
        self._group.idClicked.connect(self.chosen)
        self.set_style(style)

    def _label(self, answer: str, texts: Texts | None, button: QRadioButton) -> QWidget:
        """Create the label of an answer; a click on it clicks its button."""
        if texts is not None:
            view = texts.view(answer)
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            view.viewport().setCursor(Qt.CursorShape.ArrowCursor)
            view.setAccessibleName(button.accessibleName())
            clicked: QWidget = view.viewport()
            label: QWidget = view
        else:
            clicked = label = words = PlainLabel(answer)
            words.setWordWrap(True)
        clicked.installEventFilter(self)
        self._buttons[clicked] = button
        return label

    @property
    def choice(self) -> int:
        """The index of the chosen answer; −1 for none."""
        return self._group.checkedId()

    def choose(self, index: int) -> None:
        """Show ``index`` as chosen, without a signal."""
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)

    def mark(self, index: int, kind: str) -> None:
        """Mark the answer ``index`` as ``right`` or ``wrong``."""
        self._marks[index] = kind
        button = self._group.button(index)
        if button is not None:
            button.setAccessibleDescription(kind)
        self._draw()

    def lock(self) -> None:
        """Disable the buttons."""
        for button in self._group.buttons():
            button.setEnabled(False)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._grid.setHorizontalSpacing(round(style.px(4)))
        self._grid.setVerticalSpacing(round(style.px(6)))
        self._draw()

    def _draw(self) -> None:
        for index, kind in self._marks.items():
            name, colour = _MARKS[kind]
            side = self._style.px(13)
            drawn = icon_pixmap(name, getattr(self._style.theme, colour), side, self.devicePixelRatioF())
            self._signs[index].setPixmap(drawn)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose an answer when its label is clicked."""
        button = self._buttons.get(watched)
        if event.type() == QEvent.Type.MouseButtonRelease and button is not None and button.isEnabled():
            button.setFocus(Qt.FocusReason.MouseFocusReason)
            button.click()
            return True
        return super().eventFilter(watched, event)
