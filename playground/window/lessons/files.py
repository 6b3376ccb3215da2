"""Choose a lesson file, create a new one, and offer the tour or the lesson that was left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from core.assets import asset
from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings

    from playground.panels import MessageBar
    from playground.window.parts import WindowParts

LESSON_FILTER: Final = "Lessons (*.md);;All files (*)"
OPEN: Final = "lessons/open"
"""Key of the setting that holds the file of the open lesson, to continue it at the next start."""

TOUR: Final = "00-tour"
TOUR_OFFERED: Final = "lessons/tourOffered"

_LEFT: Final = "Your own work is back. The last session ended in the middle of a lesson."
_NEW: Final = "New here? A one-minute tour shows how gradients vanish."


def choose_lesson(window: QWidget, folder: Path | None) -> Path | None:
    """Ask for a lesson file, initially in ``folder``; return ``None`` if the user cancels."""
    from PySide6.QtWidgets import QFileDialog  # imported late: not needed for the first frame

    name, _ = QFileDialog.getOpenFileName(window, "Open lesson", str(folder or Path.home()), LESSON_FILTER)
    return Path(name) if name else None


def new_lesson(parts: WindowParts, open_file: Callable[[Path], object]) -> None:
    """Write a commented skeleton that starts with the current experiment, and open it."""
    from PySide6.QtWidgets import QFileDialog  # imported late: not needed for the first frame

    name, _ = QFileDialog.getSaveFileName(parts.window, "New lesson", str(Path.home() / "my-lesson.md"), LESSON_FILTER)
    if name:
        path = Path(name)
        write_lesson(parts, path if path.suffix else path.with_suffix(".md"), open_file)


def write_lesson(parts: WindowParts, path: Path, open_file: Callable[[Path], object]) -> None:
    """Write the skeleton to ``path`` and open it."""
    from core.lessons.file_format.skeleton import skeleton  # imported late: only needed for this

    try:
        write_atomically(path, skeleton(parts.session.experiment, parts.workspace.arrangement).encode())
    except PlaygroundError as error:
        parts.session.message.emit(str(error), "error")
        return
    open_file(path)
    parts.session.message.emit(f"Edit {path.name} in any editor; Lessons → Read again shows the changes.", "info")


def offer(
    settings: QSettings, bar: MessageBar, open_file: Callable[[Path], object], open_lesson: Callable[[str], object]
) -> None:
    """Offer to continue the lesson of the last session, or at the first start the tour; each is offered once."""
    if bar.offers:
        return
    left = Path(str(settings.value(OPEN, "") or ""))
    if left.suffix == ".md" and left.is_file():
        settings.remove(OPEN)
        text = _LEFT
        text = text if bar.isHidden() else f"{bar.text} {text}"
        bar.show_message(text, action=("Continue the lesson", lambda: open_file(left)), stays=True)
    elif bar.isHidden() and settings.value(TOUR_OFFERED) is None and _has_tour():
        settings.setValue(TOUR_OFFERED, True)
        bar.show_message(_NEW, action=("Take the tour", lambda: open_lesson(TOUR)), stays=True)


def withdraw(bar: MessageBar) -> None:
    """Close the offer of :func:`offer`, because a lesson was opened."""
    if bar.text.endswith((_LEFT, _NEW)):
        bar.hide()


def _has_tour() -> bool:
    try:
        return asset(f"lessons/{TOUR}.md").is_file()
    except FileNotFoundError:
        return False
