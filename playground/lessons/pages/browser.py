"""The list of lessons, ordered by topic of the curriculum, and of challenges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from core.lessons.blocks import Lesson
from core.lessons.catalogue import TOUR, lessons
from core.lessons.progress.record import LessonProgress
from playground.lessons.pages.lesson_row import LessonRow
from playground.style.resources import icon
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel
from playground.widgets.tab_order import order_around
from playground.worker.background import Background

_MARGIN = 14


class LessonBrowser(QWidget):
    """Lists all lessons that ship with the playground; they are read in the background.

    Signals:
        lesson_requested: the key of a lesson to open.
        close_requested: close the list.
        open_requested: let the user choose a lesson file.
        filled: the lessons are listed.

    Args:
        progress: returns the progress in a lesson by key.
        style: the initial style.
    """

    lesson_requested = Signal(str)
    close_requested = Signal()
    open_requested = Signal()
    filled = Signal()

    def __init__(self, progress: Callable[[str], LessonProgress], style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress, self._style = progress, style
        self.rows: list[LessonRow] = []
        self._takes_focus = False
        title = PlainLabel("Lessons")
        title.setProperty("role", "heading")
        self._close = QToolButton()
        self._close.setObjectName("lessonListClose")
        self._close.setProperty("role", "tool")
        self._close.setAccessibleName("Close the list")
        self._close.setToolTip("Close the list.")
        self._close.clicked.connect(lambda _=False: self.close_requested.emit())
        self._head = QHBoxLayout()
        self._head.addWidget(title, 1)
        self._head.addWidget(self._close)
        self._content = QWidget()
        self._content.setProperty("role", "clear")
        self._list = QVBoxLayout(self._content)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addStretch(1)
        self._listed: list[QWidget] = []
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(self._content)
        scroll.setObjectName("lessonListScroll")
        scroll.setAccessibleName("Lessons")
        self._opener = opener = QPushButton("Open a lesson file…")
        opener.setProperty("role", "link")
        opener.setObjectName("openLessonButton")
        opener.clicked.connect(lambda _=False: self.open_requested.emit())
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(self._head)
        self._rows.addWidget(scroll, 1)
        self._rows.addWidget(opener)
        self._jobs = Background("lessons", self)
        self._jobs.succeeded.connect(lambda found: self._fill(cast("Sequence[Lesson]", found)))
        self._jobs.failed.connect(lambda _error: self._fill(()))
        self.set_style(style)

    def refresh(self) -> None:
        """Read the lessons again, and show the progress in each."""
        self._jobs.submit(lambda _advance: lessons())

    def take_focus(self) -> None:
        """Focus the first lesson once the lessons are read, so that keys can choose one."""
        self._takes_focus = True

    def wait(self) -> None:
        """Block until the lessons are read; for tests only."""
        self._jobs.wait()
        self._jobs.deliver()

    def stop(self) -> None:
        """Stop reading, because the window closes."""
        self._jobs.stop()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        px = style.px
        self._rows.setContentsMargins(round(px(_MARGIN)), round(px(8)), round(px(8)), round(px(10)))
        self._rows.setSpacing(round(px(6)))
        self._list.setSpacing(round(px(4)))
        side = round(px(14))
        self._close.setIcon(icon("close", style.theme.muted, sizes=(side,)))
        self._close.setIconSize(QSize(side, side))
        for row in self.rows:
            row.set_style(style)

    def _fill(self, found: Sequence[Lesson]) -> None:
        focused = next((row.lesson.key for row in self.rows if row.hasFocus()), None)
        for widget in self._listed:
            self._list.removeWidget(widget)
            widget.deleteLater()
        self._listed.clear()
        self.rows.clear()
        tour = [each for each in found if each.key == TOUR]
        challenges = [each for each in found if each.front.challenge is not None]
        others = [each for each in found if each not in tour and each not in challenges]
        self._add("Start here", tour)
        self._add("By topic", sorted(others, key=lambda each: (each.front.row or 99, each.key)))
        self._add("Challenges", sorted(challenges, key=lambda each: each.front.challenge.number))  # type: ignore[union-attr]
        if not found:
            self._append(PlainLabel("No lessons are installed."))
        order_around(self._close, self._content, self._opener)
        takes, self._takes_focus = self._takes_focus, False
        for number, row in enumerate(self.rows):
            if row.lesson.key == focused or (takes and focused is None and number == 0):
                row.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filled.emit()

    def _add(self, heading: str, found: Sequence[Lesson]) -> None:
        if not found:
            return
        label = PlainLabel(heading)
        label.setProperty("role", "muted")
        self._append(label)
        for lesson in found:
            row = LessonRow(lesson, self._progress(lesson.key), self._style)
            row.clicked.connect(lambda _=False, key=lesson.key: self.lesson_requested.emit(key))
            self._append(row)
            self.rows.append(row)

    def _append(self, widget: QWidget) -> None:
        self._list.insertWidget(len(self._listed), widget)
        self._listed.append(widget)
