"""A read-only text field for source code, with syntax highlighting; changed lines flash for a moment."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEasingCurve, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from playground.code_view.tokens import colour_of, is_bold, tokens
from playground.style.theme import TEXT_LABEL, Style, Theme
from playground.widgets.guard import guarded

FLASH_MS: Final = 1400
FAMILIES: Final = (
    "JetBrains Mono",
    "Cascadia Mono",
    "SF Mono",
    "Menlo",
    "Consolas",
    "DejaVu Sans Mono",
    "Liberation Mono",
)


def code_font(style: Style) -> QFont:
    """Return a monospaced font of the system in the size of labels."""
    font = QFont()
    font.setFamilies([*FAMILIES, "monospace"])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setPixelSize(max(1, round(style.px(TEXT_LABEL))))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class _Colours(QSyntaxHighlighter):
    """Highlights Python in the colours of the theme."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self._theme = theme
        self.rehighlight()

    @override
    @guarded
    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        found, inside = tokens(text, in_docstring=self.previousBlockState() == 1)
        for token in found:
            kind = QTextCharFormat()
            kind.setForeground(colour_of(token.kind, self._theme))
            if is_bold(token.kind):
                kind.setFontWeight(QFont.Weight.Bold)
            # Qt counts UTF-16 code units, of which a character outside the basic plane has two.
            start = len(text[: token.start].encode("utf-16-le")) // 2
            length = len(text[token.start : token.start + token.length].encode("utf-16-le")) // 2
            self.setFormat(start, length, kind)
        self.setCurrentBlockState(1 if inside else 0)


class CodeText(QPlainTextEdit):
    """Shows source code.

    Signals:
        copy_requested: Ctrl+C was pressed while no text is selected.
    """

    copy_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeText")
        self.setAccessibleName("Source code")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._style = style
        self._lines: list[str] = []
        self._changed: list[int] = []
        self._start = 0
        self._colours = _Colours(self.document(), style.theme)
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.setDuration(FLASH_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.InQuad)
        self._fade.valueChanged.connect(self._light_up)
        self.set_style(style)

    @property
    def changed(self) -> list[int]:
        """Numbers of the lines that changed last, from 0."""
        return self._changed

    @property
    def is_flashing(self) -> bool:
        """Whether changed lines are flashing."""
        return self._fade.state() == QVariantAnimation.State.Running

    def show_lines(self, lines: Sequence[str], *, flash: bool, start: int) -> None:
        """Show ``lines``; with ``flash``, those that changed flash.

        Without it, the line ``start`` is at the top, as what is above changes little; else the position stays.
        """
        before, self._lines, self._start = self._lines, list(lines), start
        if before == self._lines:
            return
        down, across = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self._replace(before)
        self.verticalScrollBar().setValue(down if before and flash else start)
        self.horizontalScrollBar().setValue(across)
        self._fade.stop()
        self.setExtraSelections([])
        self._changed = changed_lines(before, self._lines) if flash else []
        if self._changed and self.isVisible():
            self._show_change()
            self._light_up(1.0)
            self._fade.start()

    def _replace(self, before: list[str]) -> None:
        """Replace the lines that differ between the first and the last difference; a selection elsewhere stays."""
        now = self._lines
        if not before:
            self.setPlainText("\n".join(now))
            return
        shorter = min(len(before), len(now))
        front = next((n for n in range(shorter) if before[n] != now[n]), shorter)
        back = next((n for n in range(shorter - front) if before[-1 - n] != now[-1 - n]), shorter - front)
        if front == 0 and back == 0:
            self.setPlainText("\n".join(now))
            return
        cursor = QTextCursor(self.document())
        if front + back == len(before) or front + back == len(now):  # whole lines come or go
            self.setPlainText("\n".join(now))
            return
        first, last = (
            self.document().findBlockByNumber(front),
            self.document().findBlockByNumber(len(before) - back - 1),
        )
        cursor.setPosition(first.position())
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("\n".join(now[front : len(now) - back]))

    def _show_change(self) -> None:
        """Scroll to the first changed line, unless one is visible or the user is reading here."""
        if self.hasFocus() or self.textCursor().hasSelection():
            return
        below = [line for line in self._changed if line >= self._start] or self._changed
        first = self.firstVisibleBlock().blockNumber()
        shown = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))
        if not any(first <= line < first + shown for line in below):
            self.verticalScrollBar().setValue(max(0, below[0] - shown // 3))

    def _light_up(self, strength: float) -> None:
        """Highlight the changed lines with ``strength``, from 1 to 0."""
        ground = QColor(self._style.theme.accent)
        ground.setAlphaF(0.28 * strength)
        selections = []
        for line in self._changed:
            selection = QTextEdit.ExtraSelection()
            selection.format.setBackground(ground)
            selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            selection.cursor = QTextCursor(self.document().findBlockByNumber(line))
            selections.append(selection)
        self.setExtraSelections(selections if strength > 0.0 else [])

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        font = code_font(style)
        self.setFont(font)
        self.document().setDefaultFont(font)
        theme = style.theme
        families = ", ".join(f"'{name}'" for name in font.families())
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.panel}; color: {theme.ink}; border: none;"
            f" font-family: {families}; font-size: {font.pixelSize()}px; selection-background-color: {theme.soft};"
            f" selection-color: {theme.ink}; }}"
            f"QPlainTextEdit:focus {{ border-left: 2px solid {theme.accent}; }}"
        )
        self._colours.set_theme(theme)

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation of a hidden field."""
        super().hideEvent(event)
        self._fade.stop()
        self.setExtraSelections([])

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy everything if nothing is selected."""
        if event.matches(QKeySequence.StandardKey.Copy) and not self.textCursor().hasSelection():
            self.copy_requested.emit()
            return
        super().keyPressEvent(event)


def changed_lines(before: Sequence[str], now: Sequence[str]) -> list[int]:
    """Return the numbers of the lines of ``now`` that are new or changed, from 0."""
    matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
    parts = [part for part in matcher.get_opcodes() if part[0] in ("replace", "insert")]
    return [line for _, _, _, start, stop in parts for line in range(start, stop)]
