"""The entries of the menu *Lessons* for teachers and authors: print, answers, edit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.errors import PlaygroundError
from playground.window.menu_entry import Entry, add_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from playground.window.lessons.authoring import Authoring
    from playground.window.lessons.lesson_manager import LessonManager
    from playground.window.parts import WindowParts
    from playground.window.side_windows import SideWindows


def fill_teaching_entries(parts: WindowParts, menu: QMenu, manager: LessonManager, side_windows: SideWindows) -> None:
    """Add the entries to ``menu``, and keep their state up to date."""
    TeachingEntries(parts, menu, manager, side_windows)


class TeachingEntries(QObject):
    """Prints the open lesson, saves its answers, opens those of a class, and edits its file by pointing."""

    def __init__(self, parts: WindowParts, menu: QMenu, manager: LessonManager, side_windows: SideWindows) -> None:
        super().__init__(parts.window)
        self._parts, self._manager, self._side_windows = parts, manager, side_windows
        self._authoring: Authoring | None = None
        entries = (
            Entry(
                "lessonPrintAction",
                "&Print classroom sheet…",
                self._print,
                "Ctrl+P",
                "Two pages as PDF: text, pictures, questions, and room to write.",
            ),
            Entry(
                "lessonAnswersAction",
                "Print ans&wers…",
                partial(self._print, answers=True),
                None,
                "For the teacher, as PDF: how each goal is reached, the true answers, and why.",
            ),
            Entry(
                "saveAnswersAction",
                "Save &my answers…",
                self._save_answers,
                None,
                "Save your predictions and sketches as a small file, for a teacher.",
            ),
            Entry(
                "classAnswersAction",
                "Answers of a &class…",
                lambda: side_windows.open_answers(),
                None,
                "Show the saved predictions of all learners over the measured truth.",
            ),
            Entry(
                "editLessonAction",
                "&Edit lesson by pointing",
                lambda: None,
                None,
                "A right click on a control, card, neuron or weight writes it into the lesson's file.",
            ),
            Entry(
                "undoLessonEditAction",
                "&Undo edit of the lesson",
                self._undo,
                None,
                "Undo the last edit of the lesson's file.",
            ),
        )
        added = [add_entry(parts.window, menu, entry) for entry in entries]
        self._print_action, self._key_action, self._save, _, self._edit, self._undo_action = added
        self._edit.setCheckable(True)
        self._edit.toggled.connect(self._set_editing)
        manager.opened_or_closed.connect(self._update)
        menu.aboutToShow.connect(self._update)
        self._update()

    @property
    def authoring(self) -> Authoring:
        """Edits the open lesson; built when first used."""
        if self._authoring is None:
            from playground.window.lessons.authoring import Authoring

            self._authoring = Authoring(self._parts, self._manager)
            self._authoring.changed.connect(self._update)
        return self._authoring

    def _update(self) -> None:
        run = self._manager.run
        for action in (self._print_action, self._key_action, self._edit):
            action.setEnabled(run is not None)
        self._save.setEnabled(run is not None and bool(run.progress.predictions))
        author = self._authoring
        self._edit.blockSignals(True)
        self._edit.setChecked(author is not None and author.is_on)
        self._edit.blockSignals(False)
        label = "" if author is None else author.undo_label
        self._undo_action.setEnabled(bool(label))
        self._undo_action.setText(f"&Undo in the lesson: {label}" if label else "&Undo edit of the lesson")

    def _set_editing(self, on: bool) -> None:  # noqa: FBT001 - a slot of QAction
        self.authoring.set_on(on=on)
        self._update()

    def _undo(self) -> None:
        self.authoring.undo()

    def _print(self, *, answers: bool = False) -> None:
        run, file = self._manager.run, self._manager.file
        if run is not None:
            self._side_windows.print_sheet(run.lesson, None if file is None else file.parent, answers=answers)

    def _save_answers(self) -> None:
        """Ask for a name and a file, and save the answers to the open lesson."""
        # Imported late: not needed for the first frame.
        from PySide6.QtWidgets import QFileDialog

        from playground.window.lessons.class_answers import ask_name, save_answers

        run = self._manager.run
        if run is None:
            return
        name = ask_name(self._parts.window)
        if name is None:
            return
        start = str(Path.home() / f"{name or 'my'}-{run.lesson.key}")
        chosen, _ = QFileDialog.getSaveFileName(
            self._parts.window, "Save my answers", start, "Answers (*.answers.json)"
        )
        if chosen:
            try:
                path = save_answers(Path(chosen), run.lesson, run.progress.predictions, name)
            except PlaygroundError as error:
                self._parts.session.message.emit(str(error), "error")
            else:
                self._parts.session.message.emit(f"Your answers are in {path}.", "info")
