"""Match the answers of a class with the predictions of a lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from msgspec import Struct

from core.errors import PlaygroundError
from core.lessons.blocks import Lesson, Predict
from core.lessons.classroom.answers import Answer, AnswerFile
from core.lessons.sketches.axes import sketch_axes
from core.lessons.sketches.curves import XY

Truth: TypeAlias = float | XY
"""The measured truth of a prediction: a number for choices and numbers, (x, y) for a curve."""

PredictionPosition: TypeAlias = tuple[int, int]
"""Number of a step and of a prediction in it, from 1."""

_ANSWER_KEYS: Final = {"choice": "choice", "number": "number", "curve": "sketch"}
"""The key of an answer that holds the value, by the kind of the prediction."""


class ClassQuestion(Struct, frozen=True):
    """A prediction and the answers of a class to it.

    Attributes:
        position: its step and number in the lesson.
        predict: the prediction.
        answers: (name, answer) of each learner; the name may be empty.
    """

    position: PredictionPosition
    predict: Predict
    answers: tuple[tuple[str, Answer], ...]


def predictions_of(lesson: Lesson) -> Iterator[tuple[PredictionPosition, Predict]]:
    """Yield each prediction of ``lesson`` with its position, in the order of the file."""
    for number, step in enumerate(lesson.steps, start=1):
        predictions = [block for block in step.content if isinstance(block, Predict)]
        for index, predict in enumerate(predictions, start=1):
            yield (number, index), predict


def class_questions(lesson: Lesson, files: Iterable[AnswerFile]) -> tuple[tuple[ClassQuestion, ...], tuple[str, ...]]:
    """Return the predictions of ``lesson`` with their answers, and a sentence about each answer that fits none of them."""
    predictions = dict(predictions_of(lesson))
    answers: dict[PredictionPosition, list[tuple[str, Answer]]] = {position: [] for position in predictions}
    problems = []
    for number, file in enumerate(files, start=1):
        for answer in file.answers:
            problem = _mismatch(answer, predictions.get(answer.position))
            if problem:
                problems.append(f"{file.name or f'Learner {number}'}, step {answer.step}: {problem}")
            else:
                answers[answer.position].append((file.name, answer))
    found = tuple(
        ClassQuestion(position, predict, tuple(answers[position])) for position, predict in predictions.items()
    )
    return found, tuple(problems)


def _mismatch(answer: Answer, predict: Predict | None) -> str:
    """Return why ``answer`` does not fit ``predict``; empty if it does."""
    if predict is None:
        return "the lesson asks for no prediction there"
    if getattr(answer, _ANSWER_KEYS[predict.kind]) is None:
        return f"the lesson asks for a {predict.kind} there"
    if answer.choice is not None and answer.choice > len(predict.choices):
        return f"choice {answer.choice} of {len(predict.choices)}"
    if predict.kind == "curve":
        try:
            sketch_axes(predict)
        except PlaygroundError as error:
            return str(error)
    return ""
