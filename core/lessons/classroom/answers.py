"""The answer file of one learner, and reading the answer files of a whole class.

Nothing is sent anywhere: learners save a file, and a teacher opens the folder that contains them.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from core.errors import PlaygroundError
from core.files import read_limited
from core.lessons.blocks import LessonPart, Name

SUFFIX: Final = ".answers.json"

MAX_BYTES: Final = 200_000
"""Maximum size of an answer file, which usually takes a few kilobytes; larger files are rejected unread."""

MAX_FILES: Final = 500
"""Maximum number of files that are read at once."""

MAX_POINTS: Final = 512
MAX_NAME: Final = 60

_MAX_EXAMINED: Final = 5_000
"""Maximum number of files examined in a folder that is dragged over the window."""

_Value: TypeAlias = Annotated[float, Meta(ge=-1e300, le=1e300)]


class Answer(LessonPart, frozen=True, kw_only=True):
    """The answer to one prediction; exactly one of ``choice``, ``number`` and ``sketch`` is given.

    Attributes:
        step: number of the step, from 1.
        prediction: number of the prediction in the step, from 1.
        choice: number of the choice, from 1.
        number: the predicted number.
        sketch: points (x, y) of the sketched curve, ordered by x.
    """

    step: Annotated[int, Meta(ge=1, le=100)]
    prediction: Annotated[int, Meta(ge=1, le=20)] = 1
    choice: Annotated[int, Meta(ge=1, le=6)] | None = None
    number: _Value | None = None
    sketch: Annotated[tuple[tuple[_Value, _Value], ...], Meta(min_length=1, max_length=MAX_POINTS)] | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Number of the step and of the prediction in it, from 1."""
        return self.step, self.prediction


class AnswerFile(LessonPart, frozen=True, kw_only=True):
    """The answers of one learner to the predictions of a lesson.

    Attributes:
        format: version of the file format.
        lesson: key of the lesson.
        name: the learner's name, or empty.
        answers: the answers.
    """

    format: Literal[1] = 1
    lesson: Name
    name: Annotated[str, Meta(max_length=MAX_NAME)] = ""
    answers: Annotated[tuple[Answer, ...], Meta(min_length=1, max_length=100)]


class ClassFiles(Struct, frozen=True):
    """The answer files of a class.

    Attributes:
        files: the files that could be read, with the answers in each, in the order of their names.
        problems: one sentence about each file that was left out; it names the file.
    """

    files: tuple[tuple[Path, AnswerFile], ...]
    problems: tuple[str, ...]

    @property
    def lessons(self) -> tuple[str, ...]:
        """Keys of the lessons, most files first."""
        keys = [file.lesson for _, file in self.files]
        return tuple(sorted(set(keys), key=lambda key: (-keys.count(key), key)))

    def of(self, lesson: str) -> tuple[AnswerFile, ...]:
        """Return the answers to ``lesson``."""
        return tuple(file for _, file in self.files if file.lesson == lesson)


def encode_answers(file: AnswerFile) -> bytes:
    """Encode ``file`` as indented JSON without defaults."""
    built = {key: value for key, value in msgspec.to_builtins(file).items() if value != "" or key == "lesson"}
    built["answers"] = [{k: v for k, v in answer.items() if v is not None} for answer in built["answers"]]
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def decode_answers(content: bytes) -> AnswerFile:
    """Decode and check the JSON of an answer file.

    Raises:
        PlaygroundError: it is invalid; the message starts with the path of the first error, such as ``$.answers[0].step: …``.
    """
    try:
        file = msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8), type=AnswerFile)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise PlaygroundError(f"{path.rstrip('`') or '$'}: {message}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlaygroundError(f"not well-formed JSON ({error})") from None
    for index, answer in enumerate(file.answers):
        _check(answer, f"$.answers[{index}]")
    positions = [answer.position for answer in file.answers]
    duplicate = next((position for position in positions if positions.count(position) > 1), None)
    if duplicate is not None:
        raise PlaygroundError(f"$.answers: two answers to prediction {duplicate[1]} of step {duplicate[0]}")
    return file


def read_answers(path: Path) -> AnswerFile:
    """Return the answers in the file ``path``.

    Raises:
        PlaygroundError: it cannot be read; the message names the file and the place in it.
    """
    try:
        content = read_limited(path, MAX_BYTES)
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be read ({error.strerror or error})") from None
    if content is None:
        raise PlaygroundError(f"{path}: this file is too large for the answers to a lesson (at most 200 kB)")
    try:
        return decode_answers(content)
    except PlaygroundError as error:
        raise PlaygroundError(f"{path}: {error}") from None


def looks_like_answers(path: Path) -> bool:
    """Return whether ``path`` is named like an answer file, or is a folder that contains one."""
    if path.name.endswith(SUFFIX):
        return True
    try:
        first = islice(path.iterdir(), _MAX_EXAMINED) if path.is_dir() else ()
        return any(each.name.endswith(SUFFIX) for each in first)
    except (OSError, ValueError):  # ValueError: a null byte in the name
        return False


def collect(paths: Iterable[Path], advance: Callable[[int, int], bool] = lambda _done, _total: True) -> ClassFiles:
    """Read the answer files in ``paths``; from a folder, read the files whose names end in ``.answers.json``.

    Unreadable files and those beyond :data:`MAX_FILES` are left out and reported.

    Args:
        paths: files and folders.
        advance: called with (done, total); returning False stops.
    """
    found: dict[Path, None] = {}
    problems = []
    for path in paths:
        inside = list(_answer_files(path)) if path.is_dir() else [path]
        if not inside:
            problems.append(f"{path}: contains no file whose name ends in {SUFFIX}")
        found.update(dict.fromkeys(inside))
    read: list[tuple[Path, AnswerFile]] = []
    for number, path in enumerate(found):
        if number == MAX_FILES:
            problems.append(f"only the first {MAX_FILES} of {len(found)} files were read")
            break
        if not advance(number, len(found)):
            break
        try:
            read.append((path, read_answers(path)))
        except PlaygroundError as error:
            problems.append(str(error))
    return ClassFiles(tuple(read), tuple(problems))


def _answer_files(folder: Path) -> Iterator[Path]:
    """Yield the answer files in ``folder``, sorted by name; none if it cannot be read."""
    try:
        names = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX)) if folder.is_dir() else []
    except (OSError, ValueError):  # ValueError: a null byte in the name
        return
    yield from names


def _check(answer: Answer, where: str) -> None:
    given = [key for key in ("choice", "number", "sketch") if getattr(answer, key) is not None]
    if len(given) != 1:
        raise PlaygroundError(f"{where}: expected one of choice, number and sketch, got {', '.join(given) or 'none'}")
    xs = [x for x, _ in answer.sketch or ()]
    if any(b <= a for a, b in pairwise(xs)):
        raise PlaygroundError(f"{where}.sketch: the points must be ordered by x")
    if not all(math.isfinite(value) for point in answer.sketch or () for value in point):
        raise PlaygroundError(f"{where}.sketch: expected finite numbers")
