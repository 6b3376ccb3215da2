"""A value that looks like text until it is clicked: then it can be typed, and what is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget
from typing_extensions import override

from playground.style.numbers import MINUS, THIN_SPACE
from playground.widgets.guard import guarded

Parser = Callable[[str], float]
"""Turns typed text into a value; raises ValueError with a sentence when it is none."""


class ValueEdit(QLineEdit):
    """A number in place.

    Signals:
        entered: a valid value was typed and confirmed by Return; Escape and leaving the field keep the one before.
    """

    entered = Signal(float)

    def __init__(self, parse: Parser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parse = parse
        self._shown = ""
        self._typed = ""
        self._just_entered = False
        self.setProperty("role", "value")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        # A line edit keeps two pixels of its own at either side; the number ends where the slider does.
        self.setTextMargins(0, 0, -3, 0)
        # The slider is the stop for Tab; Return on it comes here.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.textEdited.connect(self._check)
        self.returnPressed.connect(self._take)

    def show_value(self, shown: str, typed: str) -> None:
        """Show ``shown``; while it is edited, ``typed`` (the exact number) stands there instead."""
        self._shown, self._typed = shown, typed
        if not self.hasFocus():
            self.setText(shown)

    def begin(self) -> None:
        """Let the value be typed."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the exact number, selected."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # what was typed before its menu opened is still there
        self.setText(self._typed)
        self.selectAll()
        self._just_entered = event.reason() == Qt.FocusReason.MouseFocusReason

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Place the cursor, but leave all selected at the click that brought the focus: what is typed replaces it."""
        if self._just_entered:
            self._just_entered = False
        else:
            super().mousePressEvent(event)

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the value in force again; what was typed is taken by Return only."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._mark("")
            self.setText(self._shown)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def _take(self) -> None:
        """Take what was typed; what is wrong stays, selected, so that the next digits replace it."""
        text, before = self.text(), self._typed
        if text.strip() in ("", before):
            self.clearFocus()
        elif self._check(text):
            value = self._parse(text)
            self.clearFocus()
            self.entered.emit(value)
        else:
            self.selectAll()

    def _check(self, text: str) -> bool:
        try:
            self._parse(text)
        except ValueError as error:
            self._mark(str(error))
            return False
        self._mark("")
        return True

    def _mark(self, problem: str) -> None:
        """Draw the field as wrong and say why, or neither."""
        wrong = bool(problem)
        if wrong != bool(self.property("wrong")):
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleDescription(problem)
        if wrong:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), problem, self)
        elif QToolTip.isVisible():
            QToolTip.hideText()


def plain_number(text: str) -> float:
    """Return the number in ``text``, written as people write it: ``−0.5``, ``1 000``, ``3e−4``, ``5 %``, ``2 ×``.

    Raises:
        ValueError: it is no number.
    """
    cleaned = text.strip().replace(MINUS, "-").replace(THIN_SPACE, "").replace(" ", "").replace("×", "")
    share = cleaned.endswith("%")
    try:
        number = float(cleaned.rstrip("%").replace(",", "."))
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not a number") from None
    return number / 100.0 if share else number
