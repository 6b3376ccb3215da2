"""The progress file is replaced atomically, and a damaged one is reported and set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import PlaygroundError
from core.lessons.classroom.answers import Answer
from core.lessons.progress.record import AskAnswer, Best, LessonProgress, Progress, load, save

LESSON = (
    LessonProgress(step=3, finished=True, best=Best(score=7.0, experiment={"format": 1}))
    .with_reached(2)
    .with_reached(1)
    .with_reached(2)
    .with_skipped(1, 1)
    .with_skipped(2, 1)
    .with_prediction(Answer(step=1, choice=2))
    .with_prediction(Answer(step=3, sketch=((0.0, 1.0), (2.0, 3.0))))
    .with_prediction(Answer(step=1, choice=3))
    .with_ask(AskAnswer(step=2, choice=1))
    .with_ask(AskAnswer(step=2, choice=2))
)
PROGRESS = Progress(tour_offered=True).with_lesson("07-x", LESSON)


def test_later_answers_replace_earlier_ones() -> None:
    assert LESSON.reached == (1, 2)
    assert LESSON.skipped == ((2, 1),)
    assert LESSON.prediction(1) == Answer(step=1, choice=3)
    assert LESSON.prediction(2) is None
    assert [each.step for each in LESSON.predictions] == [1, 3]
    assert LESSON.ask(2) == AskAnswer(step=2, choice=2)
    assert LESSON.ask(1) is None
    assert Progress().of("07-x") == LessonProgress()


def test_progress_survives_saving_and_loading(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lessons.json"
    assert load(path) == (Progress(), "")
    save(PROGRESS, path)
    assert load(path) == (PROGRESS, "")
    assert [each.name for each in path.parent.iterdir()] == ["lessons.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"format": 2}', b'{"lessons": {"a": {"step": 0}}}', b"[" * 100_000, b'{"x": 1}'],
    ids=lambda content: str(content[:30]),
)
def test_a_damaged_file_is_set_aside_with_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lessons.json"
    path.write_bytes(content)
    progress, message = load(path)
    assert progress == Progress()
    assert message.startswith(f"{path}: your progress in the lessons is damaged")
    assert (tmp_path / "lessons.json.damaged").read_bytes() == content
    save(PROGRESS, path)
    assert load(path) == (PROGRESS, "")


def test_a_folder_in_its_place_is_reported(tmp_path: Path) -> None:
    progress, message = load(tmp_path)
    assert progress == Progress()
    assert "cannot be read" in message
    with pytest.raises(PlaygroundError, match="cannot be written"):
        save(PROGRESS, tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PlaygroundError, match="cannot be written"):
        save(PROGRESS, tmp_path / "file" / "lessons.json")
