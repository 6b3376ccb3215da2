"""Check what is visible: truncated text, numbers without a value, and the position of the ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget

from playground.lessons.cards.block import BlockCard
from playground.lessons.text.texts import UNKNOWN
from tests.walk_lessons.user_input import shown_part

if TYPE_CHECKING:
    from playground.lessons.pages.lesson import LessonPage
    from playground.lessons.ring import Ring

SLACK = 1
"""Pixels by which a text may be larger than its widget without loss."""


def clipped_texts(window: QWidget) -> list[str]:
    """Return a sentence for each visible label or button whose text is larger than itself."""
    return [
        f"“{each.text()[:60]}” is cut off ({type(each).__name__} {each.objectName()})"
        for kind in (QLabel, QAbstractButton)
        for each in window.findChildren(kind)
        if each.isVisible() and each.text() and not each.text().startswith("<") and _is_clipped(each)
    ]


def _is_clipped(widget: QLabel | QAbstractButton) -> bool:
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
        return False  # its text is not drawn
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + SLACK
    longest = max(metrics.horizontalAdvance(line) for line in widget.text().replace("&", "").splitlines())
    return longest > widget.width() + SLACK


def unknown_numbers(page: LessonPage) -> list[str]:
    """Return a sentence for each visible live number without a value."""
    return [
        f"a live number has no value in “{text.toPlainText()[:60]}”"
        for text in page.page.texts
        if text.isVisible() and UNKNOWN in text.live_numbers
    ]


def wide_texts(page: LessonPage) -> list[str]:
    """Return a sentence for each visible text with a formula or word that is wider than the panel."""
    return [
        f"“{text.toPlainText()[:60]}” is wider than the panel"
        for text in page.page.texts
        if text.isVisible() and text.horizontalScrollBar().maximum() > SLACK
    ]


def squeezed_cards(page: LessonPage) -> list[str]:
    """Return a sentence for each visible card of the step that is lower than its content."""
    return [
        f"the card “{card.heading}” has {card.height()} pixels for {needed}"
        for card in page.page.findChildren(BlockCard)
        if card.isVisible() and card.height() < (needed := card.rows.totalHeightForWidth(card.width()))
    ]


def ring_problem(ring: Ring, window: QWidget) -> str:
    """Return why the ring does not show what it should; empty if it does."""
    target = ring.target
    if target is None or not ring.isVisible():
        return "is not shown"
    if target.window() is not window:
        return "is in another window"
    if not target.isVisible():
        return "its target is hidden"
    shown = shown_part(target)
    whole = target.width() * target.height()
    if shown.width() * shown.height() < 0.9 * whole:
        return f"only {shown.width()} × {shown.height()} of {target.width()} × {target.height()} pixels can be seen"
    place = target.mapTo(window, target.rect().center())
    above = window.childAt(place)
    if above is None or (above is not target and not target.isAncestorOf(above)):
        return f"its target is covered by {above.objectName() if above is not None else 'nothing'}"
    if not ring.ring().contains(target.mapTo(window, QPoint(target.width() // 2, target.height() // 2))):
        return "surrounds something else"
    return ""
