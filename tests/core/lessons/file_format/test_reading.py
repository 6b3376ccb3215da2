"""Reading lessons: valid ones are read completely, and invalid ones raise an error with file, line and key."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from core.errors import LessonError
from core.lessons.blocks import Ask, Condition, Goal, Lesson, Predict, Set, Show
from core.lessons.file_format.reading import MAX_BYTES, change_of, goal_of, parse_lesson, questions, read_lesson
from tests.core.lessons.support import LESSON

LINES = LESSON.split("\n")


def read(text: str) -> Lesson:
    return parse_lesson(text, "07-x", "07-x.md")


def line_of(start: str, after: str = "") -> int:
    """Return the number of the first line that starts with ``start``, after the line ``after``."""
    first = LINES.index(after) if after else 0
    return next(number for number, line in enumerate(LINES) if number >= first and line.startswith(start)) + 1


def test_a_valid_lesson_is_read_completely() -> None:
    lesson = read(LESSON)
    assert (lesson.key, lesson.front.row, lesson.front.cards) == ("07-x", 7, ("gradient", "waterfall"))
    assert lesson.introduction.startswith("Now the ratio is {{gradient_ratio(1, last)}}")
    deep, mend = lesson.steps
    assert [each.title for each in lesson.steps] == ["Go deep", "Mend it"]
    assert [type(each) for each in deep.content] == [str, Predict, str, Goal, Show]
    assert [type(each) for each in mend.content] == [Set, Ask]
    assert deep.line == line_of("## Go deep")
    assert deep.content[2] == "Then look."
    goal = goal_of(deep)
    assert goal is not None
    assert goal.all == (Condition(measure="gradient_ratio", from_=1, to="last", below=1e-4),)
    assert goal.solution.depth == 10
    assert [type(each) for each in questions(deep)] == [Predict]
    change = change_of(mend)
    assert change is not None
    assert change.experiment == {"training": {"learning_rate": 0.1}}


def test_windows_line_ends_and_a_byte_order_mark_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "07-x.md"
    path.write_bytes(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())
    assert read_lesson(path) == read(LESSON)


def test_goals_joined_by_all_or_any_are_read() -> None:
    short = 'measure = "gradient_ratio"\nfrom = 1\nto = "last"\nbelow = 1e-4\n'
    joined = 'any = [{ measure = "train_loss", below = 0.1 }, { measure = "activation", layer = 1, equals = "relu" }]\n'
    goal = goal_of(read(LESSON.replace(short, joined)).steps[0])
    assert goal is not None
    assert [each.measure for each in goal.any] == ["train_loss", "activation"]


ERRORS: list[tuple[str, str, int, str, str]] = [
    # (old text, new text, line, key, message)
    ("depth = 10", "depth = 60", line_of("depth"), "goal.solution.depth", "expected a whole number ≤ 50, got 60"),
    ("depth = 10", "dpth = 10", line_of("depth"), "goal.solution", 'did you mean "depth"'),
    ("[solution]\ndepth = 10\n", "", line_of("```goal") + 1, "goal", '"solution" is missing'),
    ('"relu"', '"rellu"', line_of("all_hidden"), "set.all_hidden.activation", "expected one of"),
    ("rate = 0.1", "rate = 0", line_of("experiment"), "set.experiment.training.learning_rate", "> 0"),
    ("below = 1e-4\n", "", line_of("measure"), "goal.measure", "give a limit"),
    ('measure = "gradient_ratio"\n', 'measure = "gradient_ration"\n', line_of("measure"), "goal.measure", "did you mean"),
    ("from = 1\n", "layer = 1\n", line_of("from"), "goal.layer", "has no argument layer"),
    ("from = 1\n", "", line_of("measure"), "goal.measure", "needs from"),
    ("from = 1\n", "from = 52\n", line_of("from"), "goal.from", "≤ 51"),
    ("below = 1e-4\n", "equals = 3\nbelow = 1e-4\n", line_of("below"), "goal.equals", "either equals or limits"),
    ("below = 1e-4\n", 'equals = "relu"\n', line_of("below"), "goal.equals", "is a number"),
    ("answer = 2", "answer = 3", line_of("answer"), "ask.answer", "from 1 to 2"),
    ('because = ["No.", ', "because = [", line_of("because", "answer = 2"), "ask.text.because", "a reason for each"),
    ('"between", ', "", line_of("choices = [\"about"), "predict.text.choices", "3 choices, but 2 texts"),
    ("{ below = 1e-3 },\n", "{ bellow = 1e-3 },\n", line_of("  { below"), "predict.choices[2]", 'did you mean "below"'),
    ('"vanishing-gradient"', '"vanish-gradient"', line_of("preset"), "preset", "did you mean"),
    ("depth = 3,", "depth = 99,", line_of("start"), "start.depth", "≤ 50"),
    ("minutes = 6", "minutes = ", line_of("minutes"), "", "not well-formed TOML"),
    ("minutes = 6\n", "", 2, "", '"minutes" is missing'),
    ("row = 7", "row = 20", line_of("row"), "row", "≤ 19"),
    ("row = 7", "row = 0x" + "f" * 3000, line_of("row"), "row", "64 bits"),
    ("row = 7", "row = " + "9" * 4900, 2, "", "not readable as TOML"),
    ("row = 7", "row = " + "[" * 2000, 2, "", "not readable as TOML"),
    ("is {{gradient_ratio(1, last)}};", "is {{gradient_ratio(1, lst)}};", line_of("Now"), "", "first or last"),
    ("is {{gradient_ratio(1, last)}};", "is {{test_loss;", line_of("Now"), "", "must end with }}"),
    ('is {{gradient_ratio(1, last)}}."', 'is {{tset_loss}}."', line_of("reached"), "goal.text.reached", "did you mean"),
    ('"1 s"', '"1 year"', line_of("hold_for"), "goal.hold_for", "expected a duration"),
    ("```goal", "```gaol", line_of("```goal"), "", 'did you mean "goal"'),
    ("```show", "> ```show", line_of("```show"), "", "must not be inside a list or quotation"),
    ("## Mend it", "# Mend it", line_of("## Mend it"), "", "a step starts with ##"),
    ("## Mend it", "##", line_of("## Mend it"), "", "no title"),
    ("## Go deep", "Go deep", line_of("```predict"), "", "inside a step"),
    ("+++\ntitle", "title", 1, "", "starts with a line"),
    ("+++\nNow", "Now", 1, "", "no second line"),
    ("Add layers.", "Add \x00layers.", line_of("Add"), "", "U+0000"),
    ("Add layers.", "x" * 6000, line_of("Add"), "", "characters"),
    ('control = "depthSlider"\n', "", line_of("```show") + 1, "show", "needs a control"),
    ('control = "depthSlider"\n', "neuron = [0, 1]\n", line_of("control"), "show.neuron", "count from 1"),
    ('within = "20 s"', 'within = "20 s"\nall = []', line_of("measure"), "goal.measure", "not both"),
    ('truth = { measure = "gradient_ratio"', 'truth = { measure = "optimizer"', line_of("truth"),
     "predict.truth.from", "no argument"),
    ('kind = "choice"', 'kind = "number"', line_of("choices"), "predict.choices", "has no choices"),
    ('kind = "choice"', 'kind = "sketch"', line_of("kind"), "predict.kind", "expected one of"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "key", "message"), ERRORS, ids=[f"{e[1][:30]!r}" for e in ERRORS])
def test_an_error_names_file_line_and_key(old: str, new: str, line: int, key: str, message: str) -> None:
    assert old in LESSON
    with pytest.raises(LessonError, match=re.escape(message)) as raised:
        read(LESSON.replace(old, new, 1))
    error = raised.value
    assert (error.where, error.line, error.key) == ("07-x.md", line, key)
    place = f"07-x.md, line {line}, {key}: " if key else f"07-x.md, line {line}: "
    assert str(error) == place + error.message


def test_a_curve_needs_the_ranges_of_its_axes() -> None:
    start, end = LESSON.index("```predict"), LESSON.index("Then look.")
    curve = """```predict
kind = "curve"
truth = { measure = "gradient_by_layer" }
x = [1, 11]
y = [1e-9, 1]
[text]
question = "Sketch it."
```
"""
    read(LESSON[:start] + curve + LESSON[end:])
    for old, new, key in (("x = [1, 11]\n", "", "predict.x"), ("1e-9", "-1", "predict.y"), ("11]", "0]", "predict.x")):
        with pytest.raises(LessonError) as raised:
            read(LESSON[:start] + curve.replace(old, new) + LESSON[end:])
        assert raised.value.key == key


def test_a_block_that_is_not_closed_is_an_error() -> None:
    with pytest.raises(LessonError, match="not closed") as raised:
        read(LESSON.rstrip().removesuffix("```"))
    assert raised.value.line == line_of("```ask")


def test_a_step_has_one_goal_and_predictions_before_it() -> None:
    goal = LESSON[LESSON.index("```goal") : LESSON.index("```show")]
    with pytest.raises(LessonError, match="only one goal"):
        read(LESSON.replace("Then look.\n", goal))
    with pytest.raises(LessonError, match="followed by the goal"):
        read(LESSON.replace(goal, ""))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a](08-missing)", 'there is no lesson "08-missing"'),
        ("[a](../../etc/passwd)", "expected a link to a lesson"),
        ("![a](images/missing.png)", "does not exist"),
        ("![a](../secret.png)", "expected an image"),
        ("![a](https://example.org/x.png)", "expected an image"),
    ],
)
def test_links_and_images_must_have_existing_targets(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "07-x.md"
    path.write_text(LESSON.replace("Add layers.", f"Add layers.\n{text}"), encoding="utf-8")
    with pytest.raises(LessonError, match=message) as raised:
        read_lesson(path)
    assert raised.value.line == line_of("Add") + 1


def test_links_to_lessons_and_images_beside_the_file_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "net.png").write_bytes(b"")
    (tmp_path / "08-y.md").write_text(LESSON, encoding="utf-8")
    path = tmp_path / "07-x.md"
    path.write_text(LESSON.replace("Add layers.", "[a](08-y) ![b](images/net.png)"), encoding="utf-8")
    assert read_lesson(path).key == "07-x"


def test_unreadable_files_raise_a_lesson_error(tmp_path: Path) -> None:
    def message(path: Path) -> str:
        with pytest.raises(LessonError) as raised:
            read_lesson(path)
        return str(raised.value)

    assert message(tmp_path / "none.md").startswith(f"{tmp_path / 'none.md'}: cannot be read")
    assert "cannot be read" in message(tmp_path)
    os.mkfifo(tmp_path / "pipe.md")
    assert "cannot be read" in message(tmp_path / "pipe.md")
    (tmp_path / "large.md").write_bytes(b" " * (MAX_BYTES + 1))
    assert "too large" in message(tmp_path / "large.md")
    (tmp_path / "latin.md").write_bytes(b"+++\nx\n\xff")
    assert message(tmp_path / "latin.md").endswith("line 3: this is not UTF-8 text")
