"""The network's result for the selected sample: inputs, target, prediction, loss, and class probabilities."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.inspector.neuron.class_bars import ClassBars, shares_of
from playground.inspector.pages.page import hairline
from playground.inspector.pinned_numbers import PinnedNumbers
from playground.inspector.snapshot_numbers import traced
from playground.inspector.widgets.painted import NumberLine
from playground.inspector.widgets.read_out import Pinned
from playground.session.selection import capitalized
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel, plain_tip

MAX_INPUTS: Final = 8
"""Maximum number of inputs listed."""


class SampleAnswer(QWidget):
    """Shows the selected sample; hidden if there is none."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(hairline())
        self.heading = PlainLabel()
        self.heading.setProperty("role", "title")
        column.addWidget(self.heading)
        self.inputs = [NumberLine(style) for _ in range(MAX_INPUTS)]
        self.target, self.prediction, self.loss = (NumberLine(style) for _ in range(3))
        for line in (*self.inputs, self.target, self.prediction, self.loss):
            column.addWidget(line)
        self.classes = ClassBars(style)
        column.addWidget(self.classes)
        self.hide()

    def show_sample(self, snapshot: Snapshot, sample: Sample | None, pinned: PinnedNumbers | None = None) -> None:
        """Show ``sample`` with the results of the network of ``snapshot``, and beside them those of a ``pinned`` run."""
        if sample is None or not sample.exists_in(snapshot.data):
            self.hide()
            return
        data = snapshot.data
        trace, gradients = traced(snapshot, sample)
        self.heading.setText(capitalized(sample.name))
        values = sample.position(data)
        for number, line in enumerate(self.inputs):
            line.setVisible(number < len(values))
            if number < len(values):
                line.show_number(data.input_names[number], short(float(values[number])))
        label, predicted = sample.label(data), trace.prediction[0]
        several = len(predicted) > 1
        if data.classes:
            coded = "" if several else f" = {short(float(sample.rows(data)[1][0, 0]))}"
            self.target.show_number(f"target y{coded}", data.class_names[int(label)])
        else:
            self.target.show_number("target y", short(label))
        units = float(data.to_target_units(predicted)[0])
        answer = data.class_names[int(np.argmax(predicted))] if several else short(units)
        loss, tip = short(gradients.loss), ""
        if pinned is not None:
            answer, loss, tip = _beside(pinned, sample, answer, units, gradients.loss)
        self.prediction.show_number("prediction" if several else "prediction ŷ", answer)
        self.loss.show_number("loss L", loss)
        for line in (self.prediction, self.loss):
            line.setToolTip(plain_tip(tip))
        row_wise = snapshot.network.architecture.layers[-1].activation_entry.row_wise
        self.classes.setVisible(row_wise)
        if row_wise:
            self.classes.show_shares(shares_of(snapshot, sample), data.classes, pinned, sample)
        self.show()


def _beside(pinned: PinnedNumbers, sample: Sample, answer: str, prediction: float, loss: float) -> tuple[str, str, str]:
    """Return prediction and loss with their differences from the ``pinned`` run, and a tooltip with its values.

    A class has no difference, so the class that the pinned run predicts is named if it is another one.
    """
    data = pinned.snapshot.data
    trace, gradients = traced(pinned.snapshot, sample)
    predicted = trace.prediction[0]
    before = Pinned(pinned.name, gradients.loss)
    if len(predicted) > 1:
        other = data.class_names[int(np.argmax(predicted))]
        shown = answer if other == answer else f"{answer} ({pinned.name}: {other})"
    else:
        value = Pinned(pinned.name, float(data.to_target_units(predicted)[0]))
        other, shown = value.text, f"{answer}  {value.difference(prediction)}"
    return shown, f"{short(loss)}  {before.difference(loss)}", f"{pinned.name}: prediction {other}, loss {before.text}"
