"""Check the links and images of a lesson: which are allowed, and whether their targets exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from core.assets import asset
from core.errors import LessonError
from core.lessons.file_format.markdown import Reference

_LESSON: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_IMAGE: Final = re.compile(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.(?:png|svg|jpg)")


def is_web(target: str) -> bool:
    """Return whether ``target`` is an address on the web."""
    return target.startswith(("https://", "http://"))


def linked_lesson(target: str) -> str | None:
    """Return the key of the lesson that ``target`` links to; ``None`` for a link to the web."""
    return None if is_web(target) else target.removesuffix(".md")


def check_reference(reference: Reference, folder: Path) -> None:
    """Check that a link leads to an existing lesson or the web, and that an image exists.

    Args:
        reference: the link or image.
        folder: folder of the lesson's file; shipped lessons can be linked to from any folder.

    Raises:
        LessonError: the target is not allowed or does not exist.
    """
    target = unquote(reference.target)
    if reference.kind == "image":
        if _IMAGE.fullmatch(target) is None:
            raise LessonError(f'expected an image such as images/name.png, got "{target[:80]}"')
        if not (folder / target).is_file():
            raise LessonError(f'the image "{target[:80]}" does not exist')
        return
    key = linked_lesson(target)
    if key is None:
        return
    if _LESSON.fullmatch(key) is None:
        raise LessonError(f'expected a link to a lesson such as 07-vanishing-gradient, got "{target[:80]}"')
    if not any((location / f"{key}.md").is_file() for location in (folder, *lessons_folder())):
        raise LessonError(f'there is no lesson "{key}"')


def lessons_folder() -> tuple[Path, ...]:
    """Return the folder of the shipped lessons, in a tuple that is empty if it is missing."""
    try:
        return (asset("lessons"),)
    except FileNotFoundError:
        return ()
