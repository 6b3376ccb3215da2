"""The sentences of the plots agree with their numbers."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import weight_gradient_norms
from core.analysis.gradient_stop import GradientStop
from core.engine.evaluation import NumpyEvaluator
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.presets import preset
from core.formulas.metrics import r_squared
from core.lessons.catalogue import lesson_files
from core.lessons.changes import initial_experiment
from core.lessons.file_format.reading import read_lesson
from core.training.observer import observe
from core.training.recorders.loss_curve import LossCurve, LossRecorder, Mark, next_landmark
from core.training.snapshot import Snapshot, evaluate
from core.training.training_run import new_trainer
from playground.plots import GradientPlot, LossPlot
from playground.plots.gradient.labels import bar_label
from playground.plots.gradient.sentence import gradient_sentences, stop_in_words, times_text
from playground.plots.loss.sentence import Evidence, evidence_of, loss_sentences, plain_sentence
from playground.plots.steady_ratio import SteadyRatio
from playground.style.numbers import percent, short
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make


def curve(train: np.ndarray, test: np.ndarray | None = None) -> LossCurve:
    steps = np.arange(float(len(train)))
    return LossCurve(steps / 25, steps, train, np.full(len(train), np.nan) if test is None else test)


FALLING = np.geomspace(1.0, 1e-3, 100)
FLAT = np.full(100, 0.5)


def test_a_falling_loss_is_reported() -> None:
    assert loss_sentences(curve(FALLING, FALLING), has_test=True)[0] == "still falling"
    assert loss_sentences(curve(FLAT, FLAT), has_test=True) == ("",)


def test_noise_alone_is_neither_rising_nor_falling() -> None:
    noisy = 0.5 + 0.02 * np.random.default_rng(0).standard_normal(200)
    assert loss_sentences(curve(noisy, noisy), has_test=True) == ("",)


def test_a_rising_loss_blames_the_learning_rate() -> None:
    rising = np.geomspace(0.5, 50.0, 100)
    assert loss_sentences(curve(rising, rising), has_test=True)[0] == "rising: α too large"
    broken = FLAT.copy()
    broken[-20:] = math.inf
    assert loss_sentences(curve(broken, broken), has_test=True)[0].startswith("rising")


def test_overfitting_needs_a_test_loss_that_no_longer_falls() -> None:
    train = np.geomspace(1.0, 0.001, 100)
    stuck = np.full(100, 0.02)
    sentence = loss_sentences(curve(train, stuck), has_test=True)[0]
    assert sentence == "test loss far above training loss: overfitting"
    falling_too = np.geomspace(1.0, 0.005, 100)
    assert loss_sentences(curve(train, falling_too), has_test=True)[0] == "still falling"


def test_a_missing_test_set_is_reported() -> None:
    assert loss_sentences(curve(FLAT), has_test=False) == ("no test set",)
    assert loss_sentences(curve(FLAT[:2]), has_test=False) == ("no test set",)


def test_a_short_curve_has_no_sentence() -> None:
    assert loss_sentences(curve(FALLING[:5], FALLING[:5]), has_test=True) == ("",)
    assert loss_sentences(curve(np.zeros(0), np.zeros(0)), has_test=True) == ("",)


def test_a_loss_of_zero_has_a_correct_sentence() -> None:
    assert loss_sentences(curve(np.zeros(50), np.zeros(50)), has_test=True) == ("",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2e-5, 3e-4, 5e-2], "∂L/∂W₁ is 2\u2009500 × smaller than ∂L/∂W₃"),
        ([0.5, 0.1], "∂L/∂W₁ is 5.0 × larger than ∂L/∂W₂"),
        ([0.5, 0.4], "first and last layer get about the same"),
        ([0.0, 1.0], "first layer gets no gradient"),
        ([1.0, 0.0], "last layer gets no gradient at all"),
        ([0.0, 0.0], "no weight gets any gradient"),
        ([math.inf, 1.0], "the gradient has overflowed"),
        ([math.inf, math.nan], "the gradient overflowed"),
        ([0.3], "only one layer, so nothing to compare"),
        ([0.0, 1e-3, 0.0], "first and last layer get no gradient"),
    ],
)
def test_gradient_sentence(values: list[float], expected: str) -> None:
    assert gradient_sentences(np.array(values))[0] == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("dead", "no weight gets any gradient: all of hidden 10 is dead"),
        ("zero weights", "no weight gets any gradient: all weights W₁₀ are 0"),
        ("blocked", "no weight gets any gradient: φ′ = 0 wherever a gradient reaches hidden 10"),
        ("underflow", "no weight gets any gradient: it underflows to 0 in hidden 10"),
        ("no error", "no weight gets any gradient: the loss has slope 0 for every sample"),
    ],
)
def test_a_gradient_that_stops_names_the_layer(reason: Any, expected: str) -> None:
    stop = stop_in_words(GradientStop(9, reason, 9), [f"Hidden {number}" for number in range(1, 11)])
    sentences = gradient_sentences(np.zeros(11), stop=stop)
    assert sentences[0] == expected
    assert [len(s) for s in sentences] == sorted((len(s) for s in sentences), reverse=True)
    assert "10" in sentences[-1] or "₁₀" in sentences[-1] or reason == "no error"


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.1296, 2, "0.13"),
        (0.1296, 1, "0.1"),
        (1.0, 2, "1.0"),
        (12.34, 2, "12"),
        (1.26e-4, 2, "1.3e−4"),
        (1.26e-4, 1, "1e−4"),
        (9.996e-4, 2, "0.0010"),
        (2.5e7, 2, "2.5e7"),
        (0.0, 2, "0"),
        (math.nan, 2, "NaN"),
        (math.inf, 1, "∞"),
    ],
)
def test_bar_labels_have_the_requested_digits(value: float, digits: int, expected: str) -> None:
    assert bar_label(value, digits) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (1.26, "1.3"),
        (9.96, "10"),
        (14.4, "14"),
        (2549.0, "2\u2009500"),
        (999_900.0, "1\u2009000\u2009000"),
        (2.6e8, "2.6·10⁸"),
        (2.96e8, "3·10⁸"),
        (9.7e9, "9.7·10⁹"),
        (9.96e9, "10¹⁰"),
        (1e40, "10⁴⁰"),
    ],
)
def test_factors_have_two_significant_digits(ratio: float, expected: str) -> None:
    assert times_text(ratio) == expected


def test_shorter_forms_follow_longer_ones() -> None:
    for sentences in (gradient_sentences(np.array([1e-9, 1.0])), loss_sentences(curve(FALLING * 9), has_test=False)):
        assert [len(s) for s in sentences] == sorted((len(s) for s in sentences), reverse=True)


def test_epochs_before_a_jump_are_ignored() -> None:
    jumped = FALLING.copy()
    jumped[-1] = 50.0 * jumped[-2]
    assert loss_sentences(curve(jumped, jumped), has_test=True) == ("",)


def test_an_oscillating_loss_blames_the_learning_rate() -> None:
    oscillating = 0.5 + 0.3 * np.random.default_rng(0).uniform(-1.0, 1.0, 200)
    assert loss_sentences(curve(oscillating, oscillating), has_test=True)[0] == "oscillating: α too large"
    above = np.concatenate([[0.5], np.full(99, 0.7)])
    assert (
        loss_sentences(curve(above, above), has_test=True)[0] == "α too large: the loss stays above its initial value"
    )


def test_noise_around_a_low_loss_is_not_blamed_on_the_learning_rate_alone() -> None:
    low = np.concatenate([[5.0], 0.6 + 0.4 * np.random.default_rng(0).uniform(-1.0, 1.0, 200)])
    noisy = partial(Evidence, noise="batches of 4 are noisy")
    assert loss_sentences(curve(low, low), has_test=True)[0] == "oscillating: α too large"
    assert (
        loss_sentences(curve(low, low), has_test=True, evidence=noisy)[0]
        == "oscillating: batches of 4 are noisy at this α"
    )
    learned = partial(Evidence, learned="100 % of the training set correct", noise="batches of 4 are noisy")
    assert loss_sentences(curve(low, low), has_test=True, evidence=learned)[0].startswith("learned: ")


@pytest.mark.parametrize(
    ("batch", "dropout", "words"),
    [
        (1, 0.0, "single samples are noisy"),
        (10, 0.0, "batches of 10 are noisy"),
        (10, 0.2, "dropout and batches of 10 are noisy"),
        (0, 0.2, "dropout is noisy"),
        (0, 0.0, ""),
    ],
)
def test_the_noise_of_steps_is_named_while_descent_works(batch: int, dropout: float, words: str) -> None:
    hidden = (HiddenLayer(units=8, activation="relu", initializer="he_normal", dropout=dropout),) * 2
    setting = Experiment(network=NetworkSettings(hidden=hidden))
    snapshot = trained_on(setting, 2, batch_size=batch)
    low = np.concatenate([[0.6], 0.12 + 0.08 * np.random.default_rng(0).uniform(-1.0, 1.0, 200)])
    found = evidence_of(replace(snapshot, curve=curve(low, low)))
    assert (found.noise, found.learned, found.stuck) == (words, "", ())
    high = low + 0.4
    assert evidence_of(replace(snapshot, curve=curve(high, high))).noise == ""


def test_epochs_before_a_change_are_ignored() -> None:
    oscillating = 0.5 + 0.3 * np.random.default_rng(0).uniform(-1.0, 1.0, 200)
    calm = np.concatenate([oscillating, FLAT])
    marked = replace(curve(calm, calm), marks=(Mark(8.0, 200.0, "learning rate α 3 → 0.03"),))
    assert loss_sentences(marked, has_test=True) == ("",)
    just_now = replace(marked, marks=(Mark(295 / 25, 295.0, "noise 0 → 0.2"),))
    assert loss_sentences(just_now, has_test=True) == ("",)


def test_learned_and_stuck_need_evidence() -> None:
    learned = partial(Evidence, learned="100 % of the training set correct")
    stuck = partial(Evidence, stuck=("stuck: the first layer's gradient is 17 000 × smaller", "stuck"))
    assert loss_sentences(curve(FALLING, FALLING), has_test=True, evidence=learned)[1] == "learned"
    assert loss_sentences(curve(FLAT, FLAT), has_test=True, evidence=stuck)[1] == "stuck"
    assert loss_sentences(curve(FALLING, FALLING), has_test=True, evidence=stuck) == ("still falling",)
    slowly = np.geomspace(1.0, 0.95, 100)
    assert loss_sentences(curve(slowly, slowly), has_test=True, evidence=stuck)[1] == "slow"
    assert loss_sentences(curve(slowly[::-1], slowly[::-1]), has_test=True, evidence=stuck) == ("",)
    low = np.concatenate([[5.0], np.full(99, 0.5)])
    assert loss_sentences(curve(low, low), has_test=True, evidence=stuck) == ("",)
    rising = np.geomspace(0.5, 50.0, 100)
    assert loss_sentences(curve(rising, rising), has_test=True, evidence=learned)[0].startswith("rising")


def trained(name: str, steps: int, **training: Any) -> Snapshot:
    """Return the snapshot after ``steps`` steps, with a curve from the start."""
    return trained_on(preset(name), steps, **training)


def trained_on(setting: Experiment, steps: int, **training: Any) -> Snapshot:
    setting = msgspec.structs.replace(setting, training=msgspec.structs.replace(setting.training, **training))
    trainer, recorder = new_trainer(setting, engine="numpy"), LossRecorder()
    while trainer.step < steps:
        observe(trainer, recorder, axes=(0, 1))
        trainer.run(min(next_landmark(trainer.step), steps) - trainer.step)
    return observe(trainer, recorder, axes=(0, 1))


def sentence_of(snapshot: Snapshot) -> str:
    has_test = len(snapshot.data.x_test) > 0
    return loss_sentences(snapshot.curve, has_test=has_test, evidence=lambda: evidence_of(snapshot))[0]


def test_ten_sigmoid_layers_are_stuck_because_of_the_first_gradient() -> None:
    snapshot = trained("vanishing-gradient", 600)
    norms = weight_gradient_norms(snapshot.network, snapshot.gradients)
    times = times_text(norms[-1] / norms[0])
    assert sentence_of(snapshot) == f"stuck: the first layer's gradient is {times} × smaller"
    assert norms[-1] / norms[0] > 1e4


def test_the_default_experiment_is_learned_and_not_stuck_or_oscillating() -> None:
    snapshot = trained("default", 6000)
    assert snapshot.scores.train_accuracy >= 0.99
    share = percent(snapshot.scores.train_accuracy)
    assert sentence_of(snapshot) == f"learned: {share} of the training set correct"
    assert sentence_of(trained("default", 60)) in ("", "still falling")


@pytest.mark.parametrize(("name", "rate"), [("default", 3.0), ("spiral", 3.0), ("xor", 10.0), ("iris", 10.0)])
def test_too_large_a_learning_rate_is_reported(name: str, rate: float) -> None:
    assert "α too large" in sentence_of(trained(name, 4000, learning_rate=rate, optimizer="sgd"))


@pytest.mark.parametrize(
    ("momentum", "rate", "batch", "words"),
    [
        # Plain descent is stable up to 0.0043 on this quadratic, momentum 0.9 up to 0.0082.
        (0.99, 0.001, 0, "μ too large"),
        (0.9, 0.02, 0, "α too large"),
        (0.0, 0.02, 0, "α too large"),
        (0.9, 0.02, 10, "α/(1 − μ) = 0.2 too large"),
    ],
)
def test_momentum_is_blamed_if_the_same_rate_is_stable_without_it(
    momentum: float, rate: float, batch: int, words: str
) -> None:
    setting = initial_experiment(read_lesson(lesson_files("en")["18-momentum"]).front)
    optimizer = "momentum" if momentum else "sgd"
    snapshot = trained_on(setting, 181, optimizer=optimizer, momentum=momentum, learning_rate=rate, batch_size=batch)
    assert words in sentence_of(snapshot)
    assert ("α too large" in sentence_of(snapshot)) is (words == "α too large")


def test_a_regression_is_learned_if_r_squared_is_high() -> None:
    snapshot = trained("plane", 4000)
    score = r_squared(snapshot.trace.prediction, snapshot.data.y_train)
    assert score > 0.98
    assert sentence_of(snapshot) == f"learned: R² is {short(score, 3)} on the training set"


def test_a_penalty_that_dominates_is_the_cause_and_not_the_small_gradient_that_it_leaves() -> None:
    sentence = sentence_of(trained("default", 600, l2=5.0))
    assert sentence == "stuck: the penalty dominates"


def test_dead_and_saturated_layers_are_named_if_training_is_stuck() -> None:
    snapshot = trained("default", 40)
    flat = replace(snapshot, curve=curve(FLAT, FLAT))
    parameters = flat.network.parameters.copy()
    layer = flat.network.architecture.layers[1]
    parameters[[layer.bias_index(neuron) for neuron in range(layer.fan_out)]] = 1e3
    network = replace(flat.network, parameters=parameters)
    trace, gradients, prediction, scores = evaluate(network, flat.data, 0.0, NumpyEvaluator())
    saturated = replace(
        flat, network=network, trace=trace, gradients=gradients, test_prediction=prediction, scores=scores
    )
    assert sentence_of(saturated) == "stuck: all of hidden 2 is dead"
    parameters[:] = snapshot.network.parameters
    parameters[flat.network.architecture.layers[2].bias_index(0)] = 8.0
    network = replace(network, parameters=parameters)
    trace, gradients, prediction, scores = evaluate(network, flat.data, 0.0, NumpyEvaluator())
    saturated = replace(flat, network=network, trace=trace, gradients=gradients, scores=scores)
    assert sentence_of(saturated) == "stuck: φ′ ≈ 0 for 100\u2009% of the inputs of the output"


def test_a_steady_ratio_is_never_off_and_seldom_changes() -> None:
    rng = np.random.default_rng(3)
    steady = SteadyRatio()
    ratios = np.exp(0.02 * rng.standard_normal(600) - 2.0)
    stated = [steady.stated(ratio) for ratio in ratios]
    assert max(max(a / b, b / a) for a, b in zip(ratios, stated, strict=True)) <= 1.05
    assert sum(a != b for a, b in pairwise(stated)) < 60
    steady.clear()
    assert [steady.stated(ratio) for ratio in (3.0, 1.9, 2.1, 0.46, 2.3, 2.1)] == [3.0, 1.9, 1.0, 1.0, 2.3, 2.1]


def test_the_first_trained_snapshot_is_drawn_at_once(qtbot: QtBot) -> None:
    card = make(qtbot, GradientPlot, size=(400, 300))
    start, trained = (replace(snapshot_of(steps=steps), playing=True) for steps in (0, 40))
    assert not card.must_wait(start, ("before the first step",))
    card.say("before the first step")
    assert not card.must_wait(trained, ("after it",))
    card.say("after it")
    assert card.must_wait(replace(trained, step=41), ("and so soon another",)), "which would be gone before it is read"


@pytest.mark.parametrize(
    ("train", "words"),
    [
        (FLAT[:1], "not trained yet"),
        (FALLING[:5], "too few updates to judge"),
        (FLAT, "flat over the last quarter"),
        (np.geomspace(1.0, 0.95, 100), "fell by 1.3\u2009% over the last quarter"),
        (np.concatenate([[0.8], np.geomspace(0.5, 0.8, 99)]), "rose by 12.5\u2009% over the last quarter"),
        (np.append(FALLING, 1.0), "jumped with the last change"),
    ],
)
def test_a_loss_from_which_nothing_follows_is_described(train: np.ndarray, words: str) -> None:
    assert loss_sentences(curve(train, train), has_test=True) == ("",)
    assert plain_sentence(curve(train, train)) == words


def test_a_loss_without_its_past_says_where_it_begins() -> None:
    later = curve(FALLING[:5], FALLING[:5])
    later = replace(later, step=later.step + 7500, epoch=later.epoch + 300.0)
    assert plain_sentence(later) == "the curve begins at epoch 300"


def test_the_card_of_the_loss_always_says_something(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    for name, snapshot in snapshots.items():
        card.show_snapshot(snapshot)
        assert card._sentence.text().strip(), name
    card.show_snapshot(snapshot_of())
    assert card._sentence.text() == "not trained yet"
