"""The cards of the class window: each shows a prediction with all answers, their median and spread, and the truth."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import numpy as np
from msgspec.structs import replace
from typing_extensions import override

from core.lessons.classroom.questions import ClassQuestion, PredictionPosition, Truth
from core.lessons.classroom.statistics import Spread, choice_counts, sketch_band, spread
from core.lessons.predictions import right_choice
from core.lessons.sketches.axes import sketch_axes
from core.lessons.sketches.distance import curve_difference
from playground.lessons.classroom.choices import ClassChoices, ClassChoicesPicture
from playground.lessons.classroom.curves import ClassCurves, ClassCurvesPicture
from playground.lessons.classroom.numbers import ClassNumbers, ClassNumbersPicture
from playground.lessons.sketching.grid import SketchGrid
from playground.lessons.text.plain_words import plain_words
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.plot_card import PlotCard
from playground.style.numbers import percent, short
from playground.style.theme import Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from core.arrays import Floats
    from playground.session import Session

Data = TypeVar("Data")

NO_ANSWERS: Final = "Nobody has answered this question."


def count_learners(count: int) -> str:
    """Return ``1 learner`` or ``12 learners``."""
    return f"{count} learner" if count == 1 else f"{count} learners"


class ClassCard(PlotCard[Data]):
    """A prediction and the answers of a class to it."""

    is_partial = True

    def __init__(self, question: ClassQuestion, session: Session, style: Style) -> None:
        step, number = question.position
        self._question = question
        self._truth: Truth | None = None
        self._named = False
        super().__init__(plain_words(question.predict.text.question), f"classCard-{step}-{number}", session, style)
        self.figure_key = f"class-step-{step}" if number == 1 else f"class-step-{step}-{number}"
        self.note(count_learners(len(question.answers)))

    @property
    def position(self) -> PredictionPosition:
        """Step and number of the prediction."""
        return self._question.position

    def show_truth(self, truth: Truth | None) -> None:
        """Draw the measured truth; ``None`` if it is not known."""
        self._truth = truth
        self._show()

    def show_names(self, *, on: bool) -> None:
        """Show the learners' names in readouts and tables, or numbers instead."""
        self._named = on
        self._show()

    def _show(self) -> None:
        self.redraw()
        self.say(*self._sentence_forms())

    @abstractmethod
    def _sentence_forms(self) -> tuple[str, ...]:
        """Return the sentence about the answers, longest form first."""

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(name if self._named else "" for name, _ in self._question.answers)

    def _row_names(self) -> list[str]:
        return [name or f"learner {number}" for number, name in enumerate(self._names, start=1)]


class ClassCurvesCard(ClassCard[ClassCurves]):
    """The sketches of a class."""

    def __init__(self, question: ClassQuestion, session: Session, style: Style) -> None:
        axes = sketch_axes(question.predict)
        sketches = [answer.sketch or () for _, answer in question.answers]
        self._data = ClassCurves(axes, sketch_band(sketches, SketchGrid(axes).xs, axes), (), None)
        self._sketches = sketches
        super().__init__(question, session, style)
        self._show()

    @override
    def make_picture(self, canvas: Canvas) -> ClassCurvesPicture:
        return ClassCurvesPicture(canvas)

    @override
    def shown(self) -> ClassCurves:
        truth = self._truth if isinstance(self._truth, tuple) else None
        return replace(self._data, names=self._names, truth=truth)

    @override
    def _sentence_forms(self) -> tuple[str, ...]:
        if not self._sketches:
            return (NO_ANSWERS,)
        if not isinstance(self._truth, tuple):
            return ("The middle half of the sketches lies in the band.",)
        axes, (x, y) = self._data.axes, self._truth
        found = [curve_difference(points, x, y, log=axes.log, by_layer=axes.by_layer) for points in self._sketches]
        means = [each.mean for each in found if each is not None]
        middle = curve_difference(self._median(), x, y, log=axes.log, by_layer=axes.by_layer)
        if not means or middle is None:
            return ("No sketch can be compared with the measured curve.",)
        unit = " decades" if axes.log else ""
        each, together = short(float(np.median(means)), 2), short(middle.mean, 2)
        return (
            f"Half of the sketches are off by at most {each}{unit} on average; the median of the class by {together}.",
            f"typical sketch off by {each}{unit}, class median by {together}",
        )

    def _median(self) -> list[tuple[float, float]]:
        data = self._data.band
        heights = 10.0**data.median if self._data.axes.log else data.median
        return [(x, y) for x, y in zip(data.x.tolist(), heights.tolist(), strict=True) if np.isfinite(y)]

    @override
    def table_of(self, data: ClassCurves | None) -> Table:
        data, axes = data or self.shown(), self._data.axes

        def values(heights: Floats) -> list[float | str]:
            ys = 10.0**heights if axes.log else heights
            return ["" if np.isnan(y) else y for y in ys.tolist()]

        columns = [data.band.x.tolist(), *(values(each) for each in (data.band.median, data.band.low, data.band.high))]
        names = [axes.x_title, "median", "lower quartile", "upper quartile"]
        x, heights = data.truth_heights()
        if len(x):
            columns.append(values(np.interp(data.band.x, x, heights, left=np.nan, right=np.nan)))
            names.append("measured")
        columns += [values(row) for row in data.band.curves]
        return Table((*names, *self._row_names()), list(zip(*columns, strict=True)))


