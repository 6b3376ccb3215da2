"""Formulas in lessons can be typeset; a mistake in one is an error with its line."""

from __future__ import annotations

import pytest

from core.errors import LessonError
from core.lessons.catalogue import lesson_files
from core.lessons.file_format.reading import parse_lesson, read_lesson
from playground.lessons.text.formula_check import check_formulas
from tests.core.lessons.support import LESSON


@pytest.mark.parametrize("key", lesson_files("en"))
def test_the_formulas_of_a_shipped_lesson_can_be_typeset(key: str) -> None:
    check_formulas(read_lesson(lesson_files("en")[key]))


@pytest.mark.parametrize(
    ("latex", "problem"),
    [
        (r"a_b_c", "cannot be typeset"),
        (r"\left( a", "cannot be typeset"),
        (r"\frac{1}", "cannot be typeset"),
        (r"\vrphi(z)", r"contains the unknown command \vrphi"),
    ],
)
@pytest.mark.parametrize("place", ["Add layers.", "Then look.", "Its slope is 1"])
def test_a_formula_with_a_mistake_is_an_error(latex: str, problem: str, place: str) -> None:
    in_toml = "Its" in place
    written = latex.replace("\\", "\\\\") if in_toml else latex
    check_formulas(parse_lesson(LESSON.replace(place, r"$a_b$ and $x + 1$"), "07-x"))
    with pytest.raises(LessonError) as raised:
        check_formulas(parse_lesson(LESSON.replace(place, f"Here ${written}$."), "07-x"), "07-x.md")
    assert (raised.value.where, raised.value.line) == ("07-x.md", 48 if in_toml else 13)
    assert raised.value.message.startswith(f'the formula "{latex}" {problem}')
