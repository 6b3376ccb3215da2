"""The Lessons menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from playground.window.lessons.files import new_lesson
from playground.window.menu_entry import Entry, add_entry
from playground.window.menus.lesson_entries import fill_teaching_entries

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu

    from playground.window.lessons.lesson_manager import LessonManager
    from playground.window.parts import WindowParts
    from playground.window.side_windows import SideWindows


def add_new_lesson(parts: WindowParts, menu: QMenu, before: QAction, manager: LessonManager) -> None:
    """Add the entry for writing a lesson to the File ``menu``."""
    entry = Entry(
        "newLessonAction",
        "New &lesson from this experiment…",
        partial(new_lesson, parts, manager.open_file),
        None,
        "Write the skeleton of a lesson that starts with the current experiment.",
    )
    menu.insertAction(before, add_entry(parts.window, menu, entry))


def fill_lesson_menu(parts: WindowParts, menu: QMenu, manager: LessonManager, side_windows: SideWindows) -> None:
    """Add the entries of ``manager`` to ``menu``; those that need an open lesson are disabled without one."""
    window = parts.window
    always = (
        Entry("lessonsAction", "&All lessons", manager.show_list, "F2", "List the lessons and challenges."),
        Entry(
            "openLessonAction",
            "&Open lesson file…",
            manager.choose_file,
            None,
            "Open a lesson from a file.",
        ),
    )
    inside = (
        Entry("lessonNextAction", "&Next step", manager.next, "Alt+Right", "The next step of the lesson."),
        Entry("lessonBackAction", "&Previous step", manager.back, "Alt+Left", "The previous step of the lesson."),
        Entry("lessonShowAction", "&Show me", manager.show_me, "Alt+Down", "Point at what the step is about."),
        Entry("lessonSolveAction", "&Do it for me", manager.apply_solution, None, "Do what the step asks for."),
        Entry(
            "lessonResetAction", "&Reset this step", manager.reset_step, None, "Return to the beginning of the step."
        ),
        Entry(
            "lessonAgainAction", "Start lesson o&ver", manager.start_over, None, "Start it over, without the answers."
        ),
        Entry("lessonReloadAction", "R&ead again", manager.reload, "Ctrl+R", "Read the lesson's file again."),
        Entry(
            "lessonCloseAction", "&Close lesson", manager.close, None, "Close the lesson and return to your own work."
        ),
    )
    for entry in always:
        add_entry(window, menu, entry)
    menu.addSeparator()
    actions: list[QAction] = [add_entry(window, menu, entry) for entry in inside]
    menu.addSeparator()
    fill_teaching_entries(parts, menu, manager, side_windows)

    def update() -> None:
        for action in actions:
            action.setEnabled(manager.is_showing)

    manager.opened_or_closed.connect(update)
    update()
