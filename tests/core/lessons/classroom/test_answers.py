"""Answer files: they survive saving and loading, and invalid files are reported and left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import PlaygroundError
from core.lessons.classroom.answers import (
    MAX_BYTES,
    MAX_FILES,
    Answer,
    AnswerFile,
    collect,
    decode_answers,
    encode_answers,
    looks_like_answers,
    read_answers,
)

ANSWERS = AnswerFile(
    lesson="07-vanishing-gradient",
    name="Ada",
    answers=(
        Answer(step=1, choice=2),
        Answer(step=2, number=-0.25),
        Answer(step=2, prediction=2, sketch=((0.0, 1.0), (10.0, 1e-3))),
    ),
)


def test_encoded_answers_can_be_decoded() -> None:
    assert decode_answers(encode_answers(ANSWERS)) == ANSWERS
    anonymous = AnswerFile(lesson="05-learning-rate", answers=(Answer(step=1, number=0.0),))
    assert decode_answers(encode_answers(anonymous)) == anonymous
    assert set(json.loads(encode_answers(anonymous))) == {"format", "lesson", "answers"}
    assert decode_answers(b"\xef\xbb\xbf" + encode_answers(ANSWERS)) == ANSWERS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not well-formed JSON"),
        ("[]", r"\$: Expected `object`"),
        ('{"lesson": "a"}', "missing required field `answers`"),
        ('{"lesson": "a", "answers": []}', r"\$.answers: Expected `array` of length >= 1"),
        ('{"format": 2, "lesson": "a", "answers": [{"step": 1, "choice": 1}]}', r"\$.format"),
        ('{"lesson": "a", "answers": [{"step": 0, "choice": 1}]}', r"\$.answers\[0\].step: Expected `int` >= 1"),
        ('{"lesson": "a", "answers": [{"step": 1}]}', r"\$.answers\[0\]: expected one of .*, got none"),
        ('{"lesson": "a", "answers": [{"step": 1, "choice": 1, "number": 2}]}', "got choice, number"),
        ('{"lesson": "a", "answers": [{"step": 1, "sketch": [[1, 2], [1, 3]]}]}', r"\[0\].sketch: the points must be"),
        ('{"lesson": "a", "answers": [{"step": 1, "number": 1e999}]}', "number"),
        ('{"lesson": "a", "answers": [{"step": 1, "choice": 1}, {"step": 1, "choice": 2}]}', "two answers to"),
        ('{"lesson": "a", "extra": 1, "answers": [{"step": 1, "choice": 1}]}', "extra"),
        ('{"lesson": ' + "[" * 100_000, r"\$.lesson: Expected `str`, got `array`"),
    ],
)
def test_an_invalid_file_is_reported_with_its_error(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "b.answers.json"
    path.write_text(content)
    with pytest.raises(PlaygroundError, match=message) as raised:
        read_answers(path)
    assert str(raised.value).startswith(str(path))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.answers.json"
    path.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(PlaygroundError, match="too large for the answers"):
        read_answers(path)


def test_a_folder_is_read_and_its_invalid_files_are_reported(tmp_path: Path) -> None:
    for name in ("c", "a"):
        (tmp_path / f"{name}.answers.json").write_bytes(encode_answers(ANSWERS))
    (tmp_path / "other.answers.json").write_bytes(
        encode_answers(AnswerFile(lesson="05-learning-rate", answers=(Answer(step=1, choice=1),)))
    )
    broken = tmp_path / "b.answers.json"
    broken.write_text("{}")
    (tmp_path / "notes.txt").write_text("not for us")
    (tmp_path / "folder.answers.json").mkdir()
    found = collect([tmp_path, tmp_path / "a.answers.json"])
    assert [path.name for path, _ in found.files] == ["a.answers.json", "c.answers.json", "other.answers.json"]
    assert found.lessons == ("07-vanishing-gradient", "05-learning-rate")
    assert found.of("07-vanishing-gradient") == (ANSWERS, ANSWERS)
    assert len(found.problems) == 2
    assert found.problems[0].startswith(str(broken))
    assert "folder.answers.json: cannot be read" in found.problems[1]


def test_an_empty_folder_and_a_missing_file_are_reported(tmp_path: Path) -> None:
    missing = tmp_path / "missing.answers.json"
    found = collect([tmp_path, missing])
    assert not found.files
    assert "contains no file whose name ends in .answers.json" in found.problems[0]
    assert found.problems[1].startswith(f"{missing}: cannot be read")
    assert not looks_like_answers(tmp_path)
    assert looks_like_answers(missing)
    (tmp_path / "x.answers.json").write_bytes(encode_answers(ANSWERS))
    assert looks_like_answers(tmp_path)


def test_reading_can_be_cancelled_and_stops_at_the_limit(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03}.answers.json" for number in range(MAX_FILES + 1)]
    for path in paths:
        path.write_bytes(encode_answers(ANSWERS))
    found = collect(paths)
    assert len(found.files) == MAX_FILES
    assert found.problems == (f"only the first {MAX_FILES} of {MAX_FILES + 1} files were read",)
    assert len(collect(paths, lambda done, _total: done < 3).files) == 3
