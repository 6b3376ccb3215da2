"""Edit a lesson by pointing: a right click offers to write what is under the mouse into the open lesson's file."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict, replace
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu, QWidget
from typing_extensions import override

from core.errors import PlaygroundError
from core.lessons.blocks import Condition, Element, Goal, GoalText, Measure, Show, ShowText, Solution
from core.lessons.file_format.editing import FrontList, LessonFile
from core.lessons.file_format.markdown import parser, references
from core.lessons.file_format.reading import goal_of
from core.lessons.file_format.references import lessons_folder
from core.lessons.measurements.conditions import condition_in_words, measure_name
from core.lessons.measurements.registry import MEASUREMENTS, measure
from playground.widgets.guard import guarded_or
from playground.widgets.plain_text import plain_tip
from playground.window.lessons.author_targets import Target, target_at, title_of

if TYPE_CHECKING:
    from core.lessons.blocks import FrontMatter
    from playground.window.lessons.lesson_manager import LessonManager
    from playground.window.parts import WindowParts

DIGITS: Final = 3
"""Significant digits of a suggested limit."""

_HINT: Final = "Right-click a control, a card, a neuron or a weight to write it into step {} of the lesson."
_LOCK_ELEMENT: Final = "Keep learners from editing it; training still changes it"
_HIDE_ELEMENT: Final = "Show a question mark instead of its numbers, for the whole lesson"
_HAS_GOAL: Final = "This step already has a goal; edit it in the file"


class Authoring(QObject):
    """The *Edit lesson* mode, in which right clicks offer to write blocks into the lesson's file.

    Signals:
        changed: the mode, or the edit that undo would revert, has changed.
    """

    changed = Signal()

    def __init__(self, parts: WindowParts, manager: LessonManager) -> None:
        super().__init__(parts.window)
        self._parts, self._manager = parts, manager
        self._file: LessonFile | None = None
        self._menu: QMenu | None = None
        manager.opened_or_closed.connect(self._follow)

    @property
    def is_on(self) -> bool:
        """Whether the mode is on."""
        return self._file is not None

    @property
    def undo_label(self) -> str:
        """Label of the edit of the file that undo would revert; empty for none."""
        return "" if self._file is None else self._file.undo_label

    def set_on(self, *, on: bool) -> None:
        """Turn the mode on or off; a lesson that came with the app is copied first."""
        path = self._manager.file
        if not on or path is None:
            self._stop()
        elif is_built_in(path):
            self._stop()
            copy = self._ask_copy(path)
            if copy is not None:
                self.edit_copy(path, copy)
        else:
            self._begin(path)

    def edit_copy(self, path: Path, copy: Path) -> None:
        """Copy the lesson in ``path`` with its images to ``copy``, open it, and edit it."""
        try:
            copy_lesson(path, copy)
        except OSError as error:
            self._say(f"{copy}: cannot be written ({error.strerror or error})", "error")
            return
        self._manager.open_file(copy)
        self._begin(copy)

    def undo(self) -> None:
        """Undo the last edit of the file."""
        if self._file is not None:
            label = self._file.undo_label
            self._do(self._file.undo, f"Undone: {label}")

    # -- the mode ----------------------------------------------------------------------------------------------------

    def _begin(self, path: Path) -> None:
        self._file = LessonFile(path)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._say(_HINT.format(self._step))
        self.changed.emit()

    def _stop(self) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._file = None
        self.changed.emit()

    def _follow(self) -> None:
        """End the mode when another lesson is opened, or the lesson is closed."""
        file = self._file
        if file is not None and (self._manager.file not in (file.path, None) or not self._manager.is_showing):
            self._stop()

    @property
    def _step(self) -> int:
        run = self._manager.run
        return 1 if run is None else run.index + 1

    def _ask_copy(self, path: Path) -> Path | None:
        self._say("Lessons that come with the app stay as they are: edit a copy.")
        start = str(Path.home() / path.name)
        name, _ = QFileDialog.getSaveFileName(self._parts.window, "Edit a copy of the lesson", start, "Lessons (*.md)")
        return Path(name) if name else None

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the author's menu instead of any other context menu of the window."""
        if event.type() != QEvent.Type.ContextMenu or not isinstance(event, QContextMenuEvent):
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._parts.window or self._manager.run is None:
            return False
        target = target_at(watched, event.globalPos(), self._parts.workspace)
        if target is None and not (self._has_more and self._is_of_the_lesson(watched)):
            return False
        self._menu = self.menu_of(target)
        self._menu.popup(event.globalPos())
        return True

    # -- the menu ----------------------------------------------------------------------------------------------------

    @property
    def _front(self) -> FrontMatter | None:
        """The front matter of the open lesson."""
        run = self._manager.run
        return None if run is None else run.lesson.front

    @property
    def _has_more(self) -> bool:
        """Whether the menu of the whole lesson has entries."""
        front = self._front
        return bool(self.undo_label) or (front is not None and bool(front.hide or front.lock))

    def _is_of_the_lesson(self, widget: QWidget) -> bool:
        """Return whether ``widget`` lies in the panel of the lesson."""
        panel = self._manager.panel
        return widget is panel or panel.isAncestorOf(widget)

    def menu_of(self, target: Target | None) -> QMenu:
        """Return the menu that offers what can be written about ``target``, or about the whole lesson for ``None``."""
        menu = QMenu(self._parts.window)
        menu.setObjectName("authorMenu")
        menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        # Style sheets do not show the text of a section.
        menu.addAction("Lesson" if target is None else target.title).setEnabled(False)
        if target is not None:
            self._add_edits(menu, target)
        self._add_names(menu, "hide", "Hidden &parts", "Show “{}” again")
        self._add_names(menu, "lock", "L&ocked parts", "Unlock “{}”")
        if self.undo_label:
            menu.addSeparator()
            self._add(menu, f"&Undo {self.undo_label}", self.undo, "Undo the last edit of the lesson's file")
        return menu

    def _add_edits(self, menu: QMenu, target: Target) -> None:
        """Add what can be written about ``target``."""
        front, is_element = self._front, isinstance(target.lock, Element)
        if front is not None and target.lock in front.lock:
            self._add(menu, "Un&lock", partial(self._remove, "lock", target.lock), "Let learners use it")
        elif target.lock:
            tip = _LOCK_ELEMENT if is_element else "Disable it for the whole lesson"
            self._add(menu, "&Lock", partial(self._name, "lock", target.lock), tip)
        if front is not None and is_element and target.hide in front.hide:
            self._add(menu, "S&how again", partial(self._remove, "hide", target.hide), "Show its numbers")
        elif target.hide:
            tip = _HIDE_ELEMENT if is_element else "Hide it for the whole lesson"
            self._add(menu, "&Hide", partial(self._name, "hide", target.hide), tip)
        if target.show is not None:
            tip = f"Point at it in step {self._step}, with a label"
            self._add(menu, "&Explain here…", partial(self._ask_label, target.show), tip)
        self._add_goals(menu, target)

    def _add_names(self, menu: QMenu, key: FrontList, title: str, text: str) -> None:
        """Add a menu that removes names from the list ``key``, because hidden parts cannot be clicked."""
        names: tuple[str | Element, ...] = () if self._front is None else getattr(self._front, key)
        if not names:
            return
        more = menu.addMenu(title)
        more.setToolTipsVisible(True)
        for name in names:
            said = text.format(title_of(name, self._parts.window)).replace("&", "&&")
            self._add(more, said, partial(self._remove, key, name), f"Remove {_named(name)} from the list “{key}”")

    def _add(self, menu: QMenu, text: str, run: Callable[[], object], tip: str) -> None:
        action = menu.addAction(text)
        action.setToolTip(plain_tip(tip))
        action.triggered.connect(lambda _=False: run())

    def _add_goals(self, menu: QMenu, target: Target) -> None:
        conditions = [each for one in target.measures for each in self._conditions(one)]
        if not conditions:
            return
        goals = menu.addMenu("&Goal from this number")
        goals.setToolTipsVisible(True)
        run = self._manager.run
        step = None if run is None else run.step
        if step is not None and goal_of(step) is not None:
            goals.setEnabled(False)
            goals.setTitle(f"{goals.title()} ({_HAS_GOAL.lower()})")
        for condition in conditions:
            self._add(
                goals, condition_in_words(condition), partial(self._goal, condition), "Write this goal into the step"
            )

    def _conditions(self, one: Measure) -> list[Condition]:
        """Suggest goals from the current value of a measurement."""
        snapshot = self._parts.session.snapshot
        if snapshot is None:
            return []
        value, fields = measure(one, snapshot), asdict(one)
        if isinstance(value, str):
            return [Condition(**fields, equals=value)]
        if not math.isfinite(value):
            return []
        if MEASUREMENTS[one.measure].unit == "count":
            limit = float(round(value))
            return [
                Condition(**fields, equals=limit),
                Condition(**fields, above=limit),
                Condition(**fields, below=limit),
            ]
        limit = float(f"{value:.{DIGITS}g}")
        return [Condition(**fields, below=limit), Condition(**fields, above=limit)]

    # -- writing -----------------------------------------------------------------------------------------------------

    def _name(self, key: FrontList, name: str | Element) -> None:
        file = self._file
        if file is not None:
            label = f"{key} {_named(name)}"
            self._do(lambda: file.add_name(key, name, label), f"Written: {label}")

    def _remove(self, key: FrontList, name: str | Element) -> None:
        file = self._file
        if file is not None:
            label = f"{'unhide' if key == 'hide' else f'un{key}'} {_named(name)}"
            self._do(lambda: file.remove_name(key, name, label), f"Written: {label}")

    def _ask_label(self, show: Show) -> None:
        dialog = QInputDialog(self._parts.window)
        dialog.setObjectName("authorLabel")
        dialog.setWindowTitle("Explain here")
        dialog.setLabelText("What should the learner see here?")
        dialog.textValueSelected.connect(partial(self._explain, show))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _explain(self, show: Show, label: str) -> None:
        block = replace(show, text=ShowText(label=label.strip()))
        self._block("show", block, "explanation")

    def _goal(self, condition: Condition) -> None:
        text = condition_in_words(condition)
        goal = Goal(all=(condition,), solution=Solution(), text=GoalText(goal=text[:1].upper() + text[1:]))
        self._block("goal", goal, f"goal on {measure_name(condition)}")

    def _block(self, name: str, block: Show | Goal, label: str) -> None:
        file, step = self._file, self._step
        if file is not None:
            self._do(lambda: file.add_block(step, name, block, label), f"Written into step {step}: {label}")

    def _do(self, edit: Callable[[], object], said: str) -> None:
        """Edit the file and show the result, or show why that is not possible."""
        try:
            edit()
        except PlaygroundError as error:
            self._say(str(error), "error")
            return
        self._manager.reload()
        self._say(f"{said}.")
        self.changed.emit()

    def _say(self, sentence: str, kind: str = "info") -> None:
        self._parts.session.message.emit(sentence, kind)


def _named(name: str | Element) -> str:
    return name if isinstance(name, str) else name.name


def is_built_in(path: Path) -> bool:
    """Return whether the lesson in ``path`` came with the app."""
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in lessons_folder())


def copy_lesson(path: Path, copy: Path) -> None:
    """Copy the lesson in ``path`` to ``copy``, with the images in its text.

    Raises:
        OSError: a file cannot be copied.
    """
    shutil.copyfile(path, copy)
    for reference in references(parser().parse(path.read_text(encoding="utf-8"))):
        source, target = path.parent / reference.target, copy.parent / reference.target
        if reference.kind == "image" and source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
