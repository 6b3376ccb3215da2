"""Ask for a prediction before training; afterwards compare the answer with the measurement."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from core.lessons.blocks import Predict
from core.lessons.classroom.answers import Answer
from core.lessons.classroom.questions import Truth
from core.lessons.measurements.conditions import measure_name
from core.lessons.measurements.registry import MEASUREMENTS, value_in_words
from core.lessons.predictions import number_difference, right_choice, true_curve, truth_of
from core.lessons.progress.measured import recorded_truth
from core.lessons.progress.record import Measured
from core.training.snapshot import Snapshot
from playground.lessons.cards.block import BlockCard, show_text
from playground.lessons.cards.choices import Choices
from playground.lessons.sketching.sketch import SketchPlot
from playground.lessons.text.texts import Texts, number_in
from playground.style.numbers import short, signed
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

MAX_NUMBER: Final = 1e300
SKETCH_HEIGHT: Final = 220
"""Height of the plot to sketch on, in pixels at scale 1."""


class PredictCard(BlockCard):
    """Asks for a prediction; :meth:`reveal` shows the truth beside it.

    Signals:
        predicted: an :class:`core.lessons.classroom.answers.Answer`.
        skipped: the learner skips the prediction.

    Args:
        predict: the prediction.
        position: number of the step and of the prediction in it, from 1.
        texts: creates its text views.
        style: the initial style.
    """

    predicted = Signal(object)
    skipped = Signal()

    def __init__(
        self, predict: Predict, position: tuple[int, int], texts: Texts, style: Style, parent: QWidget | None = None
    ) -> None:
        super().__init__("Predict first", style, parent)
        self._predict, self._position = predict, position
        self._texts = texts
        self._answer: Answer | None = None
        self._is_revealed = False
        self.choices: Choices | None = None
        self.sketch: SketchPlot | None = None
        self.number: QLineEdit | None = None
        self.rows.addWidget(texts.view(predict.text.question))
        self._make_answer(style)
        self._verdict = PlainLabel()
        self._verdict.setObjectName("predictionVerdict")
        self._verdict.setWordWrap(True)
        self._verdict.setProperty("role", "value")
        self._verdict.hide()
        self.rows.addWidget(self._verdict)
        self._because = texts.view(predict.text.because)
        self._because.hide()
        self.rows.addWidget(self._because)
        self._skip = QPushButton("Skip")
        self._skip.setObjectName("skipPredictionButton")
        self._skip.setProperty("role", "link")
        self._skip.setToolTip("Play without a prediction; it can still be made until the goal is reached.")
        self._skip.clicked.connect(lambda _=False: self._skip_prediction())
        self.rows.addWidget(self._skip)

    @property
    def verdict(self) -> str:
        """The visible comparison; empty before the truth is known."""
        return self._verdict.text()

    def restore(self, answer: Answer | None, *, skipped: bool) -> None:
        """Show an earlier answer, or that the prediction was skipped."""
        self._answer = answer
        if answer is None:
            self._skip.setHidden(skipped)
            return
        self._skip.hide()
        if self.choices is not None and answer.choice is not None:
            self.choices.choose(answer.choice - 1)
        elif self.number is not None and answer.number is not None:
            self.number.setText(f"{answer.number:.4g}")
        elif self.sketch is not None and answer.sketch is not None:
            self.sketch.restore(answer.sketch)
        self.set_heading("Your prediction", "pencil")

    def reveal(self, snapshot: Snapshot) -> None:
        """Show the truth, measured in ``snapshot``; the answer can no longer be changed."""
        if self._is_revealed:
            return
        self._store_pending_answer()
        # Later training must not change the numbers of the explanation.
        self._because.set_number_source(partial(number_in, snapshot))
        is_curve = self._predict.kind == "curve"
        self._show_truth(true_curve(self._predict, snapshot) if is_curve else truth_of(self._predict, snapshot))

    def reveal_recorded(self, measured: Measured) -> None:
        """Show the truth measured in an earlier session, after :meth:`restore` has shown the answer."""
        truth = recorded_truth(measured)
        if truth is not None and isinstance(truth, tuple) == (self._predict.kind == "curve"):
            self._show_truth(truth)

    def _show_truth(self, truth: Truth) -> None:
        self._is_revealed = True
        self._skip.hide()
        self._verdict.setText(self._compare_with(truth))
        self._verdict.setVisible(bool(self._verdict.text()))
        show_text(self._because, on=bool(self._predict.text.because))

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        if self.choices is not None:
            self.choices.set_style(style)
        if self.sketch is not None:
            self.sketch.set_style(style)
            self.sketch.canvas.setFixedHeight(round(style.px(SKETCH_HEIGHT)))  # not as high as the panel

    # -- answering ---------------------------------------------------------------------------------------------------

    def _make_answer(self, style: Style) -> None:
        if self._predict.kind == "choice":
            self.choices = Choices(self._predict.text.choices, "predictChoice", self._texts, style)
            self.choices.chosen.connect(lambda index: self._store_answer(choice=index + 1))
            self.rows.addWidget(self.choices)
        elif self._predict.kind == "curve":
            self.sketch = SketchPlot(self._predict, style)
            self.sketch.sketched.connect(lambda points: self._store_answer(sketch=points))
            self.sketch.canvas.setFixedHeight(round(style.px(SKETCH_HEIGHT)))
            self.rows.addWidget(self.sketch)
        else:
            self._number_row = self._make_number_row()
            self.rows.addWidget(self._number_row)

    def _make_number_row(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        self.number = QLineEdit()
        self.number.setObjectName("predictNumber")
        self.number.setAccessibleName("Your prediction")
        self.number.setPlaceholderText("such as 0.01 or 1e-4")
        self.number.returnPressed.connect(self._store_number)
        self._keep = QPushButton("Keep")
        self._keep.setObjectName("keepPredictionButton")
        self._keep.setToolTip("Store this number as your prediction (Enter).")
        self._keep.clicked.connect(lambda _=False: self._store_number())
        row.addWidget(self.number, 1)
        if self._predict.unit:
            row.addWidget(PlainLabel(self._predict.unit))
        row.addWidget(self._keep)
        return widget

    def _store_number(self) -> None:
        if self.number is None:
            return
        value = _number(self.number.text())
        self.number.setProperty("wrong", value is None)
        self.number.style().polish(self.number)
        if value is not None:
            self._store_answer(number=value)

    def _store_answer(self, **answer: object) -> None:
        step, number = self._position
        self._answer = Answer(step=step, prediction=number, **answer)  # type: ignore[arg-type]
        self._skip.hide()
        self.set_heading("Your prediction", "pencil")
        self.predicted.emit(self._answer)

    def _store_pending_answer(self) -> None:
        """Store a number or a sketch that was entered but not confirmed."""
        if self._answer is not None:
            return
        if self.sketch is not None and self.sketch.points:
            self._store_answer(sketch=self.sketch.points)
        elif self.number is not None:
            self._store_number()

    def _skip_prediction(self) -> None:
        self._skip.hide()
        self.skipped.emit()

    # -- the truth ---------------------------------------------------------------------------------------------------

    def _compare_with(self, truth: Truth) -> str:
        predict, answer = self._predict, self._answer
        if isinstance(truth, tuple):
            x, y = truth
            if self.sketch is not None and len(x):
                self.sketch.reveal(x, y)
            if answer is None:
                self.set_heading("Prediction")
            return ""
        entry = MEASUREMENTS[predict.truth.measure]
        measured = f"{measure_name(predict.truth)}: {value_in_words(truth, entry)}{f' {predict.unit}' if predict.unit else ''}."
        if self.choices is not None:
            return f"{measured} {self._mark_choices(right_choice(predict, truth) - 1)}".strip()
        if self.number is not None:
            self._number_row.setVisible(answer is not None)
            self.number.setEnabled(False)
            self._keep.hide()
        if answer is None or answer.number is None:
            return measured
        difference, ratio = number_difference(answer.number, truth)
        if math.isfinite(ratio) and ratio > 0 and not 0.5 < ratio < 2.0:
            error = f"{short(ratio if ratio > 1 else 1 / ratio, 2)} times too {'large' if ratio > 1 else 'small'}"
        else:
            error = f"difference {signed(difference, 2)}"
        return f"{measured} You predicted {answer.number:.4g}: {error}."

    def _mark_choices(self, right: int) -> str:
        """Mark the right and the chosen answer, and return a sentence about the chosen one."""
        if self.choices is None:
            return ""
        self.choices.lock()
        chosen = self.choices.choice
        if right >= 0:
            self.choices.mark(right, "right")
        if chosen < 0:
            self.set_heading("Prediction")
            return ""
        if chosen == right:
            self.set_heading("Predicted", "check")
            return "Your prediction was right."
        self.choices.mark(chosen, "wrong")
        self.set_heading("Your prediction", "close")
        return "Your prediction was different."


def _number(text: str) -> float | None:
    """Parse the number ``text``; return ``None`` if it is not a number.

    It may have a decimal comma or a typographic minus sign.
    """
    try:
        value = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return value if abs(value) <= MAX_NUMBER else None
