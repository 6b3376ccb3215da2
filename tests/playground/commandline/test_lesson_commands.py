"""``nn-playground lessons`` and ``nn-playground lessons check``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.lessons import catalogue
from core.lessons.changes import initial_experiment
from core.lessons.file_format.reading import parse_lesson
from playground import __main__ as program
from playground.commandline.sources import open_source
from tests.core.lessons.support import LESSON

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with lessons that takes the place of the shipped ones."""
    monkeypatch.setattr(catalogue, "lessons_folder", lambda: (tmp_path,))
    (tmp_path / "07-x.md").write_text(LESSON, encoding="utf-8")
    (tmp_path / "16-long-name.md").write_text(LESSON.replace("row = 7", "row = 16"), encoding="utf-8")
    return tmp_path


def test_the_list_has_a_line_for_each_lesson(folder: Path, capsys: Captured) -> None:
    assert program.main(["lessons"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "07-x          row 7          6 min  Why ten layers of sigmoid stop learning",
        "16-long-name  row 16         6 min  Why ten layers of sigmoid stop learning",
    ]


def test_the_list_names_a_lesson_that_cannot_be_read(folder: Path, capsys: Captured) -> None:
    (folder / "08-y.md").write_text("broken", encoding="utf-8")
    assert program.main(["lessons"]) == 2
    assert "nn-playground lessons check 08-y" in capsys.readouterr().err


def test_a_lesson_without_problems_passes_the_check(folder: Path, capsys: Captured) -> None:
    path = folder / "07-x.md"
    assert program.main(["lessons", "check", str(path)]) == 0
    assert capsys.readouterr() == (f"{path}: 2 steps, no problems\n", "")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("depth = 10", "depth = 60", "line 37, goal.solution.depth: expected a whole number ≤ 50, got 60"),
        ('"depthSlider"', '"deptSlider"', "line 13, show.control: there is no control"),
        ("minutes = 6", "minutes = 0", "line 4, minutes: expected a whole number ≥ 1, got 0"),
    ],
)
def test_a_broken_lesson_is_named_with_line_and_key(
    folder: Path, capsys: Captured, old: str, new: str, place: str
) -> None:
    path = folder / "broken.md"
    path.write_text(LESSON.replace(old, new, 1), encoding="utf-8")
    assert program.main(["lessons", "check", "--quick", str(path), "07-x"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"nn-playground: {path}, {place}")
    assert len(captured.err.splitlines()) == 1
    assert captured.out == f"{folder / '07-x.md'}: 2 steps, no problems\n"


def test_a_goal_that_its_solution_misses_fails_the_check_unless_it_is_quick(folder: Path, capsys: Captured) -> None:
    path = folder / "07-x.md"
    path.write_text(LESSON.replace("below = 1e-4", "below = 1e-40"), encoding="utf-8")
    assert program.main(["lessons", "check", "--quick", "07-x"]) == 0
    capsys.readouterr()
    assert program.main(["lessons", "check", "07-x"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3  # one for each seed
    assert lines[0].startswith(f'nn-playground: {path}, line 13, step 1 "Go deep": the goal does not hold after')


def test_files_that_do_not_exist_are_an_error(folder: Path, capsys: Captured) -> None:
    assert program.main(["lessons", "check", "none.md"]) == 2
    assert capsys.readouterr().err == "nn-playground: none.md: cannot be read (No such file or directory)\n"
    assert program.main(["lessons", "chekc"]) == 2


def test_a_lesson_is_opened_by_its_key_or_its_file(folder: Path) -> None:
    expected = initial_experiment(parse_lesson(LESSON, "07-x").front)
    for name in ("07-x", str(folder / "07-x.md")):
        source = open_source(name)
        assert (source.experiment, source.lesson, source.file) == (expected, folder / "07-x.md", None)
    assert open_source("spiral").lesson is None


def test_a_lesson_is_printed_on_two_pages(folder: Path, tmp_path: Path, capsys: Captured, qapp: object) -> None:
    out = tmp_path / "sheet.pdf"
    assert program.main(["lessons", "sheet", "07-x", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: the sheet of 'Why ten layers of sigmoid stop learning'\n"
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", out.read_bytes())) == 2


def test_the_answers_are_printed_for_the_teacher(folder: Path, tmp_path: Path, capsys: Captured, qapp: object) -> None:
    out = tmp_path / "answers.pdf"
    assert program.main(["lessons", "sheet", "07-x", str(out), "--answers"]) == 0
    assert capsys.readouterr().out == f"{out}: the answers to 'Why ten layers of sigmoid stop learning'\n"
    assert b"Answers" in out.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["07-z", "x.pdf"], 'there is no lesson called "07-z"'),
        (["missing.md", "x.pdf"], "missing.md: cannot be read"),
        (["07-x", "missing/x.pdf"], "missing/x.pdf: cannot be written"),
    ],
)
def test_a_sheet_that_cannot_be_printed_is_explained(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(folder)
    assert program.main(["lessons", "sheet", *arguments]) == 2
    assert message in capsys.readouterr().err
