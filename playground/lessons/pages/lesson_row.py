"""One lesson in the list: its title, summary and progress."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.lessons.blocks import Lesson
from core.lessons.measurements.conditions import measure_name, score_in_words
from core.lessons.progress.outcome import outcome_of
from core.lessons.progress.record import LessonProgress
from playground.style.resources import icon_pixmap
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.plain_text import PlainLabel


class LessonRow(QPushButton):
    """A button with a lesson's title, summary, minutes and progress; its height fits the wrapped text."""

    def __init__(self, lesson: Lesson, progress: LessonProgress, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lesson = lesson
        self.setObjectName(f"lesson-{lesson.key}")
        self.setProperty("role", "row")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        front = lesson.front
        number = front.challenge.number if front.challenge is not None else front.row
        self._title = _label(f"{number} · {front.title}" if number else front.title, "title")
        self._summary = _label(front.summary, "muted")
        self._state = _label("", "muted")
        self._tick = PlainLabel()
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignTop)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        self._rows.addWidget(self._summary)
        self._rows.addWidget(self._state)
        for child in self.findChildren(PlainLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = ""
        self.show_progress(progress)
        self.set_style(style)

    def show_progress(self, progress: LessonProgress) -> None:
        """Show the progress in the lesson."""
        front, steps = self.lesson.front, len(self.lesson.steps)
        outcome = outcome_of(self.lesson, progress)
        is_done = progress.finished and outcome.is_complete
        self._picture = "check" if is_done or (front.challenge is not None and progress.best is not None) else ""
        parts = [f"{front.minutes} min"]
        if progress.best is not None and front.challenge is not None:
            score = front.challenge.score
            best = score_in_words(score, progress.best.score)
            parts.append(f"your best: {best} ({measure_name(score).lower()})")
        elif is_done:
            parts.append("done")
        elif progress.finished:
            parts.append(f"partly done: {outcome.summary}")
            self._picture = "partly"
        elif progress.reached or progress.step > 1:
            parts.append(f"step {progress.step} of {steps}")
        self._state.setText(" · ".join(parts))
        self.setAccessibleName(f"{self._title.text()}, {self._state.text()}")
        self.setAccessibleDescription(front.summary)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        px = style.px
        self._rows.setContentsMargins(round(px(10)), round(px(7)), round(px(10)), round(px(7)))
        self._rows.setSpacing(round(px(2)))
        side = px(13)
        self._tick.setFixedWidth(round(side))
        if self._picture:
            self._tick.setPixmap(icon_pixmap(self._picture, style.theme.accent, side, self.devicePixelRatioF()))

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the size of the text."""
        return self._rows.totalSizeHint()

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the minimum size of the text."""
        return QSize(0, self._rows.totalMinimumSize().height())

    @override
    @guarded_or(True)
    def hasHeightForWidth(self) -> bool:
        """Return True: the text wraps."""
        return True

    @override
    @guarded_or(0)
    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped text."""
        return self._rows.totalHeightForWidth(width)


def _label(text: str, role: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
