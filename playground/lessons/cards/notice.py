"""The notice above the first step shown: the lesson was finished or left before, and can be started over."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from core.lessons.blocks import Lesson
from core.lessons.progress.outcome import outcome_of
from core.lessons.progress.record import LessonProgress
from playground.lessons.cards.block import BlockCard
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel


class Notice(Struct, frozen=True):
    """A notice with a button.

    Attributes:
        heading: its heading.
        text: one or two sentences.
        action: what the button does: start the lesson over, or undo that.
    """

    heading: str
    text: str
    action: Literal["start over", "undo"]


def notice_of(lesson: Lesson, progress: LessonProgress) -> Notice | None:
    """Return the notice for a lesson that opens with ``progress``; ``None`` for a lesson without any."""
    if progress.finished:
        goals = outcome_of(lesson, progress).sentence
        text = f"{goals} Your answers are kept: read it again, or start over without them.".strip()
        return Notice("You have finished this lesson", text, "start over")
    if progress.step > 1 or progress.reached or progress.predictions or progress.asks:
        text = f"You left this lesson at step {progress.step}. Your answers and settings are kept."
        return Notice("Continued", text, "start over")
    return None


STARTED_OVER = Notice("Started over", "Your earlier answers and ticks were removed.", "undo")


class NoticeCard(BlockCard):
    """Shows a notice.

    Signals:
        pressed: the action of the notice.
    """

    pressed = Signal(str)

    def __init__(self, notice: Notice, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(notice.heading, style, parent)
        self.setObjectName("lessonNotice")
        text = PlainLabel(notice.text)
        text.setObjectName("lessonNoticeText")
        text.setWordWrap(True)
        is_undo = notice.action == "undo"
        button = QPushButton("Undo" if is_undo else "Start over")
        button.setObjectName("lessonNoticeButton")
        tip = "Restore the answers and ticks." if is_undo else "Start again at step 1, without the answers and ticks."
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.clicked.connect(lambda _=False: self.pressed.emit(notice.action))
        self.rows.addWidget(text)
        self.rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
