"""Files, share links and tables that the user drops on the window or pastes into it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from playground.session.saving.files import Files


_MAX_HEADER_LINES: Final = 100
"""Maximum number of lines of the clipboard that are examined for two rows."""


def can_open(mime: QMimeData) -> bool:
    """Return whether ``mime`` contains exactly one file, or a share link, or answers to a lesson, and no dialog is open.

    Qt delivers drops on the window behind a dialog, although no other input reaches it.
    """
    if QApplication.activeModalWidget() is not None:
        return False
    return _file_in(mime) is not None or link_in(mime) is not None or bool(answers_in(mime))


def open_dropped(files: Files, mime: QMimeData, open_answers: Callable[[Sequence[Path]], object]) -> None:
    """Open the file or link in ``mime``, or pass the files and folders with answers to a lesson to ``open_answers``."""
    path, link, answers = _file_in(mime), link_in(mime), answers_in(mime)
    if answers:
        open_answers(answers)
    elif path is not None:
        files.open_path(path)
    elif link is not None:
        files.open_link(link)


def open_pasted(files: Files) -> bool:
    """Open the share link or table on the clipboard; return whether there was one."""
    mime = QGuiApplication.clipboard().mimeData()
    link, table = link_in(mime), table_in(mime)
    if link is not None:
        files.open_link(link)
    elif table is not None:
        files.paste_table(table)
    return link is not None or table is not None


def answers_in(mime: QMimeData) -> list[Path]:
    """Return the local files and folders in ``mime`` if at least one of them has answers to a lesson."""
    from core.lessons.classroom.answers import looks_like_answers  # imported late: not needed for the first frame

    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths if any(looks_like_answers(path) for path in paths) else []


def _file_in(mime: QMimeData) -> Path | None:
    urls = mime.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def link_in(mime: QMimeData) -> str | None:
    """Return the share link in ``mime`` (text or URL), or ``None``."""
    from core.experiment.tf_playground_link import looks_like_link  # imported late: not needed for the first frame

    texts = [url.toString() for url in mime.urls() if not url.isLocalFile()]
    if mime.hasText():
        texts.append(mime.text())
    return next((text for text in texts if looks_like_link(text)), None)


def table_in(mime: QMimeData) -> str | None:
    """Return the cells in ``mime`` copied from a spreadsheet (rows with tabs; a cell may contain line ends), or ``None``."""
    import csv  # imported late: not needed for the first frame

    text = mime.text() if mime.hasText() else ""
    lines = text.strip("\r\n").splitlines()[:_MAX_HEADER_LINES]
    try:
        rows = list(itertools.islice(csv.reader(lines, delimiter="\t"), 2))
    except csv.Error:
        return None
    return text if len(rows) == 2 and all(len(row) > 1 for row in rows) else None
