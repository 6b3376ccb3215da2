"""Open the answers of a class: ask for the files, and connect the class window with the main window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.lessons.catalogue import find_lesson
from core.lessons.classroom.answers import MAX_NAME, SUFFIX, Answer, AnswerFile, encode_answers
from core.lessons.headless.lesson_states import Cancelled, collect_states
from playground.lessons.classroom.window import ClassWindow, Truths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.lessons.blocks import Lesson
    from playground.window.parts import WindowParts
    from playground.worker.background import Advance


def ask_answers(parent: QWidget) -> list[Path]:
    """Ask for files with answers; empty if the user cancels."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Answers of a class", "", f"Answers (*{SUFFIX})")
    return [Path(name) for name in names]


def measured_truths(lesson: Lesson, advance: Advance) -> Truths | None:
    """Measure the true answer to each prediction of ``lesson``; return ``None`` if cancelled."""
    from core.engine.compiled.compilation import is_cached  # imported late: takes half a second

    try:
        # A lesson is too short to compile for half a minute.
        return collect_states(lesson, advance, engine="auto" if is_cached() else "numpy").truths
    except Cancelled:
        return None


def make_class_window(parts: WindowParts) -> ClassWindow:
    """Return the window for the answers of a class, which follows the main window's style and can export."""

    def lesson(key: str) -> Lesson | None:
        try:
            return find_lesson(key)
        except PlaygroundError:
            return None

    window = ClassWindow(parts.session, parts.appearance.style, lesson, measured_truths, parts.window)
    window.resize(980, 620)
    parts.appearance.changed.connect(window.set_style)

    def export() -> None:
        from playground.export.dialog.dialog import ExportDialog  # imported late: not needed for the first frame

        subject = window.subject
        dialog = ExportDialog(window.figures, parts.appearance.style, window, subject=subject)
        dialog.exec()
        dialog.deleteLater()

    window.export_requested.connect(export)
    return window


def ask_name(parent: QWidget) -> str | None:
    """Ask for the learner's name, which may be empty; ``None`` if the user cancels."""
    name, ok = QInputDialog.getText(parent, "Save my answers", "Your name (optional):")
    return name.strip()[:MAX_NAME] if ok else None


def save_answers(path: Path, lesson: Lesson, answers: Sequence[Answer], name: str) -> Path:
    """Write ``answers`` to ``lesson`` to the file ``path``, and return it with its suffix.

    Raises:
        PlaygroundError: it cannot be written; the message names it.
    """
    target = path if path.name.endswith(SUFFIX) else path.with_name(f"{path.name.removesuffix('.json')}{SUFFIX}")
    write_atomically(target, encode_answers(AnswerFile(lesson=lesson.key, name=name, answers=tuple(answers))))
    return target
