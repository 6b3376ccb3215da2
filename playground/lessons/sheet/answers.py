"""The answers to a classroom sheet, for the teacher: solutions, true answers and explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from typing_extensions import override

from core.lessons.blocks import Ask, Goal, Predict
from core.lessons.classroom.questions import PredictionPosition, Truth
from core.lessons.headless.answer_key import right_choice_of, truth_in_words
from playground.lessons.sheet.pdf import HEIGHT, write_pdf
from playground.lessons.sheet.text import SheetContent, SheetSizes, SheetText
from playground.style.theme import LIGHT, Style

SCALE: Final = 0.88
AXES: Final = 150.0
"""Height of a measured curve in pixels at scale 1."""


class AnswerContent(Struct, frozen=True):
    """The content of an answer sheet.

    Attributes:
        sheet: the lesson; its axes show the measured curves, and its numbers are those after the goal of a step.
        solutions: how the goal of each step is reached; empty for a step without a goal.
        truths: the true answer to each prediction.
    """

    sheet: SheetContent
    solutions: Sequence[str]
    truths: Mapping[PredictionPosition, Truth]


class AnswerText(SheetText):
    """Writes the answers into a text document; may run on any thread."""

    def __init__(self, content: AnswerContent) -> None:
        self._answers = content
        super().__init__(content.sheet, SheetSizes(Style(LIGHT, SCALE), 0, AXES))

    @override
    def _write(self) -> None:
        lesson = self._content.lesson
        self._paragraph(f"Answers: {lesson.front.title}", size=20, bold=True, above=0.0)
        for number, step in enumerate(lesson.steps, start=1):
            self._step = number
            self._paragraph(f"{number}  {step.title}", size=15, bold=True, above=12.0)
            self._keep_with_next(1)
            predictions = 0
            for part in step.content:
                if isinstance(part, Goal):
                    self._goal(part, self._answers.solutions[number - 1])
                elif isinstance(part, Predict):
                    predictions += 1
                    self._prediction(part, (number, predictions))
                elif isinstance(part, Ask):
                    self._answered_question(part)

    def _goal(self, goal: Goal, solution: str) -> None:
        self._begin_paragraph()
        self._insert_text("Goal: ", bold=True)
        self._inline(goal.text.goal)
        self._keep_with_next(int(bool(solution or goal.text.reached)))
        if solution:
            self._labelled_line("How: ", solution)
        if goal.text.reached:
            self._begin_paragraph(above=2.0, indent=6.0)
            self._inline(goal.text.reached)

    def _prediction(self, predict: Predict, position: PredictionPosition) -> None:
        truth = self._answers.truths[position]
        self._begin_paragraph(above=8.0)
        self._insert_text("Prediction: ", bold=True)
        self._inline(predict.text.question)
        self._choices(predict.text.choices, right_choice_of(predict, truth))
        axes = self._content.pictures.axes.get(position)
        if axes is not None:
            self._keep_with_next(1)
            self._begin_paragraph(above=4.0)
            height = self._sizes.picture * self._style.scale
            self._insert(axes, height * axes.width() / axes.height(), height)
        elif measured := truth_in_words(predict, truth):
            self._labelled_line("Measured: ", measured)
        if predict.text.because:
            self._begin_paragraph(above=2.0, indent=6.0)
            self._inline(predict.text.because)

    def _answered_question(self, ask: Ask) -> None:
        self._begin_paragraph(above=8.0)
        self._insert_text("Question: ", bold=True)
        self._inline(ask.text.question)
        self._choices(ask.text.choices, ask.answer - 1, ask.text.because)

    def _choices(self, choices: Sequence[str], right: int, because: Sequence[str] = ()) -> None:
        """Write the choices with the right one ticked, and why each is right or wrong."""
        side = self._style.px(10)
        for index, choice in enumerate(choices):
            self._begin_paragraph(above=3.0, indent=6.0)
            self._insert(self._drawing(side, side, _paint_tick if index == right else _paint_dash), side, side)
            self._insert_text(" \u2009")
            self._inline(choice)
            if because:
                self._insert_text(" – ", colour=self._style.theme.muted)
                self._inline(because[index])

    def _labelled_line(self, lead: str, text: str) -> None:
        self._begin_paragraph(above=2.0, indent=6.0)
        self._insert_text(lead, colour=self._style.theme.muted)
        self._insert_text(text)


def answers_pdf(content: AnswerContent) -> bytes:
    """Return the answers as a PDF; may run on any thread.

    Raises:
        PlaygroundError: it cannot be written.
    """
    text = AnswerText(content)
    text.paginate(HEIGHT)
    return write_pdf(text, f"Answers: {content.sheet.lesson.front.title}")


def _paint_tick(p: QPainter, rect: QRectF, style: Style) -> None:
    p.setPen(QPen(QColor(style.theme.ink), style.px(1.8)))
    left, middle, right = QPointF(0.1, 0.55), QPointF(0.4, 0.85), QPointF(0.95, 0.15)
    side = rect.width()
    p.drawPolyline([left * side, middle * side, right * side])


def _paint_dash(p: QPainter, rect: QRectF, style: Style) -> None:
    p.setPen(QPen(QColor(style.theme.faint), 1.0))
    y = rect.center().y()
    p.drawLine(QPointF(rect.left() + 2.0, y), QPointF(rect.right() - 2.0, y))
