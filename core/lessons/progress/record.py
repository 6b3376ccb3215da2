"""A learner's progress in each lesson, and its file; a damaged file is reported and set aside."""

from __future__ import annotations

import codecs
import contextlib
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, field
from msgspec.structs import replace

from core.errors import PlaygroundError, in_one_line
from core.experiment.experiment_file import write_atomically
from core.files import read_limited
from core.lessons.blocks import LessonPart, Name
from core.lessons.classroom.answers import Answer

MAX_BYTES: Final = 4_000_000

_Number: TypeAlias = Annotated[int, Meta(ge=1, le=100)]


class AskAnswer(LessonPart, frozen=True, kw_only=True):
    """The answer to a multiple-choice question.

    Attributes:
        step: number of the step, from 1.
        question: number of the question in the step, from 1.
        choice: number of the chosen answer, from 1.
    """

    step: _Number
    question: _Number = 1
    choice: Annotated[int, Meta(ge=1, le=6)]


class Measured(LessonPart, frozen=True, kw_only=True):
    """What was measured for a prediction when the goal of its step was reached: a number or a curve.

    Attributes:
        step: number of the step, from 1.
        prediction: number of the prediction in the step, from 1.
        value: the true number.
        curve: points (x, y) of the true curve, ordered by x.
    """

    step: _Number
    prediction: _Number = 1
    value: float | None = None
    curve: Annotated[tuple[tuple[float, float], ...], Meta(min_length=1, max_length=512)] | None = None


class Best(LessonPart, frozen=True, kw_only=True):
    """The best result of a challenge.

    Attributes:
        score: the score.
        experiment: the settings that reached it, as in an Experiment file.
    """

    score: float
    experiment: dict[str, object] = field(default_factory=dict)


class LessonProgress(LessonPart, frozen=True, kw_only=True):
    """Progress in one lesson.

    Attributes:
        step: the current step, from 1.
        reached: the steps whose goal has been reached, from 1, ascending.
        predictions: the answers to predictions.
        skipped: (step, number) of the predictions that were skipped, both from 1.
        asks: the answers to questions.
        measured: the truths that were shown.
        finished: whether the last step has been completed.
        best: the best result of a challenge.
    """

    step: _Number = 1
    reached: Annotated[tuple[_Number, ...], Meta(max_length=100)] = ()
    predictions: Annotated[tuple[Answer, ...], Meta(max_length=400)] = ()
    skipped: Annotated[tuple[tuple[_Number, _Number], ...], Meta(max_length=400)] = ()
    asks: Annotated[tuple[AskAnswer, ...], Meta(max_length=400)] = ()
    measured: Annotated[tuple[Measured, ...], Meta(max_length=400)] = ()
    finished: bool = False
    best: Best | None = None

    def with_reached(self, step: int) -> LessonProgress:
        """Return the progress with the goal of ``step`` reached."""
        return replace(self, reached=tuple(sorted({*self.reached, step})))

    def with_prediction(self, answer: Answer) -> LessonProgress:
        """Return the progress with ``answer`` in place of an earlier one to the same prediction."""
        others = tuple(each for each in self.predictions if each.position != answer.position)
        skipped = tuple(position for position in self.skipped if position != answer.position)
        return replace(
            self, predictions=tuple(sorted((*others, answer), key=lambda each: each.position)), skipped=skipped
        )

    def with_measured(self, measured: tuple[Measured, ...]) -> LessonProgress:
        """Return the progress with ``measured`` in place of earlier truths of the same predictions."""
        positions = {(each.step, each.prediction) for each in measured}
        others = tuple(each for each in self.measured if (each.step, each.prediction) not in positions)
        return replace(
            self, measured=tuple(sorted((*others, *measured), key=lambda each: (each.step, each.prediction)))
        )

    def truth(self, step: int, number: int = 1) -> Measured | None:
        """Return what was measured for a prediction, or ``None``."""
        return next((each for each in self.measured if (each.step, each.prediction) == (step, number)), None)

    def with_skipped(self, step: int, prediction: int) -> LessonProgress:
        """Return the progress with a prediction skipped."""
        return replace(self, skipped=tuple(sorted({*self.skipped, (step, prediction)})))

    def with_ask(self, answer: AskAnswer) -> LessonProgress:
        """Return the progress with ``answer`` in place of an earlier one to the same question."""
        position = (answer.step, answer.question)
        others = tuple(each for each in self.asks if (each.step, each.question) != position)
        return replace(self, asks=tuple(sorted((*others, answer), key=lambda each: (each.step, each.question))))

    def prediction(self, step: int, number: int = 1) -> Answer | None:
        """Return the answer to a prediction, or ``None``."""
        return next((each for each in self.predictions if each.position == (step, number)), None)

    def ask(self, step: int, question: int = 1) -> AskAnswer | None:
        """Return the answer to a question, or ``None``."""
        return next((each for each in self.asks if (each.step, each.question) == (step, question)), None)


class Progress(LessonPart, frozen=True, kw_only=True):
    """Progress in all lessons.

    Attributes:
        format: version of the file format.
        tour_offered: whether the tour has been offered.
        lessons: the progress in each lesson that was opened, by key.
    """

    format: Literal[1] = 1
    tour_offered: bool = False
    lessons: dict[Name, LessonProgress] = field(default_factory=dict)

    def of(self, key: str) -> LessonProgress:
        """Return the progress in the lesson called ``key``."""
        return self.lessons.get(key, LessonProgress())

    def with_lesson(self, key: str, lesson: LessonProgress) -> Progress:
        """Return the progress with that of one lesson replaced."""
        return replace(self, lessons={**self.lessons, key: lesson})


def load(path: Path) -> tuple[Progress, str]:
    """Return the progress in the file ``path``, and a message if it cannot be read.

    A missing file means no progress yet. A damaged one is set aside with the suffix ``.damaged``.
    """
    try:
        content = read_limited(path, MAX_BYTES)
    except FileNotFoundError:
        return Progress(), ""
    except OSError as error:
        return Progress(), in_one_line(
            f"{path}: your progress in the lessons cannot be read ({error.strerror or error})."
        )
    try:
        if content is None:
            raise msgspec.ValidationError("the file is too large")
        return msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8), type=Progress), ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        kept = path.with_name(f"{path.name}.damaged")
        with contextlib.suppress(OSError):
            path.replace(kept)
        return (
            Progress(),
            in_one_line(f"{path}: your progress in the lessons is damaged ({error}); the file is kept as {kept.name}."),
        )


def save(progress: Progress, path: Path) -> None:
    """Write ``progress`` to the file ``path`` atomically.

    Raises:
        PlaygroundError: it cannot be written; the message names it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be written ({error.strerror or error})") from None
    content = msgspec.json.format(msgspec.json.encode(progress), indent=1)
    write_atomically(path, content + b"\n")
