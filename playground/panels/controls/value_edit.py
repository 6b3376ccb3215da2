"""A value that looks like text until it is clicked; then it can be edited, and errors are shown immediately."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget
from typing_extensions import override

from playground.style.numbers import MINUS, THIN_SPACE
from playground.widgets.guard import guarded

Parser = Callable[[str], float]
"""Parses typed text; raises ValueError with a sentence if it is invalid."""


class ValueEdit(QLineEdit):
    """A number that can be edited in place.

    Signals:
        entered: a valid value was confirmed with Return; Escape and losing the focus restore the previous value.
    """

    entered = Signal(float)

    def __init__(self, parse: Parser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parse = parse
        self._shown = ""
        self._typed = ""
        self._was_just_focused = False
        self.setProperty("role", "value")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        # Compensate QLineEdit's own margin, so that the number is aligned with the slider.
        self.setTextMargins(0, 0, -3, 0)
        # Tab stops at the slider; Return on the slider starts editing here.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.textEdited.connect(self._check)
        self.returnPressed.connect(self._accept)

    def show_value(self, shown: str, typed: str) -> None:
        """Show ``shown``, or the exact number ``typed`` while editing."""
        self._shown, self._typed = shown, typed
        if not self.hasFocus():
            self.setText(shown)

    def begin(self) -> None:
        """Start editing."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the exact number, selected."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # the context menu closed; keep the typed text
        self.setText(self._typed)
        self.selectAll()
        self._was_just_focused = event.reason() == Qt.FocusReason.MouseFocusReason

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Place the cursor, except on the click that gave the focus, which keeps the whole text selected."""
        if self._was_just_focused:
            self._was_just_focused = False
        else:
            super().mousePressEvent(event)

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Restore the previous value; only Return accepts typed text."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._mark("")
            self.setText(self._shown)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def _accept(self) -> None:
        """Accept the typed text; invalid text stays selected, so that typing replaces it."""
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
        """Mark the field as invalid and show ``problem``; an empty ``problem`` removes the mark."""
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
    """Return the number in ``text``, in any common notation: ``−0.5``, ``1 000``, ``3e−4``, ``5 %``, ``2 ×``.

    Raises:
        ValueError: ``text`` is not a number.
    """
    cleaned = text.strip().replace(MINUS, "-").replace(THIN_SPACE, "").replace(" ", "").replace("×", "")
    share = cleaned.endswith("%")
    try:
        number = float(cleaned.rstrip("%").replace(",", "."))
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not a number") from None
    return number / 100.0 if share else number
