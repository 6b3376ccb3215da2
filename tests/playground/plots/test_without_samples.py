"""Without samples, no card concludes anything about gradients or losses; a score without a value is called undefined."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.data.settings import DrawnSource
from core.experiment import DataSettings, Experiment
from core.training.snapshot import Snapshot
from playground.plots import ActivationPlot, GradientHistoryPlot, GradientPlot, LossPlot
from playground.plots.output.data import score_sentences
from playground.samples.card import sentence_on
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")


def drawn(*points: tuple[float, ...], inputs: int = 2, task: str = "classification", test: float = 0.0) -> Snapshot:
    source = DrawnSource(points=points, inputs=inputs, task=task)  # type: ignore[arg-type]
    return snapshot_of(Experiment(data=DataSettings(dataset=source, test_fraction=test)))


@pytest.mark.parametrize("kind", [LossPlot, GradientPlot, GradientHistoryPlot])
def test_without_samples_a_card_says_what_to_draw(qtbot: QtBot, kind: Any) -> None:
    card = make(qtbot, kind, size=(500, 300))
    card.show_snapshot(drawn())
    assert card.sentence == "Draw points of at least two classes."


def test_without_samples_no_share_of_pre_activations_is_given(qtbot: QtBot) -> None:
    card = make(qtbot, ActivationPlot, size=(500, 300))
    card.show_snapshot(drawn())
    assert card.sentence == "no samples yet, so no pre-activations"


def test_the_data_table_counts_samples() -> None:
    assert sentence_on(drawn()) == "Draw points of at least two classes."
    assert sentence_on(drawn((1.0, 1.0, 1.0))).startswith("1 training sample, mean loss 0.")
    two = drawn((1.0, 1.0, 1.0), (-1.0, 1.0, 2.0), (-1.0, 2.0, 2.0), (1.0, 2.0, 1.0), test=0.5)
    counts = len(two.data.x_train), len(two.data.x_test)
    assert sum(counts) == 4
    for count, kind in zip(counts, ("training", "test"), strict=True):
        assert f"{count} {kind} sample{'' if count == 1 else 's'}, " in sentence_on(two) or count == 0


def test_r_squared_of_equal_targets_is_undefined() -> None:
    points = tuple((float(at), 2.0) for at in range(-10, 10))
    constant = drawn(*points, inputs=1, task="regression", test=0.5)
    assert len(constant.data.x_test) > 1
    assert score_sentences(constant)[0] == "R² is not defined, because all targets are equal"
    in_training = set(constant.data.positions_train[:, 0].tolist())
    changed = tuple((x, x if x in in_training else y) for x, y in points)
    assert score_sentences(drawn(*changed, inputs=1, task="regression", test=0.5))[0] != score_sentences(constant)[0]


def test_r_squared_of_a_test_set_with_equal_targets_is_undefined() -> None:
    points = [(float(at), float(at)) for at in range(-10, 10)]
    every = drawn(*points, inputs=1, task="regression", test=0.5)
    tested = every.data.positions_test[0, 0]
    few = [
        (x, y) for x, y in points if x == tested or x in every.data.positions_train[:, 0]
    ]  # a point stays in its set
    one = drawn(*few, inputs=1, task="regression", test=0.5)
    assert len(one.data.x_test) == 1
    sentence = score_sentences(one)[0]
    assert sentence.startswith("R²: train ")
    assert sentence.endswith(", not defined for equal test targets")
