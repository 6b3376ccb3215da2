"""Adding a block or a name to a lesson file changes no other byte, and can be undone."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from core.errors import LessonError, PlaygroundError
from core.lessons.blocks import (
    Block,
    Condition,
    Goal,
    GoalText,
    Measure,
    Predict,
    PredictText,
    Show,
    ShowText,
    Solution,
)
from core.lessons.file_format.editing import LessonFile
from core.lessons.file_format.reading import goal_of

FILE = """+++
title   = "A title"   # with a comment
minutes = 3
summary = 'One sentence.'
start   = { depth = 3 }
lock = [
  "noiseSlider",   # why
]

[challenge]
number = 1
bar = [{ measure = "test_loss", below = 0.2 }]
score = { measure = "depth" }
best = "smallest"
solution = { depth = 2 }
+++

Introduction   with many spaces

## One

* a list

```set
depth = 4
```


## Two
The last line has no end"""

SHOW = Show(control="depthSlider", text=ShowText(label='The "depth"\nslider \\ é'))
GOAL = Goal(
    all=(Condition(measure="gradient_ratio", from_=1, to="last", below=1e-4),),
    solution=Solution(depth=8),
    text=GoalText(goal="Make it small", reached="It is."),
)
NEWLINES = pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])


def file_in(folder: Path, text: str = FILE, newline: str = "\n") -> LessonFile:
    path = folder / "50-own.md"
    path.write_bytes(text.replace("\n", newline).encode())
    return LessonFile(path)


def added_lines(before: bytes, after: bytes) -> list[str]:
    """Return the lines that are new, after checking that no other line has changed."""
    old, new = (each.decode().splitlines(keepends=True) for each in (before, after))
    changes = [line for line in difflib.ndiff(old, new) if not line.startswith(("  ", "? "))]
    assert all(line.startswith("+ ") for line in changes), changes
    return [line[2:] for line in changes]


@NEWLINES
@pytest.mark.parametrize(("name", "block"), [("show", SHOW), ("goal", GOAL)])
def test_a_block_is_added_at_the_end_of_its_step(tmp_path: Path, newline: str, name: str, block: Block) -> None:
    file = file_in(tmp_path, newline=newline)
    before = file.path.read_bytes()
    lesson = file.add_block(1, name, block, "Explain")
    assert lesson.steps[0].content[-1] == block
    assert lesson == file.lesson()
    new = added_lines(before, file.path.read_bytes())
    assert new[:2] in ([newline, f"```{name}{newline}"], [f"```{name}{newline}", new[1]])
    assert all(line.endswith(newline) for line in new)


def test_a_block_is_added_after_a_last_line_without_a_line_ending(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    lesson = file.add_block(2, "show", SHOW, "Explain")
    assert lesson.steps[1].content[-1] == SHOW
    assert file.path.read_bytes().startswith(FILE.encode() + b"\n\n```show\n")


def test_blocks_follow_each_other(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    second = Show(neuron=(2, 1), text=ShowText(label="This neuron"))
    file.add_block(1, "show", SHOW, "Explain")
    lesson = file.add_block(1, "show", second, "Explain")
    assert lesson.steps[0].content[-2:] == (SHOW, second)
    assert goal_of(file.add_block(1, "goal", GOAL, "Goal").steps[0]) == GOAL


@NEWLINES
def test_a_name_is_added_to_a_list_or_starts_one(tmp_path: Path, newline: str) -> None:
    file = file_in(tmp_path, newline=newline)
    before = file.path.read_bytes()
    if newline == "\r":  # TOML has no such line ends
        with pytest.raises(PlaygroundError):
            file.add_name("lock", "depthSlider", "Lock")
        assert file.path.read_bytes() == before
        return
    assert file.add_name("lock", "depthSlider", "Lock").front.lock == ("noiseSlider", "depthSlider")
    assert added_lines(before, file.path.read_bytes()) == [f'  "depthSlider",{newline}']
    before = file.path.read_bytes()
    assert file.add_name("hide", "Data", "Hide").front.hide == ("Data",)
    assert added_lines(before, file.path.read_bytes()) == [f'hide = ["Data"]{newline}']
    before = file.path.read_bytes()
    file.add_name("hide", "Data", "Hide")
    assert file.path.read_bytes() == before
    assert file.undo_label == "Hide"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_removing_the_last_name_removes_its_list(tmp_path: Path, newline: str) -> None:
    file = file_in(tmp_path, newline=newline)
    before = file.path.read_bytes()
    file.add_name("hide", "Data", "Hide")
    file.add_name("lock", "depthSlider", "Lock")
    assert file.remove_name("lock", "depthSlider", "Unlock").front.lock == ("noiseSlider",)
    assert file.remove_name("hide", "Data", "Unhide").front.hide == ()
    assert file.path.read_bytes() == before
    file.remove_name("hide", "Data", "Unhide")
    assert file.undo_label == "Unhide"
    assert file.remove_name("lock", "noiseSlider", "Unlock").front.lock == ()
    assert b"lock" not in file.path.read_bytes()
    file.undo()
    assert file.path.read_bytes() == before


def test_undo_reverts_the_edits_one_by_one(tmp_path: Path) -> None:
    file = file_in(tmp_path, newline="\r\n")
    states = [file.path.read_bytes()]
    file.add_name("lock", "depthSlider", "Lock depth")
    states.append(file.path.read_bytes())
    file.add_block(1, "show", SHOW, "Explain depth")
    assert file.undo_label == "Explain depth"
    file.undo()
    assert file.path.read_bytes() == states[1]
    file.undo()
    assert file.path.read_bytes() == states[0]
    assert file.undo_label == ""
    with pytest.raises(LessonError, match="no edit to undo"):
        file.undo()


def test_undo_does_not_overwrite_changes_of_another_program(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.add_name("lock", "depthSlider", "Lock")
    file.path.write_text(FILE + "\nChanged")
    with pytest.raises(LessonError, match="changed since by another program"):
        file.undo()
    assert file.path.read_text() == FILE + "\nChanged"


def test_an_edit_that_would_break_the_lesson_is_not_written(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.add_block(1, "goal", GOAL, "Goal")
    before = file.path.read_bytes()
    late = Predict(kind="number", truth=Measure(measure="test_loss"), text=PredictText(question="How much?"))
    for name, block in (("goal", GOAL), ("predict", late)):
        with pytest.raises(LessonError, match=r"50-own.md, line \d+"):
            file.add_block(1, name, block, "No")
    with pytest.raises(LessonError, match="there is no step 3"):
        file.add_block(3, "show", SHOW, "No")
    assert file.path.read_bytes() == before
    assert file.undo_label == "Goal"


def test_a_byte_order_mark_is_kept(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.path.write_bytes(b"\xef\xbb\xbf" + FILE.encode())
    file.add_name("lock", "depthSlider", "Lock")
    file.add_block(1, "show", SHOW, "Explain")
    assert file.path.read_bytes().startswith(b"\xef\xbb\xbf+++\ntitle   =")


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff", "not UTF-8"), (b"x" * 200_001, "too large"), (None, "cannot be read")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "50-own.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LessonError, match=message) as raised:
        LessonFile(path).add_name("lock", "depthSlider", "Lock")
    assert str(path) in str(raised.value)


def test_the_file_mode_is_kept(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.path.chmod(0o640)
    file.add_name("lock", "depthSlider", "Lock")
    assert file.path.stat().st_mode & 0o777 == 0o640
