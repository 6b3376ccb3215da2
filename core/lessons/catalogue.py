"""The lessons that ship with the playground, in the order of their files and, if translated, in the user's language."""

from __future__ import annotations

import locale
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from core.errors import LessonError
from core.lessons.blocks import Lesson
from core.lessons.file_format.reading import read_lesson
from core.lessons.file_format.references import lessons_folder

_FILE: Final = re.compile(r"((?:[0-9]{2}[a-z]?|c[0-9]{1,2})-[a-z0-9][a-z0-9-]{0,60})(?:\.([a-z]{2}))?\.md")

_TRANSLATED: Final = re.compile(r".+\.([a-z]{2})\.md")

TOUR: Final = "00-tour"
"""Key of the tour that is offered at the first start."""


def lessons(language: str | None = None) -> tuple[Lesson, ...]:
    """Return all lessons and challenges that can be read, in the order of their files.

    Args:
        language: two-letter code, the system's language by default; lessons without a translation are in English.
    """
    found = []
    for path in lesson_files(language).values():
        try:
            found.append(_read(path, path.stat().st_mtime_ns))
        except (LessonError, OSError):  # ``nn-playground lessons check`` reports the problem
            continue
    return tuple(found)


def find_lesson(key: str, language: str | None = None) -> Lesson | None:
    """Return the shipped lesson called ``key``, such as ``07-vanishing-gradient``; ``None`` if there is none.

    Raises:
        LessonError: its file cannot be read.
    """
    path = lesson_files(language).get(key)
    return None if path is None else _read(path, path.stat().st_mtime_ns)


def lesson_files(language: str | None = None) -> dict[str, Path]:
    """Return the files of the shipped lessons by key, in order; a translation to ``language`` replaces the original."""
    chosen = system_language() if language is None else language
    files: dict[str, Path] = {}
    for folder in lessons_folder():
        for path in sorted(folder.glob("*.md")):
            match = _FILE.fullmatch(path.name)
            # The English file of a key sorts after its translations (".de.md" < ".md").
            if match and (match[2] == chosen or (match[2] is None and match[1] not in files)):
                files[match[1]] = path
    return dict(sorted(files.items(), key=lambda item: _sort_key(item[0])))


def linked_file(key: str, source: Path | None) -> Path | None:
    """Return the file to open for a link to ``key`` in the lesson file ``source``; ``None`` if there is none.

    For a user's own lesson, files beside it come first, in its language if possible. Shipped lessons are in the user's
    language.
    """
    shipped = lesson_files()
    if source is not None and source.parent not in lessons_folder():
        match = _TRANSLATED.fullmatch(source.name)
        names = ([f"{key}.{match[1]}.md"] if match else []) + [f"{key}.md"]
        for beside in (source.with_name(name) for name in names):
            if beside.is_file():
                return beside
    return shipped.get(key)


def _sort_key(key: str) -> tuple[bool, int, str]:
    """Return the sort key of a lesson: lessons before challenges, each by number."""
    number = re.search(r"[0-9]+", key)
    return key.startswith("c"), int(number[0]) if number else 0, key


def translations(path: Path) -> tuple[Path, ...]:
    """Return the translations of the lesson in the file ``path``."""
    return tuple(
        other
        for other in sorted(path.parent.glob(f"{path.stem}.*.md"))
        if (match := _FILE.fullmatch(other.name)) and match[2] is not None
    )


def system_language() -> str:
    """Return the two-letter code of the system's language; ``en`` if unknown."""
    name = locale.getlocale()[0] or ""
    return name[:2].lower() if re.match(r"[A-Za-z]{2}(?:_|$)", name) else "en"


@lru_cache(maxsize=200)
def _read(path: Path, _modified_ns: int) -> Lesson:
    return read_lesson(path)
