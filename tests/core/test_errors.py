"""Messages stay readable even if they quote arbitrary text from a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import MAX_LENGTH, ExperimentError, LessonError, PlaygroundError, TableError, in_one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x7f\x85", "\\x7f\\x85"),
        ("\ud800", "\\ud800"),
        ("exe\u202egpj", "exe\\u202egpj"),
        ("line\u2028end", "line\\u2028end"),
        ("né 日本 ½ 👩\u200d🔬\u00a0°", "né 日本 ½ 👩\u200d🔬\u00a0°"),
    ],
)
def test_control_characters_are_written_as_escapes(text: str, shown: str) -> None:
    assert str(PlaygroundError(text)) == shown
    assert str(TableError(text)) == shown
    assert shown in str(ExperimentError("$.name", text))
    assert shown in str(LessonError(text, where="07-x.md"))


def test_only_the_middle_of_a_long_message_is_left_out() -> None:
    shown = str(PlaygroundError(f"first {'a' * 100_000} last"))
    assert shown.startswith("first ")
    assert shown.endswith(" last")
    assert len(shown) <= MAX_LENGTH + 3


@given(st.text(st.characters(), max_size=200))
def test_every_message_is_one_line_that_can_be_written_as_utf_8(text: str) -> None:
    line = in_one_line(text)
    assert len(line.splitlines()) <= 1
    line.encode()
