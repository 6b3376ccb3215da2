"""Check translations of lessons, which may differ from the original in their sentences only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from core.errors import LessonError
from core.lessons.blocks import Block, Lesson, Step
from core.lessons.file_format.reading import read_lesson

_TRANSLATED: Final = re.compile(r"(.+)\.[a-z]{2}\.md")

_FRONT_SENTENCES: Final = ("title", "summary")


def original_of(path: Path) -> Lesson | None:
    """Read the original of the translation ``path``, such as ``07-x.de.md``; return ``None`` if ``path`` is an original.

    Raises:
        LessonError: the original cannot be read.
    """
    match = _TRANSLATED.fullmatch(path.name)
    return None if match is None else read_lesson(path.with_name(f"{match[1]}.md"))


def check_translation(lesson: Lesson, original: Lesson, where: str) -> None:
    """Check that ``lesson`` differs from ``original`` in prose and in the tables ``[text]`` only.

    Raises:
        LessonError: it differs elsewhere; the message names the line of the step.
    """
    for name in lesson.front.__struct_fields__:
        if name not in _FRONT_SENTENCES and getattr(lesson.front, name) != getattr(original.front, name):
            raise LessonError("differs from the English lesson", where=where, line=2, key=name)
    if len(lesson.steps) != len(original.steps):
        raise LessonError(
            f"has {len(lesson.steps)} steps, but the English lesson has {len(original.steps)}", where=where
        )
    for number, (translated, english) in enumerate(zip(lesson.steps, original.steps, strict=True), 1):
        _check_step(translated, english, number, where)


def _check_step(step: Step, original: Step, number: int, where: str) -> None:
    blocks, originals = _blocks(step), _blocks(original)
    if [type(block) for block in blocks] != [type(block) for block in originals]:
        raise LessonError(f"the blocks of step {number} differ from the English lesson", where=where, line=step.line)
    for block, other in zip(blocks, originals, strict=True):
        name = type(block).__name__.lower()
        for key in block.__struct_fields__:
            if key != "text" and getattr(block, key) != getattr(other, key):
                raise LessonError("differs from the English lesson", where=where, line=step.line, key=f"{name}.{key}")
        if _sentence_counts(block) != _sentence_counts(other):
            raise LessonError(
                "has a different number of sentences from the English lesson",
                where=where,
                line=step.line,
                key=f"{name}.text",
            )


def _blocks(step: Step) -> list[Block]:
    return [each for each in step.content if not isinstance(each, str)]


def _sentence_counts(block: Block) -> list[int]:
    """Return, for each text of ``block``, the number of its sentences if it is a list, or whether it is given."""
    text = getattr(block, "text", None)
    if not isinstance(text, msgspec.Struct):
        return []
    values = [getattr(text, key) for key in text.__struct_fields__]
    return [len(value) if isinstance(value, tuple) else bool(value) for value in values]
