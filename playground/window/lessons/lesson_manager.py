"""Open and close lessons in the window, set the user's own work aside in the meantime, and save the progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal

from core.errors import PlaygroundError
from playground.session.restrictions import NONE
from playground.session.saving.own_work import OwnWork
from playground.widgets.later import later
from playground.window.lessons.control_locks import ControlLocks
from playground.window.lessons.files import OPEN, choose_lesson
from playground.window.lessons.pointing import Pointing
from playground.window.lessons.reader import LessonReader
from playground.window.lessons.stored_progress import StoredProgress, stored_name
from playground.window.workspace.left_column import LeftColumn

if TYPE_CHECKING:
    from core.lessons.blocks import Lesson
    from core.training.snapshot import Snapshot
    from playground.lessons.cards.notice import Notice
    from playground.lessons.challenge_run import ChallengeRun
    from playground.lessons.pages.lesson import LessonPage
    from playground.lessons.pages.panel import LessonPanel
    from playground.lessons.progress_store import ProgressStore
    from playground.lessons.run import LessonRun
    from playground.panels import ControlPanel
    from playground.style.theme import Style
    from playground.window.parts import WindowParts

TEXT_HERTZ: Final = 5.0


class LessonManager(QObject):
    """Opens lessons in a panel docked in the left column; the panel is built and its modules imported on first use.

    Signals:
        opened_or_closed: a lesson, or the page of one that cannot be read, was opened or closed.

    Args:
        parts: the parts of the window.
        column: where the panel is docked.
        controls: the control panel, parts of which a lesson hides.
        own_work: sets the user's work aside.
        settings: remembers the open lesson from one start to the next.
        folder: the folder of the app's state, for the progress.

    Attributes:
        pointing: points at controls and cards.
    """

    opened_or_closed = Signal()

    def __init__(
        self,
        parts: WindowParts,
        column: LeftColumn,
        controls: ControlPanel,
        own_work: OwnWork,
        settings: QSettings,
        folder: Path,
    ) -> None:
        super().__init__(parts.window)
        self._parts, self._column, self._controls = parts, column, controls
        self._own_work, self._settings = own_work, settings
        self._progress = StoredProgress(folder / "lessons" / "progress.json", parts.session, self)
        self._panel: LessonPanel | None = None
        self._run: LessonRun | None = None
        self._challenge: ChallengeRun | None = None
        self._file: Path | None = None
        self._wanted: Path | None = None
        self._own_arrangement = ""
        self._locks = ControlLocks(controls, self)
        self._reader = LessonReader(self)
        self.pointing = Pointing(parts)
        parts.session.leaving.connect(self._end)
        parts.controller.clock.arrived.connect(self._on_snapshot)
        parts.appearance.changed.connect(self._show_style)
        parts.files.lesson_requested.connect(self.open_file)
        controls.wanted_height_changed.connect(self._share)
        parts.workspace.switched.connect(lambda _key: later(0, self, column.widen))

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def run(self) -> LessonRun | None:
        """The open lesson, or ``None``."""
        return self._run

    @property
    def is_showing(self) -> bool:
        """Whether a lesson, or the page of one that cannot be read, is open."""
        return self._run is not None or (self._panel is not None and self._panel.problem is not None)

    @property
    def own_playing(self) -> bool:
        """Whether the user's own work is training, or was before the lesson."""
        return self._own_work.playing

    @property
    def file(self) -> Path | None:
        """The file of the open lesson, or ``None``."""
        return self._file

    @property
    def page(self) -> LessonPage | None:
        """The page of the open lesson, or ``None``."""
        return None if self._panel is None else self._panel.page

    @property
    def panel(self) -> LessonPanel:
        """The panel; built on first use."""
        if self._panel is None:
            self._panel = self._make_panel()
        return self._panel

    @property
    def store(self) -> ProgressStore:
        """The store of the progress; built on first use."""
        return self._progress.store

    # -- opening -----------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the list of lessons; if it is shown, return to the open lesson or close the list."""
        if self._panel is not None and self._panel.isVisible() and self._panel.browser.isVisible():
            self._close_list()
            return
        self._reader.when_loaded(self._show_list)

    def _show_list(self) -> None:
        self._dock()
        self.panel.show_list()
        later(0, self, self._share)

    def open_lesson(self, key: str) -> None:
        """Open the shipped lesson called ``key``, or one beside the open lesson's file."""
        from core.lessons.catalogue import linked_file

        path = linked_file(key, self._file)
        if path is None:
            self._parts.session.message.emit(f"There is no lesson called “{key}”.", "error")
        else:
            self.open_file(path)

    def open_file(self, path: Path, *, start_over: bool | None = None) -> None:
        """Open the lesson in the file ``path``; one that cannot be read is explained in the panel.

        It is read in the background, and appears when that is done.

        Args:
            path: the file.
            start_over: whether to start with the lesson's own experiment; by default only if it was finished.
        """
        self._wanted = path
        self._reader.read(path, lambda lesson: self._open(path, lesson, start_over=start_over), self._show_problem)

    def continue_file(self, path: Path) -> None:
        """Open the lesson in the file ``path`` where it was left, even at the end of a finished one."""
        self.open_file(path, start_over=False)

    def _open(self, path: Path, lesson: Lesson, *, start_over: bool | None) -> None:
        from core.lessons.changes import initial_experiment

        self._leave_run()
        opening = self._progress.opening(path, lesson, start_over=start_over)
        start = initial_experiment(lesson.front)
        if not self._own_work.is_aside:
            self._own_arrangement = self._parts.workspace.arrangement
        resumed = self._own_work.replace(opening.name, start, path.parent, afresh=opening.start_over)
        self._file = path
        self._settings.setValue(OPEN, str(path))
        self._begin(lesson, opening.name, resumed=resumed, notice=opening.notice)
        # Paint a frame with the lesson first, because switching the workspace takes a while.
        later(0, self, lambda: self._arrange(lesson))

    def choose_file(self) -> None:
        """Ask for a lesson's file and open it."""
        path = choose_lesson(self._parts.window, None if self._file is None else self._file.parent)
        if path is not None:
            self.open_file(path)

    def reload(self) -> None:
        """Read the lesson's file again, keeping the step, the experiment and the answers."""
        file = self._file
        if self._run is not None and file is not None and self._wanted == file:
            self._reader.read(file, lambda lesson: self._replace(file, lesson), self._show_problem)
        elif self._wanted is not None:
            self.open_file(self._wanted)

    def _replace(self, file: Path, lesson: Lesson) -> None:
        if self._file == file:
            self._leave_run()
            self._begin(lesson, stored_name(file, lesson), resumed=True)
            self._lock(lesson)

    def start_over(self) -> None:
        """Start the open lesson over, without the answers and ticks."""
        if self._file is None or self._run is None:
            return
        self._run.save_progress(self._progress.remove_answers(self._file, self._run.lesson))
        self.open_file(self._file, start_over=True)

    def undo_start_over(self) -> None:
        """Restore the answers and ticks that :meth:`start_over` removed; the lesson stays at its first step."""
        if self._file is None or self._run is None:
            return
        progress = self._progress.restore_answers()
        if progress is not None:
            self._run.save_progress(progress)
            self.open_file(self._file, start_over=True)

    def close(self) -> None:
        """Close the open lesson and restore the user's own work; if none is open, close the panel."""
        if self._panel is not None and self._panel.browser.isVisible():
            self._close_list()
        elif self._run is not None and self.panel.problem is not None:
            # The unreadable file was another lesson or a new version of this one.
            self._wanted = self._file
            self._show_run(self._run)
        else:
            self._end()

    # -- in a lesson -------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Go to the next step."""
        if self.page is not None:
            self.page.next.click()

    def back(self) -> None:
        """Go to the previous step."""
        if self.page is not None:
            self.page.back.click()

    def show_me(self) -> None:
        """Point at the next thing that the step shows."""
        if self.page is not None:
            self.page.point()

    def apply_solution(self) -> None:
        """Apply the solution of the step's goal, and train."""
        if self._run is not None:
            self._run.apply_solution()

    def reset_step(self) -> None:
        """Restore the state in which the step was entered."""
        if self._run is not None:
            self._run.reset_step()

    def stop(self) -> None:
        """Save the progress and stop, because the window closes; the lesson can be continued at the next start."""
        self._reader.stop()
        self._stop_challenge()
        self._progress.save()
        if self._run is not None:
            self._run.solver.stop()
        self.pointing.clear()
        if self._panel is not None:
            self._panel.stop()
            self._undock()

    # -- internal ------------------------------------------------------------------------------------------------------

    def _make_panel(self) -> LessonPanel:
        from playground.lessons.pages.panel import LessonPanel

        panel = LessonPanel(self.store.of, self._parts.appearance.style, self._parts.window)
        panel.hide()
        panel.lesson_requested.connect(self.open_lesson)
        panel.link_activated.connect(self._follow_link)
        panel.close_requested.connect(self.close)
        panel.list_requested.connect(self.show_list)
        panel.open_requested.connect(self.choose_file)
        panel.reload_requested.connect(self.reload)
        panel.show_requested.connect(self.pointing.show)
        panel.finished.connect(self._finish)
        panel.start_over_requested.connect(self.start_over)
        panel.undo_requested.connect(self.undo_start_over)
        self._parts.controller.clock.add(panel, TEXT_HERTZ)
        return panel

    def _begin(self, lesson: Lesson, name: str, *, resumed: bool, notice: Notice | None = None) -> None:
        from playground.lessons.challenge_run import ChallengeRun
        from playground.lessons.run import LessonRun

        run = LessonRun(lesson, self.store.of(name), self._parts.session, self, resumed=resumed, notice=notice)
        run.progress_changed.connect(lambda: self.store.put(name, run.progress))
        run.step_changed.connect(self._parts.controller.clock.redraw_all)
        run.step_changed.connect(self.pointing.clear)
        self._run = run
        self._dock()
        front = lesson.front.challenge
        self._challenge = None if front is None else ChallengeRun(run, front, self._parts.session, run)
        self._show_run(run)
        self._parts.controller.clock.redraw_all()
        self.opened_or_closed.emit()

    def _show_run(self, run: LessonRun) -> None:
        self.panel.show_run(run, self._challenge, None if self._file is None else self._file.parent)

    def _show_problem(self, error: PlaygroundError) -> None:
        self._dock()
        self.panel.show_problem(error)
        self.opened_or_closed.emit()

    def _arrange(self, lesson: Lesson) -> None:
        if self._run is None or self._run.lesson is not lesson:
            return  # closed before it was read
        self._parts.workspace.show_arrangement(lesson.front.workspace)
        for key in lesson.front.cards:
            self.pointing.card(key)
        self._lock(lesson)

    def _lock(self, lesson: Lesson) -> None:
        from playground.window.lessons.restrictions import names_in, restrictions_of

        self._locks.apply(names_in(lesson.front.hide), names_in(lesson.front.lock))
        self._parts.session.restrict(restrictions_of(lesson.front))
        self._controls.setVisible(not self._locks.hides_all)
        later(0, self, self._share)

    def _share(self) -> None:
        self._column.share(self._controls.wanted_height())

    def _end(self) -> None:
        """Close the open lesson and restore the user's own work."""
        if self._run is not None:
            self._leave_run()
            self._settings.remove(OPEN)
            self._own_work.give_back()
            self._file = None
        self._wanted = None
        if self._panel is not None:
            self._panel.clear()
            self._undock()
        own, self._own_arrangement = self._own_arrangement, ""
        if own:
            self._parts.workspace.show_arrangement(own)
        self.opened_or_closed.emit()

    def _leave_run(self) -> None:
        self._stop_challenge()
        run, self._run = self._run, None
        if run is not None:
            run.solver.stop()
            self.store.save()
            run.deleteLater()
        self.pointing.clear()

    def _stop_challenge(self) -> None:
        challenge, self._challenge = self._challenge, None
        if challenge is not None:
            challenge.stop()

    def _finish(self) -> None:
        if (run := self._run) is None:
            return
        said = f"“{run.lesson.front.title}” is finished. {run.outcome.sentence}".strip()
        self._end()
        self._show_list()
        self._parts.session.message.emit(f"{said} Your own work is back.", "info")

    def _dock(self) -> None:
        self._parts.workspace.restore()
        self._column.dock(self.panel, self._parts.appearance.style.scale)

    def _undock(self) -> None:
        self._locks.release()
        self._parts.session.restrict(NONE)
        self._controls.show()
        self._column.undock()

    def _close_list(self) -> None:
        if self._run is not None or self.panel.problem is not None:
            self.panel.show_page()
        else:
            self._undock()

    def _follow_link(self, target: str) -> None:
        from PySide6 import QtCore, QtGui

        from core.lessons.file_format.references import linked_lesson

        if (key := linked_lesson(target)) is None:
            QtGui.QDesktopServices.openUrl(QtCore.QUrl(target))
        else:
            self.open_lesson(key)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._run is not None and self._run.solver.is_running:
            self._run.solver.show_snapshot(snapshot)

    def _show_style(self, style: Style) -> None:
        if self._panel is not None:
            self._panel.set_style(style)
        self.pointing.set_style(style)
