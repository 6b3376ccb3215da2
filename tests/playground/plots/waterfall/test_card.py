"""The bars of the waterfall are the core's numbers and add up to the total change."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.analysis.delta_split import DeltaSplit, split_deltas
from core.arrays import norm
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from core.training.snapshot import Snapshot
from playground.plots import WaterfallPlot
from playground.plots.waterfall import numbers as waterfall_numbers
from playground.plots.waterfall.bars import bars_of
from playground.plots.waterfall.sentence import decades, decimals_for, waterfall_sentences
from playground.plotting.canvas.captions import same_words
from playground.style.theme import LIGHT
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, experiment, make, picture, rgb

pytestmark = pytest.mark.usefixtures("fonts")


def deep(activation: str, initializer: str) -> Snapshot:
    """Return a network with 2 inputs and 10 hidden layers of 8 neurons; standardized circle, cross-entropy."""
    hidden = (HiddenLayer(units=8, activation=activation, initializer=initializer),) * 10
    network = NetworkSettings(hidden=hidden, output_initializer=initializer, output_activation="sigmoid")
    data = DataSettings(dataset="circle", standardize=True, seed=42)
    return snapshot_of(Experiment(data=data, network=network, training=TrainingSettings(loss="binary_cross_entropy")))


@pytest.mark.parametrize("name", ["default", "fifty layers", "wide", "iris", "softmax for two"])
def test_the_bars_add_up_to_the_total_change(qtbot: QtBot, snapshots: dict[str, Snapshot], name: str) -> None:
    snapshot = snapshots[name]
    card = make(qtbot, WaterfallPlot)
    card.show_snapshot(snapshot)
    rows = card.figure_table().rows
    drop = math.log10(norm(snapshot.gradients.deltas[0]) / norm(snapshot.gradients.deltas[-1]))
    assert sum(row[2] + row[3] for row in rows) == pytest.approx(drop, abs=1e-9)
    bars = bars_of(card.shown().split)
    assert sum(bar.change for bar in bars) == pytest.approx(drop, abs=1e-9)
    assert [bar.end for bar in bars[:-1]] == pytest.approx([bar.start for bar in bars[1:]], abs=1e-12)
    assert [(bar.layer, bar.is_slope) for bar in bars] == [
        (layer, is_slope) for layer in reversed(range(len(rows) - 1)) for is_slope in (False, True)
    ]


def test_the_table_contains_the_numbers_of_the_core(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    snapshot = snapshots["iris"]
    split = split_deltas(snapshot.network, snapshot.trace, snapshot.gradients)
    card = make(qtbot, WaterfallPlot)
    card.show_snapshot(snapshot)
    rows = card.figure_table().rows
    assert [row[0] for row in rows] == ["Hidden 1", "Hidden 2", "Output"]
    assert [row[1] for row in rows] == split.log_norms.tolist()
    assert [row[2] for row in rows] == [*split.by_weights.tolist(), 0.0]
    assert [row[3] for row in rows] == [*split.by_slope.tolist(), 0.0]


def test_row07_sigmoid_loses_more_than_0_6_decades_per_layer_and_relu_with_he_does_not(qtbot: QtBot) -> None:
    card = make(qtbot, WaterfallPlot)
    card.show_snapshot(deep("sigmoid", "xavier_normal"))
    rows = card.figure_table().rows
    assert all(row[3] <= math.log10(0.25) for row in rows[:-1])
    assert rows[0][1] - rows[-1][1] < -6.0
    assert card.accessibleDescription().startswith("gradient δ loses ")
    card.show_snapshot(deep("relu", "he_normal"))
    rows = card.figure_table().rows
    assert abs(rows[0][1] - rows[-1][1]) < 2.0


def test_row08_weights_of_500_and_a_sigmoid_at_0_give_a_factor_of_125_per_layer(qtbot: QtBot) -> None:
    hidden = (HiddenLayer(units=1, activation="sigmoid"),) * 3
    snapshot = snapshot_of(Experiment(network=NetworkSettings(hidden=hidden, output_activation="sigmoid")))
    architecture = snapshot.network.architecture
    flat = np.zeros(architecture.size)
    for layer in architecture.layers[1:]:
        # The previous layer outputs ½; the bias brings z back to 0.
        flat[layer.weights], flat[layer.bias] = 500.0, -250.0
    network = Network(architecture, flat)
    trace = network.forward(snapshot.data.x_train)
    gradients = network.backward(trace, snapshot.data.y_train)
    card = make(qtbot, WaterfallPlot)
    card.show_snapshot(replace(snapshot, network=network, trace=trace, gradients=gradients))
    steps = [row[2] + row[3] for row in card.figure_table().rows[:-1]]
    assert steps == pytest.approx([math.log10(125.0)] * 3, abs=1e-12)
    assert {rgb(LIGHT.positive), rgb(LIGHT.negative)} <= colours(picture(card))


def test_row11_a_gradient_that_becomes_zero_is_reported(qtbot: QtBot) -> None:
    card = make(qtbot, WaterfallPlot, size=(500, 300))
    card.show_snapshot(snapshot_of(experiment(HiddenLayer(), HiddenLayer(activation="threshold"), HiddenLayer())))
    rows = card.figure_table().rows
    assert [row[1] for row in rows[:2]] == [-math.inf, -math.inf]
    assert card._sentence.text() == "φ′ of hidden layer 2 blocks the gradient"


def split(log_norms: list[float], by_weights: list[float], by_slope: list[float]) -> DeltaSplit:
    return DeltaSplit(np.array(log_norms), np.array(by_weights), np.array(by_slope))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            split([-7.0, -1.0], [0.5], [-6.5]),
            "gradient δ loses 6.00 decades in the backward pass: −6.50 through φ′, +0.50 through W",
        ),
        (
            split([1.0, -1.0], [2.5], [-0.5]),
            "gradient δ gains 2.00 decades in the backward pass: −0.50 through φ′, +2.50 through W",
        ),
        (
            split([-1.1, -1.0], [0.2], [-0.3]),
            "gradient δ nearly constant over the layers: −0.30 decades through φ′, +0.20 through W",
        ),
        (
            split([-1.02, -4.0, -1.0], [3.0, -1.92], [-0.1, -1.0]),
            "gradient δ ends as large as it began: −1.1 decades through φ′, +1.1 through W",
        ),
        (
            split([-1.1, -4.0, -1.0], [3.0, -2.0], [-0.1, -1.0]),
            "gradient δ loses 0.1 decades in the backward pass: −1.1 through φ′, +1.0 through W",
        ),
        (split([-math.inf, -1.0], [-math.inf], [0.0]), "weights of layer 2 block the gradient"),
        (split([-math.inf, -math.inf], [0.0], [0.0]), "the gradient at the output is 0"),
        (split([math.nan, -1.0], [math.nan], [math.nan]), "the gradient overflowed"),
        (split([-1.0], [], []), "no hidden layer"),
    ],
)
def test_the_sentence(given: DeltaSplit, expected: str) -> None:
    assert waterfall_sentences(given)[0] == expected


def test_the_words_stay_while_the_total_of_a_deep_network_jumps() -> None:
    def said(total: float) -> str:
        return waterfall_sentences(split([total - 1.0, -9.0, -1.0], [8.0, total], [-8.0, 0.0]))[0]

    assert all(same_words(said(total), said(-1.3)) for total in (-0.06, -0.2, -0.29, -0.31, -0.7, -2.5))


@pytest.mark.parametrize(("value", "text"), [(0.84, "+0.8"), (-6.14, "−6.1"), (0.04, "0.0"), (-0.01, "0.0")])
def test_decades_are_signed(value: float, text: str) -> None:
    assert decades(value) == text


def numbers_in(text: str) -> list[str]:
    return re.findall(r"[+−]?\d+\.\d+", text)


@pytest.mark.parametrize("seed", range(200))
def test_the_decades_in_the_sentence_are_rounded_to_the_nearest_and_add_up(seed: int) -> None:
    slope, weights = np.random.default_rng(seed).normal(0.0, 2.0, 2).tolist()
    sentence = waterfall_sentences(split([slope + weights - 1.0, -1.0], [weights], [slope]))[0]
    texts = numbers_in(sentence)
    decimals = len(texts[0].split(".")[1])
    assert texts[-2:] == [decades(slope, decimals), decades(weights, decimals)]
    if sentence.startswith(("gradient δ loses", "gradient δ gains")):
        total, *parts = (round(float(text.replace("−", "-")) * 10**decimals) for text in texts)
        assert sum(parts) == (total if "gains" in sentence else -total)
        assert texts[0] == f"{abs(slope + weights):.{decimals}f}"


def test_two_equal_losses_get_the_decimals_with_which_they_add_up() -> None:
    sentences = waterfall_sentences(split([-1.53, -1.0], [-0.27], [-0.26]))
    assert sentences[0] == "gradient δ loses 0.53 decades in the backward pass: −0.26 through φ′, −0.27 through W"
    assert sentences[-1] == "−0.53 decades"
    assert decimals_for(-0.26, -0.37) == 2
    assert decimals_for(-0.26, -0.31) == 1


@pytest.mark.parametrize(("layers", "width"), [(1, 300), (2, 420), (4, 420), (6, 500), (3, 170), (12, 419)])
def test_bars_have_numbers_with_two_digits_where_there_is_room(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, layers: int, width: int
) -> None:
    card = make(qtbot, WaterfallPlot, size=(width, 400))
    texts: list[str] = []
    monkeypatch.setattr(waterfall_numbers, "write", lambda _p, _style, _at, text, **_: texts.append(text))
    card.show_snapshot(snapshot_of(experiment(*[HiddenLayer(units=4)] * layers), steps=5))
    picture(card)
    changes = [bar.change for bar in bars_of(card.shown().split)]
    labels = [text for text in texts if numbers_in(text)]
    decimals = {len(text.split(".")[1]) for text in labels}
    assert len(decimals) <= 1
    if layers <= 6 and width / layers > 80:
        assert decimals == {2}
    left_out = Counter(decades(each, *decimals) for each in changes) if labels else Counter()
    left_out.subtract(labels)
    assert min(left_out.values(), default=0) >= 0
    assert left_out.total() <= (0 if layers <= 2 else layers)


def test_parts_that_never_add_up_are_given_without_their_sum() -> None:
    assert decimals_for(-0.266666, -0.266666) is None
    sentences = waterfall_sentences(split([-1.533332, -1.0], [-0.266666], [-0.266666]))
    assert sentences[0] == "decades of gradient δ in the backward pass: −0.27 through φ′, −0.27 through W"
    assert [len(each) for each in sentences] == sorted(map(len, sentences), reverse=True)


def test_the_sentence_keeps_its_words_while_the_decades_change() -> None:
    """Picture and sentence wait where the words change, so that they can be read."""
    parts = np.random.default_rng(1).uniform((-6.0, -3.0), (-4.0, -1.0), size=(300, 2)).tolist()
    said = [waterfall_sentences(split([w + phi - 1.0, -1.0, -1.0], [w, 0.0], [phi, 0.0]))[0] for w, phi in parts]
    assert all(same_words(said[0], each) for each in said)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "elu", "leaky_relu"])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("steps", [0, 30])
def test_the_sentence_and_the_bars_of_one_layer_state_the_same_numbers(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, activation: str, seed: int, steps: int
) -> None:
    settings = experiment(HiddenLayer(units=4, activation=activation))
    settings = replace(settings, network=replace(settings.network, seed=seed))
    card = make(qtbot, WaterfallPlot, size=(500, 400))
    texts: list[str] = []
    monkeypatch.setattr(waterfall_numbers, "write", lambda _p, _style, _at, text, **_: texts.append(text))
    card.show_snapshot(snapshot_of(settings, steps=steps))
    picture(card)
    labels = [text for text in texts if numbers_in(text)]
    weights, slope = waterfall_sentences(card.shown().split)[0].rsplit(": ", 1)[1].split(", ")[::-1]
    assert set(numbers_in(f"{slope} {weights}")) <= set(labels), (labels, slope, weights)
