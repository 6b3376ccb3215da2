"""The catalogue: which files are lessons, their order, and translations."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import LessonError
from core.lessons import catalogue
from core.lessons.file_format import references
from core.lessons.file_format.reading import read_lesson
from core.lessons.headless.checking import check_file
from tests.core.lessons.support import LESSON

GERMAN = (
    LESSON.replace("Why ten layers of sigmoid stop learning", "Warum zehn Schichten nicht lernen")
    .replace("Add layers.", "Füge Schichten hinzu.")
    .replace('"Luck", "Its slope is 1"', '"Glück", "Die Steigung ist 1"')
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Replace the folder of the shipped lessons, and return it."""
    monkeypatch.setattr(catalogue, "lessons_folder", lambda: (tmp_path,))
    monkeypatch.setattr(references, "lessons_folder", lambda: (tmp_path,))
    for name in ("08-b.md", "07-x.md", "07b-y.md", "c10-z.md", "c2-z.md"):
        (tmp_path / name).write_text(LESSON, encoding="utf-8")
    (tmp_path / "07-x.de.md").write_text(GERMAN, encoding="utf-8")
    for name in ("README.md", "notes.md", "07-X.md", "7-x.md", "07-x.deu.md"):
        (tmp_path / name).write_text("no lesson", encoding="utf-8")
    return tmp_path


def test_lessons_are_listed_in_the_order_of_their_files(folder: Path) -> None:
    assert [lesson.key for lesson in catalogue.lessons("en")] == ["07-x", "07b-y", "08-b", "c2-z", "c10-z"]
    assert catalogue.find_lesson("08-b") is not None
    assert catalogue.find_lesson("README") is None


def test_a_translation_replaces_its_original(folder: Path) -> None:
    titles = [lesson.front.title for lesson in catalogue.lessons("de")]
    assert titles[0] == "Warum zehn Schichten nicht lernen"
    assert titles[1].startswith("Why")
    assert [lesson.key for lesson in catalogue.lessons("de")] == ["07-x", "07b-y", "08-b", "c2-z", "c10-z"]
    assert [path.name for path in catalogue.translations(folder / "07-x.md")] == ["07-x.de.md"]


def test_a_changed_file_is_read_again(folder: Path) -> None:
    assert catalogue.lessons("en")[0].front.minutes == 6
    path = folder / "07-x.md"
    changed = path.stat().st_mtime + 10
    path.write_text(LESSON.replace("minutes = 6", "minutes = 9"), encoding="utf-8")
    os.utime(path, (changed, changed))
    assert catalogue.lessons("en")[0].front.minutes == 9


def test_a_broken_lesson_does_not_hide_the_others(folder: Path) -> None:
    (folder / "08-b.md").write_text("broken", encoding="utf-8")
    assert [lesson.key for lesson in catalogue.lessons("en")] == ["07-x", "07b-y", "c2-z", "c10-z"]
    with pytest.raises(LessonError, match=r"08-b\.md, line 1"):
        catalogue.find_lesson("08-b", "en")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("depth = 10", "depth = 11", "goal.solution: differs"),
        ("below = 1e-4", "below = 1e-5", "goal.all: differs"),
        ("minutes = 6", "minutes = 7", "minutes: differs"),
        ("answer = 2", "answer = 1", "ask.answer: differs"),
        ("## Mend it", "## Mend it\n\n## And again", "3 steps, but the English lesson has 2"),
        ('```show\ncontrol = "depthSlider"\n[text]\nlabel = "Depth"\n```\n', "", "the blocks of step 1 differ"),
        ('because = "Ten factors of at most a quarter."\n', "", "a different number of sentences"),
    ],
)
def test_a_translation_differs_in_its_sentences_only(folder: Path, old: str, new: str, message: str) -> None:
    path = folder / "07-x.de.md"
    check_file(path, read_lesson(path))
    check_file(folder / "07-x.md", read_lesson(folder / "07-x.md"))
    assert old in GERMAN
    path.write_text(GERMAN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LessonError) as raised:
        check_file(path, read_lesson(path))
    assert str(raised.value).startswith(f"{path}, " if "steps, but" not in message else f"{path}: ")
    assert message in str(raised.value)


def test_links_lead_to_the_language_of_the_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(catalogue, "system_language", lambda: "de")
    assert catalogue.linked_file("07-x", folder / "08-b.md") == folder / "07-x.de.md"
    assert catalogue.linked_file("07-x", None) == folder / "07-x.de.md"
    assert catalogue.linked_file("none", folder / "08-b.md") is None
    own = tmp_path / "own"
    own.mkdir()
    for name in ("mine.fr.md", "07-x.md", "other.md", "other.fr.md"):
        (own / name).write_text(LESSON, encoding="utf-8")
    assert catalogue.linked_file("other", own / "mine.fr.md") == own / "other.fr.md"
    assert catalogue.linked_file("other", own / "mine.md") == own / "other.md"
    assert catalogue.linked_file("07-x", own / "mine.fr.md") == own / "07-x.md"
    assert catalogue.linked_file("08-b", own / "mine.fr.md") == folder / "08-b.md"
