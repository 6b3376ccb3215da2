"""Measurements of signals, races and restarts agree with computations written out here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.surfaces import SURFACES
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.lessons.measurements.races import DETOUR_STEPS, RESTART_STEPS, restart_losses
from core.lessons.measurements.registry import measure, parse_call
from core.network import Network
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from tests.core.lessons.support import Run
from tests.core.support import new_trainer

EXPERIMENT = Experiment(
    data=DataSettings(dataset="gauss_bumps", samples=60, noise=0.1, standardize=True),
    network=NetworkSettings(hidden=(HiddenLayer(units=2),)),
    training=TrainingSettings(learning_rate=0.05, batch_size=7),
)


def value(snapshot: Snapshot, call: str) -> float:
    result = measure(parse_call(call), snapshot)
    assert isinstance(result, float)
    return result


def test_ratio_of_deltas() -> None:
    hidden = (HiddenLayer(units=4), HiddenLayer(units=3, activation="sigmoid"))
    run = Run(replace(EXPERIMENT, network=NetworkSettings(hidden=hidden)))
    network, data = run.snapshot.network, run.snapshot.data
    trace = network.forward(data.x_train)
    last = trace.prediction - data.y_train
    sigmoid, tanh = trace.activations[1], trace.activations[0]
    second = (last @ network.weights(2).T) * sigmoid * (1 - sigmoid)
    first = (second @ network.weights(1).T) * (1 - tanh**2)
    for call, expected in {
        "delta_ratio(1, last)": np.mean(first**2) / np.mean(last**2),
        "delta_ratio(1, 2)": np.mean(first**2) / np.mean(second**2),
        "delta_ratio(last, 2)": np.mean(last**2) / np.mean(second**2),
    }.items():
        assert value(run.snapshot, call) == pytest.approx(expected, rel=1e-10)


def test_alpha_is_the_learned_one() -> None:
    hidden = (HiddenLayer(units=4, activation="prelu"), HiddenLayer(units=3, activation="tanh"))
    run = Run(replace(EXPERIMENT, network=NetworkSettings(hidden=hidden)))
    assert value(run.snapshot, "alpha(1)") == 0.25
    snapshot = run.steps(20)
    assert value(snapshot, "alpha(1)") == snapshot.network.alpha(0) != 0.25
    assert value(snapshot, "alpha(2)") == 0.0


def test_activation_of_all_hidden_layers() -> None:
    def said(*activations: str) -> object:
        hidden = tuple(HiddenLayer(units=2, activation=key) for key in activations)
        return measure(
            parse_call("hidden_activation"), Run(replace(EXPERIMENT, network=NetworkSettings(hidden=hidden))).snapshot
        )

    assert said("sigmoid", "sigmoid") == "sigmoid"
    assert said("sigmoid", "tanh") == ""
    assert said() == ""


def test_the_race_in_the_ravine() -> None:
    snapshot = Run(EXPERIMENT).snapshot
    plain, heavy = value(snapshot, "ravine_arrival"), value(snapshot, "ravine_arrival_momentum")
    assert 1 < plain < 1000
    assert 1 < heavy < 1000
    # A straight line has a detour of 1, and momentum averages the noise that makes the way longer.
    assert 1 < value(snapshot, "ravine_detour_momentum") < 0.5 * value(snapshot, "ravine_detour")


def test_share_of_starts_that_reach_a_global_minimum_of_the_camel() -> None:
    surface, rng = SURFACES["camel"], np.random.default_rng(7)
    points = rng.uniform((surface.x_range[0], surface.y_range[0]), (surface.x_range[1], surface.y_range[1]), (1500, 2))
    for _ in range(800):
        points -= surface.learning_rate * np.column_stack(surface.gradient(points[:, 0], points[:, 1]))
    lowest = float(surface.function(*np.array(surface.minima[0])))
    share = np.mean(np.abs(surface.function(points[:, 0], points[:, 1]) - lowest) < 1e-3)
    # Two samples of 500 and 1500 starts: their standard deviations are 0.022 and 0.013.
    assert value(Run(EXPERIMENT).snapshot, "camel_success") == pytest.approx(share, abs=4 * 0.026)


def mean_loss(network: Network, trainer: Trainer) -> float:
    return float(np.mean(network.loss(network.forward(trainer.data.x_train), trainer.data.y_train)))


def test_restarts_reach_the_losses_of_training_from_other_seeds() -> None:
    snapshot = Run(EXPERIMENT).snapshot
    losses = restart_losses(snapshot)
    assert value(snapshot, "best_restart") == losses.min() <= losses.max() == value(snapshot, "worst_restart")
    ends = []
    for seed in range(1, 11):
        training = TrainingSettings(optimizer="adam", learning_rate=0.03, batch_size=0)
        network = replace(EXPERIMENT.network, seed=seed)
        trainer = new_trainer(replace(EXPERIMENT, network=network, training=training))
        for share in (1.0, 0.3, 0.1, 0.03):
            cooled = replace(training, learning_rate=0.03 * share)
            trainer.apply(replace(EXPERIMENT, network=network, training=cooled), trainer.data)
            trainer.run(RESTART_STEPS // 4)
        ends.append(mean_loss(trainer.network, trainer))
    # The engines round differently, and 800 steps amplify that.
    np.testing.assert_allclose(losses, sorted(ends), rtol=1e-4)


def test_restarts_do_not_depend_on_the_training() -> None:
    run = Run(EXPERIMENT)
    before = restart_losses(run.snapshot)
    assert restart_losses(run.steps(5)) is before
    other = Run(replace(EXPERIMENT, training=TrainingSettings(learning_rate=0.5, optimizer="adam")))
    assert restart_losses(other.snapshot) is before


def test_detour_of_the_first_updates() -> None:
    trainer = new_trainer(EXPERIMENT)
    points = [trainer.parameters.copy()]
    for _ in range(DETOUR_STEPS):
        trainer.run(1)
        points.append(trainer.parameters.copy())
    length = np.sum(np.linalg.norm(np.diff(points, axis=0), axis=1))
    expected = length / np.linalg.norm(points[-1] - points[0])
    run = Run(EXPERIMENT)
    assert value(run.snapshot, "detour") == pytest.approx(expected, rel=1e-9)
    # It belongs to the settings and not to how far this run is.
    assert value(run.steps(5), "detour") == pytest.approx(expected, rel=1e-9)
    wild = replace(EXPERIMENT, training=TrainingSettings(learning_rate=1000.0, batch_size=7))
    assert math.isnan(value(Run(wild).snapshot, "detour"))


def test_large_networks_are_not_trained_for_a_measurement() -> None:
    large = replace(EXPERIMENT, network=NetworkSettings(hidden=(HiddenLayer(units=300),)))
    assert math.isnan(value(Run(large).snapshot, "best_restart"))
    assert math.isnan(value(Run(large).snapshot, "detour"))
