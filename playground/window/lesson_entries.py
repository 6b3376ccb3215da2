"""The entries of the menu *Lessons*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.window.menu_entry import Entry

if TYPE_CHECKING:
    from playground.window.side_windows import SideWindows


def lesson_entries(side_windows: SideWindows) -> list[Entry]:
    """Return the entries in their order."""
    return [
        Entry(
            "classAnswersAction",
            "Answers of a &class…",
            lambda: side_windows.open_answers(),
            None,
            "Show the saved predictions of all learners over the measured truth.",
        ),
    ]
