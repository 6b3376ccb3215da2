"""The page for authors lists every key, measurement and curve, and its example is a lesson without problems."""

from __future__ import annotations

import re

import msgspec
import pytest

from core.assets import asset
from core.lessons.blocks import Challenge, Condition, FrontMatter, Goal, LessonPart, Set, Solution
from core.lessons.file_format.block_reading import BLOCKS
from core.lessons.file_format.reading import parse_lesson
from core.lessons.headless.checking import problems_of
from tests.core.lessons.readme_tables import curve_rows, measurement_rows, rewritten

PAGE = asset("lessons/README.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def keys_in(section: str) -> set[str]:
    """Return the keys in the first column of the tables of ``section``."""
    rows = re.findall(r"^\| (`.*?) \|", SECTIONS[section], re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


def fields(*models: type[LessonPart]) -> set[str]:
    return {field.encode_name for model in models for field in msgspec.structs.fields(model)}


def test_every_measurement_and_curve_is_listed_once_in_order() -> None:
    """Running ``tests/core/lessons/readme_tables.py`` writes the tables."""
    assert rewritten(PAGE) == PAGE
    assert [row for row in SECTIONS["Measurements"].splitlines() if row.startswith("| `")] == measurement_rows()
    assert [row for row in SECTIONS["Curves"].splitlines() if row.startswith("| `")] == curve_rows()


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Front matter", fields(FrontMatter)),
        ("goal", fields(Goal, Condition)),
        ("predict", fields(BLOCKS["predict"])),  # type: ignore[arg-type]
        ("show", fields(BLOCKS["show"])),  # type: ignore[arg-type]
        ("ask", fields(BLOCKS["ask"])),  # type: ignore[arg-type]
        ("Changes", fields(Set, Solution)),
        ("Challenges", fields(Challenge)),
    ],
)
def test_every_key_is_explained(section: str, expected: set[str]) -> None:
    assert keys_in(section) == expected


def test_every_block_has_a_section() -> None:
    assert set(BLOCKS) <= set(SECTIONS)


def test_the_example_is_a_lesson_without_problems() -> None:
    match = re.search(r"^````markdown\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)
    assert match is not None
    lesson = parse_lesson(match[1], "example", "README.md")
    assert {type(block) for step in lesson.steps for block in step.content} == {str, *BLOCKS.values()}
    assert problems_of(lesson, engine="numpy") == ()
