"""Translations of lessons: they may differ from the original in the sentences only."""

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
    """Return the lesson of which the file ``path``, such as ``07-x.de.md``, is a translation; ``None`` for an original.

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
    for number, (own, other) in enumerate(zip(lesson.steps, original.steps, strict=True), 1):
        _check_step(own, other, number, where)


def _check_step(step: Step, original: Step, number: int, where: str) -> None:
    own, other = _blocks(step), _blocks(original)
    if [type(block) for block in own] != [type(block) for block in other]:
        raise LessonError(f"the blocks of step {number} differ from the English lesson", where=where, line=step.line)
    for block, model in zip(own, other, strict=True):
        name = type(block).__name__.lower()
        for key in block.__struct_fields__:
            if key != "text" and getattr(block, key) != getattr(model, key):
                raise LessonError("differs from the English lesson", where=where, line=step.line, key=f"{name}.{key}")
        if _lengths(block) != _lengths(model):
            raise LessonError(
                "has a different number of sentences from the English lesson",
                where=where,
                line=step.line,
                key=f"{name}.text",
            )


def _blocks(step: Step) -> list[Block]:
    return [each for each in step.content if not isinstance(each, str)]


def _lengths(block: Block) -> list[int]:
    """Return the number of choices and reasons in the sentences of ``block``."""
    text = getattr(block, "text", None)
    if not isinstance(text, msgspec.Struct):
        return []
    values = [getattr(text, key) for key in text.__struct_fields__]
    return [len(value) if isinstance(value, tuple) else bool(value) for value in values]
