"""The answer key says how goals are reached, and what was measured."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from core.experiment import Experiment
from core.lessons.blocks import Limits, Measure, Predict, PredictText, Solution
from core.lessons.headless.answer_key import right_choice_of, solution_in_words, truth_in_words

START = Experiment()


def test_a_solution_lists_each_change_once() -> None:
    hidden = tuple(replace(layer, gain=0.5) for layer in START.network.hidden)
    network = replace(START.network, hidden=hidden, output_gain=0.5)
    after = replace(START, network=network, training=replace(START.training, learning_rate=0.1))
    words = solution_in_words(Solution(restart=True, epochs=1), START, after)
    assert words == "weight scale 1 → 0.5; learning rate α 0.03 → 0.1; rewind; train for 1 epoch"
    assert solution_in_words(Solution(steps=20), START, START) == "train for 20 updates"
    assert solution_in_words(Solution(), START, START) == ""


def test_the_truth_is_written_with_its_name_and_unit() -> None:
    predict = Predict(
        kind="choice",
        truth=Measure(measure="test_loss"),
        unit="nats",
        choices=(Limits(below=0.1), Limits(from_=0.1)),
        text=PredictText(question="How much?", choices=("little", "much")),
    )
    assert truth_in_words(predict, 0.25) == "Test loss: 0.25 nats"
    assert (right_choice_of(predict, 0.05), right_choice_of(predict, 0.25)) == (0, 1)
    curve = (np.zeros(2), np.zeros(2))
    assert truth_in_words(predict, curve) == ""
    assert right_choice_of(predict, curve) == -1
