"""Check that every formula in a lesson can be typeset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.errors import LessonError
from core.lessons.blocks import Lesson
from core.lessons.file_format.block_reading import sentences
from core.lessons.file_format.markdown import formulas
from playground.style.formula_svg import formula_svg

_SIZE: Final = 14.0


def check_formulas(lesson: Lesson, where: str = "") -> None:
    """Typeset every formula in the text and in the sentences of ``lesson``.

    Raises:
        LessonError: one of them is not LaTeX that can be typeset, or uses an unknown command.
    """
    known: set[str] = set()
    for line, text in _texts(lesson):
        for latex in formulas(text):
            if latex in known:
                continue
            known.add(latex)
            problem = _problem(latex)
            if problem:
                raise LessonError(f'the formula "{latex.strip()[:80]}" {problem}', where=where or lesson.key, line=line)


def _texts(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """Yield (line, Markdown) of each text; the line is that of the step."""
    yield 1, lesson.introduction
    for step in lesson.steps:
        for each in step.content:
            if isinstance(each, str):
                yield step.line, each
            else:
                yield from ((step.line, text) for _, text in sentences(each))


def _problem(latex: str) -> str:
    """Return why ``latex`` cannot be typeset; empty if it can."""
    from latex2mathml.converter import convert  # ziamath parses LaTeX with it; imported late, as ziamath is

    try:
        markup = convert(latex)
        formula_svg(latex, _SIZE, "#000000")
    except Exception as error:  # noqa: BLE001 - both raise whatever their parts raise
        return f"cannot be typeset ({str(error)[:120] or type(error).__name__})"
    unknown = next((word for word in markup.replace(">", " ").replace("<", " ").split() if word.startswith("\\")), "")
    return f"contains the unknown command {unknown}" if unknown else ""
