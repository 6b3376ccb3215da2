"""The panel at the left of the workspace: the list of lessons, an open lesson, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QStackedLayout, QWidget

from core.errors import PlaygroundError
from core.lessons.progress.record import LessonProgress
from playground.lessons.challenge_run import ChallengeRun
from playground.lessons.pages.browser import LessonBrowser
from playground.lessons.pages.lesson import LessonPage
from playground.lessons.pages.problem import ProblemPage
from playground.lessons.run import LessonRun
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot

MIN_WIDTH: Final = 280
MIN_HEIGHT: Final = 240


class LessonPanel(QFrame):
    """Shows one page at a time.

    Signals:
        lesson_requested: the key of a lesson to open.
        link_activated: the address of a link in a lesson.
        close_requested: close the open lesson or the list.
        list_requested: show the list.
        open_requested: let the user choose a lesson file.
        reload_requested: read the file of the open lesson again.
        show_requested: point at what a :class:`core.lessons.blocks.Show` names.
        finished: the learner has finished the lesson.
        start_over_requested: start the lesson over without the answers.
        undo_requested: restore the answers that starting over removed.
    """

    lesson_requested = Signal(str)
    link_activated = Signal(str)
    close_requested = Signal()
    list_requested = Signal()
    open_requested = Signal()
    reload_requested = Signal()
    show_requested = Signal(object)
    finished = Signal()
    start_over_requested = Signal()
    undo_requested = Signal()

    def __init__(self, progress: Callable[[str], LessonProgress], style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonPanel")
        self.setAccessibleName("Lesson")
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._style = style
        self._formulas = FormulaStore(self)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(1, 1, 1, 1)
        self.browser = LessonBrowser(progress, style)
        self.browser.lesson_requested.connect(self.lesson_requested)
        self.browser.close_requested.connect(self.close_requested)
        self.browser.open_requested.connect(self.open_requested)
        self._stack.addWidget(self.browser)
        self._page: LessonPage | ProblemPage | None = None
        self.set_style(style)

    @property
    def page(self) -> LessonPage | None:
        """The open lesson, or ``None``."""
        return self._page if isinstance(self._page, LessonPage) else None

    @property
    def problem(self) -> ProblemPage | None:
        """The page with an error, or ``None``."""
        return self._page if isinstance(self._page, ProblemPage) else None

    @property
    def formulas(self) -> FormulaStore:
        """Typesets the formulas."""
        return self._formulas

    def show_list(self) -> None:
        """Show the list of lessons; an open lesson stays open behind it."""
        self.browser.take_focus()
        self.browser.refresh()
        self._stack.setCurrentWidget(self.browser)

    def show_page(self) -> None:
        """Show the open lesson again, if there is one."""
        if self._page is not None:
            self._stack.setCurrentWidget(self._page)

    def show_run(self, run: LessonRun, challenge: ChallengeRun | None, folder: Path | None) -> LessonPage:
        """Show the lesson ``run``, which may be a challenge, and whose images lie in ``folder``."""
        page = LessonPage(run, challenge, folder, self._formulas, self._style)
        page.close_requested.connect(self.close_requested)
        page.list_requested.connect(self.list_requested)
        page.show_requested.connect(self.show_requested)
        page.link_activated.connect(self.link_activated)
        page.finished.connect(self.finished)
        page.start_over_requested.connect(self.start_over_requested)
        page.undo_requested.connect(self.undo_requested)
        focus = QApplication.focusWidget()
        comes_from_here = focus is not None and self.isAncestorOf(focus)
        self._replace_page(page)
        if comes_from_here:
            page.take_focus()
        return page

    def show_problem(self, error: PlaygroundError) -> None:
        """Show why a lesson cannot be read."""
        page = ProblemPage(error, self._style)
        page.reload_requested.connect(self.reload_requested)
        page.close_requested.connect(self.close_requested)
        self._replace_page(page)

    def clear(self) -> None:
        """Forget the open lesson."""
        self._replace_page(None)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Check the goal and update the live numbers of the open lesson."""
        page = self.page
        if page is not None:
            page.show_snapshot(snapshot)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self.setMinimumWidth(round(style.px(MIN_WIDTH)))
        self.setMinimumHeight(round(style.px(MIN_HEIGHT)))
        self.browser.set_style(style)
        if self._page is not None:
            self._page.set_style(style)

    def stop(self) -> None:
        """Stop background work, because the window closes."""
        self.browser.stop()

    def _replace_page(self, page: LessonPage | ProblemPage | None) -> None:
        old, self._page = self._page, page
        if page is not None:
            self._stack.addWidget(page)
            self._stack.setCurrentWidget(page)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