class ClassNumbersCard(ClassCard[ClassNumbers]):
    """The numbers that a class predicted."""

    def __init__(self, question: ClassQuestion, session: Session, style: Style) -> None:
        self._values = tuple(answer.number for _, answer in question.answers if answer.number is not None)
        self._spread: Spread | None = spread(self._values) if self._values else None
        super().__init__(question, session, style)
        self._show()

    @override
    def make_picture(self, canvas: Canvas) -> ClassNumbersPicture:
        return ClassNumbersPicture(canvas)

    @override
    def shown(self) -> ClassNumbers:
        truth = self._truth if isinstance(self._truth, float | int) else None
        return ClassNumbers(self._values, self._names, self._spread, truth, self._question.predict.unit)

    @override
    def _sentence_forms(self) -> tuple[str, ...]:
        if self._spread is None:
            return (NO_ANSWERS,)
        found = self._spread
        middle = f"half of the answers lie between {short(found.low, 3)} and {short(found.high, 3)}"
        return (f"The median is {short(found.median, 3)}; {middle}.", f"median {short(found.median, 3)}")

    @override
    def table_of(self, data: ClassNumbers | None) -> Table:
        rows: list[tuple[float | str, ...]] = list(zip(self._row_names(), self._values, strict=True))
        if self._spread is not None:
            rows += [
                ("median", self._spread.median),
                ("lower quartile", self._spread.low),
                ("upper quartile", self._spread.high),
            ]
        truth = (data or self.shown()).truth
        if truth is not None:
            rows.append(("measured", truth))
        return Table(("learner", "answer"), rows)


class ClassChoicesCard(ClassCard[ClassChoices]):
    """The choices of a class."""

    def __init__(self, question: ClassQuestion, session: Session, style: Style) -> None:
        chosen = [answer.choice for _, answer in question.answers if answer.choice is not None]
        self._counts = tuple(choice_counts(chosen, len(question.predict.choices)).tolist())
        super().__init__(question, session, style)
        self._show()

    @override
    def make_picture(self, canvas: Canvas) -> ClassChoicesPicture:
        return ClassChoicesPicture(canvas)

    @override
    def shown(self) -> ClassChoices:
        right = -1
        if isinstance(self._truth, float | int):
            right = right_choice(self._question.predict, self._truth) - 1
        choices = tuple(plain_words(each) for each in self._question.predict.text.choices)
        return ClassChoices(choices, self._counts, None if right < 0 else right)

    @override
    def _sentence_forms(self) -> tuple[str, ...]:
        data, total = self.shown(), sum(self._counts)
        if not total:
            return (NO_ANSWERS,)
        if data.right is None or not isinstance(self._truth, float | int):
            return (" ",)
        right = percent(data.counts[data.right] / total, 0)
        return (f"{right} of the class are right; measured: {short(self._truth, 3)}.", f"{right} right")

    @override
    def table_of(self, data: ClassChoices | None) -> Table:
        data = data or self.shown()
        rows = [
            (text, count, "yes" if index == data.right else "")
            for index, (text, count) in enumerate(zip(data.texts, data.counts, strict=True))
        ]
        return Table(("choice", "learners", "right"), rows)


AnyCard: TypeAlias = ClassCurvesCard | ClassNumbersCard | ClassChoicesCard

CARDS: Final[Mapping[str, type[AnyCard]]] = {
    "curve": ClassCurvesCard,
    "number": ClassNumbersCard,
    "choice": ClassChoicesCard,
}
"""The card for each kind of prediction."""
