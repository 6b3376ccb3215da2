"""The forecast card compares the core's forecast with its measurement and reports the factor per layer."""

from __future__ import annotations

import dataclasses

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.analysis.forecast import change_per_layer, forecast_and_measured
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.plots import ForecastPlot
from playground.plots.forecast.data import SEEDS, band_of, forecast_data, forecast_sentences, times
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")


def start(activation: str, initializer: str, *, gain: float = 1.0, units: int = 64, seed: int = 1) -> Snapshot:
    layer = HiddenLayer(units=units, activation=activation, initializer=initializer, gain=gain)
    network = NetworkSettings(
        hidden=(layer,) * 8, output_activation="sigmoid", output_initializer=initializer, output_gain=gain, seed=seed
    )
    data = DataSettings(dataset="circle", standardize=True, samples=200)
    return snapshot_of(Experiment(data=data, network=network, training=TrainingSettings(loss="binary_cross_entropy")))


def column(card: ForecastPlot, name: str) -> np.ndarray:
    table = card.figure_table()
    cells = [row[table.columns.index(name)] for row in table.rows]
    return np.array([np.nan if cell == "" else cell for cell in cells])


def test_the_table_contains_the_numbers_of_the_core(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    for name in ("default", "iris", "fifty layers"):
        snapshot = snapshots[name]
        predicted, measured = forecast_and_measured(snapshot.network, snapshot.trace, snapshot.gradients)
        card = make(qtbot, ForecastPlot)
        card.show_snapshot(snapshot)
        np.testing.assert_array_equal(column(card, "E[a²] forecast"), predicted.activation_mean_square)
        np.testing.assert_array_equal(column(card, "E[a²] measured"), measured.activation_mean_square)
        np.testing.assert_array_equal(column(card, "E[δ²] forecast"), predicted.delta_mean_square)
        np.testing.assert_array_equal(column(card, "E[δ²] measured"), measured.delta_mean_square)


def test_the_band_covers_the_networks_of_twenty_seeds() -> None:
    snapshot = start("tanh", "xavier_normal", units=6, seed=5)
    band = band_of(snapshot, lambda _done, _every: True)
    assert band is not None
    activations, deltas = [], []
    for seed in range(5, 5 + SEEDS):
        experiment = start("tanh", "xavier_normal", units=6, seed=seed).experiment
        trainer = new_trainer(experiment)
        network = trainer.network
        X, Y = trainer.data.x_train, trainer.data.y_train
        trace = network.forward(X)
        gradients = network.backward(trace, Y)
        activations.append([np.mean(A**2) for A in trace.activations])
        deltas.append([np.mean((delta * len(X)) ** 2) for delta in gradients.deltas])
    np.testing.assert_allclose(band.activations, [np.min(activations, axis=0), np.max(activations, axis=0)], rtol=1e-12)
    relative = np.array(deltas) / np.array(deltas)[:, -1:]
    np.testing.assert_allclose(band.deltas, [relative.min(axis=0), relative.max(axis=0)], rtol=1e-12)


def test_the_band_of_the_gradients_surrounds_the_forecast_after_training_too() -> None:
    at_start = start("tanh", "xavier_normal", units=16)
    for snapshot in (at_start, snapshot_of(at_start.experiment, steps=2000)):
        data = forecast_data(snapshot, band_of(snapshot, lambda _done, _every: True))
        low, high = data.delta_band
        assert low[-1] == high[-1] == data.measured.delta_mean_square[-1]
        assert data.predicted.delta_mean_square[-1] == pytest.approx(data.measured.delta_mean_square[-1], rel=1e-12)
        assert (low <= data.predicted.delta_mean_square * 1.001).all()
        assert (high >= data.predicted.delta_mean_square * 0.999).all()


def test_a_cancelled_band_stops() -> None:
    calls: list[int] = []
    assert band_of(start("tanh", "zeros", units=2), lambda done, _every: calls.append(done) or done < 3) is None
    assert calls == [1, 2, 3]


@pytest.mark.parametrize(
    ("activation", "initializer", "stable"),
    [
        ("tanh", "xavier_normal", True),
        ("relu", "he_normal", True),
        ("relu", "he_uniform", True),
        ("sigmoid", "xavier_normal", False),
        ("relu", "xavier_normal", False),
        ("tanh", "he_normal", False),
        ("tanh", "fan_in_uniform", False),
    ],
)
def test_row16_xavier_with_tanh_and_he_with_relu_are_stable_and_others_are_not(
    activation: str, initializer: str, stable: bool
) -> None:
    data = forecast_data(start(activation, initializer), None)
    sentences = forecast_sentences(data)
    assert sentences[0].startswith("stable: " if stable else "not stable: ")
    # A network with 64 neurons per layer changes as predicted.
    for predicted, measured in (
        (data.predicted.activation_mean_square, data.measured.activation_mean_square),
        (data.predicted.delta_mean_square, data.measured.delta_mean_square),
    ):
        assert change_per_layer(measured) == pytest.approx(change_per_layer(predicted), rel=0.2)


def test_row16_the_weight_scale_changes_the_factor_per_layer() -> None:
    low, high = (forecast_data(start("relu", "he_normal", gain=gain), None) for gain in (0.5, 2.0))
    assert change_per_layer(low.predicted.activation_mean_square) == pytest.approx(0.25, rel=1e-9)
    assert change_per_layer(high.predicted.activation_mean_square) == pytest.approx(4.0, rel=1e-9)
    assert "E[a²] × 0.25" in forecast_sentences(low)[0]


def test_a_missing_forecast_is_explained() -> None:
    assert forecast_sentences(forecast_data(snapshot_of(), None))[0].startswith(("stable", "not stable"))
    one = snapshot_of(Experiment(network=NetworkSettings(hidden=(HiddenLayer(),))))
    assert forecast_sentences(forecast_data(one, None))[0] == "needs two hidden layers"
    constant = start("tanh", "constant", units=4)
    assert forecast_sentences(forecast_data(constant, None))[0] == "no forecast: theory needs random initial weights"


@pytest.mark.parametrize(
    ("activation", "initializer", "expected"),
    [
        ("threshold", "xavier_uniform", "E[a²] × 1.0 per layer forward; E[δ²] is 0 in all hidden layers"),
        ("tanh", "zeros", "E[δ²] is 0 in all hidden layers"),
    ],
)
def test_row11_no_sentence_denies_a_forecast_that_is_drawn(activation: str, initializer: str, expected: str) -> None:
    data = forecast_data(start(activation, initializer, units=4), None)
    assert np.isfinite(data.predicted.activation_mean_square).all(), "a line is drawn"
    sentences = forecast_sentences(data)
    assert sentences[0] == expected
    assert not any("no forecast" in sentence for sentence in sentences)


def test_an_output_without_gradient_is_named() -> None:
    data = forecast_data(start("relu", "he_normal", units=4), None)
    none = np.zeros_like(data.measured.delta_mean_square)
    still = msgspec.structs.replace(data.measured, delta_mean_square=none)
    predicted = msgspec.structs.replace(data.predicted, delta_mean_square=none)
    sentences = forecast_sentences(dataclasses.replace(data, predicted=predicted, measured=still))
    assert sentences[0] == "E[a²] × 1.0 per layer forward; the gradient at the output is 0"


def test_the_band_is_computed_last_and_kept_during_training(qtbot: QtBot) -> None:
    card = make(qtbot, ForecastPlot)
    snapshot = start("tanh", "xavier_normal", units=4)
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.shown() is not None)
    qtbot.waitUntil(lambda: card.shown().band is not None)
    band = card.shown().band
    later = snapshot_of(snapshot.experiment, steps=20)
    card.show_snapshot(later)
    qtbot.waitUntil(lambda: card.shown().step == 20)
    assert card.shown().band is band
    other = start("relu", "he_normal", units=4)
    card.show_snapshot(other)
    qtbot.waitUntil(lambda: card.shown().key != band.key and card.shown().band is not None)
    assert card.shown().band is not band


def test_a_hidden_card_has_its_band_when_it_is_exported(qtbot: QtBot) -> None:
    card = make(qtbot, ForecastPlot)
    card.hide()
    card.show_snapshot(start("tanh", "xavier_normal", units=4))
    assert card.shown() is None
    assert "E[δ²] lowest of 20 seeds" in card.figure_table().columns


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (0.934, "× 0.93"),
        (99.7, "× 100"),
        (1795.0, "× 1\u2009800"),
        (99_900.0, "× 1.0e5"),
        (5.2e5, "× 5.2e5"),
        (np.nan, "× –"),
    ],
)
def test_a_factor_has_two_significant_digits(factor: float, text: str) -> None:
    assert times(factor) == text
