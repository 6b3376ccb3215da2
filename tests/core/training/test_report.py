"""Headless runs and their reports: the contract's keys, strict JSON, and verifiable numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import from_builtins
from core.training.report import report_of, write_report
from core.training.training_run import TrainingRun, train
from core.training.training_run import new_trainer as build_trainer
from tests.core.support import new_trainer

KEYS = {"experiment", "engine", "steps", "epochs", "seconds", "loss", "layers"}
LAYER_KEYS = {
    "name", "initial_weights", "initial_bias", "weights", "bias", "weight_gradient", "gradient_norm",
}  # fmt: skip


def run_of(experiment: Experiment | None = None, *, epochs: int | None = None, steps: int | None = None) -> TrainingRun:
    return train(new_trainer(experiment or Experiment()), epochs=epochs, steps=steps)


def strict(report: dict[str, Any]) -> dict[str, Any]:
    """Return the report after a round trip through JSON without NaN and Infinity."""
    loaded: dict[str, Any] = json.loads(json.dumps(report, allow_nan=False))
    return loaded


def forward(report: dict[str, Any], X: np.ndarray, activations: list[str]) -> np.ndarray:
    """Return the prediction, computed from the report alone."""
    phi = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0), "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z))}
    for layer, activation in zip(report["layers"], activations, strict=True):
        X = phi[activation](X @ np.array(layer["weights"]) + np.array(layer["bias"]))
    return X


def test_the_report_has_the_contracts_keys() -> None:
    report = strict(report_of(run_of(epochs=3)))
    assert set(report) == KEYS
    assert (report["steps"], report["epochs"]) == (75, 3)
    assert report["engine"] in {"numpy", "compiled"}
    assert report["seconds"] > 0.0
    assert [layer["name"] for layer in report["layers"]] == ["Hidden 1", "Hidden 2", "Output"]
    assert all(set(layer) == LAYER_KEYS for layer in report["layers"])
    assert from_builtins(report["experiment"]) == Experiment()


def test_losses_are_per_epoch_and_can_be_recomputed() -> None:
    report = strict(report_of(run_of(epochs=4), with_data=True))
    assert len(report["loss"]["train"]) == len(report["loss"]["test"]) == 5
    data = {key: np.array(value) for key, value in report["data"].items()}
    assert data["x_train"].shape == (250, 2)
    assert data["y_test"].shape == (250, 1)
    for part in ("train", "test"):
        residual = forward(report, data[f"x_{part}"], ["tanh"] * 3) - data[f"y_{part}"]
        assert 0.5 * np.mean(residual**2) == pytest.approx(report["loss"][part][-1], rel=1e-12)
    assert report["loss"]["train"][0] > report["loss"]["train"][-1]


def test_weights_have_fan_in_rows_and_fan_out_columns() -> None:
    run = run_of(epochs=1)
    report = strict(report_of(run))
    for index, (layer, shape) in enumerate(zip(report["layers"], [(2, 4), (4, 2), (2, 1)], strict=True)):
        assert np.array(layer["weights"]).shape == np.array(layer["initial_weights"]).shape == shape
        assert np.array(layer["bias"]).shape == (shape[1],)
        np.testing.assert_array_equal(layer["weights"], run.final.weights(index))
        np.testing.assert_array_equal(layer["initial_weights"], new_trainer(Experiment()).network.weights(index))
        np.testing.assert_array_equal(layer["initial_bias"], np.zeros(shape[1]))


def test_the_gradient_is_of_the_mean_loss_over_the_training_set_without_dropout() -> None:
    experiment = Experiment(
        data=DataSettings(samples=4500, test_fraction=0.1),  # more than a live snapshot evaluates
        network=NetworkSettings(hidden=(HiddenLayer(units=3, dropout=0.5),)),
        training=TrainingSettings(l2=0.3, dropout_scaling="inverted"),
    )
    report = strict(report_of(run_of(experiment, steps=3), with_data=True))
    X, Y = np.array(report["data"]["x_train"]), np.array(report["data"]["y_train"])
    layer = report["layers"][0]

    def loss(W: np.ndarray) -> float:
        changed = {"layers": [{**layer, "weights": W.tolist()}, report["layers"][1]]}
        return 0.5 * float(np.mean((forward(changed, X, ["tanh", "tanh"]) - Y) ** 2))

    W = np.array(layer["weights"])
    numeric = np.zeros_like(W)
    for place in np.ndindex(*W.shape):
        step = np.zeros_like(W)
        step[place] = 1e-6
        numeric[place] = (loss(W + step) - loss(W - step)) / 2e-6
    np.testing.assert_allclose(layer["weight_gradient"], numeric, rtol=1e-6, atol=1e-9)
    assert layer["gradient_norm"] == pytest.approx(float(np.linalg.norm(layer["weight_gradient"])), rel=1e-14)


def test_test_losses_are_null_without_a_test_set() -> None:
    report = strict(report_of(run_of(Experiment(data=DataSettings(test_fraction=0.0)), epochs=2), with_data=True))
    assert report["loss"]["test"] == [None, None, None]
    assert report["data"]["x_test"] == []


@pytest.mark.parametrize(("steps", "whole", "epochs"), [(0, 1, 0), (24, 1, 0.96), (25, 2, 1), (60, 3, 2.4)])
def test_a_run_in_steps_has_losses_at_whole_epochs_and_at_its_end(steps: int, whole: int, epochs: float) -> None:
    run = run_of(steps=steps)
    report = strict(report_of(run))
    assert (report["steps"], report["epochs"]) == (steps, epochs)
    assert len(report["loss"]["train"]) == whole
    assert ("final_loss" in report) is (epochs != int(epochs))
    if "final_loss" in report:
        assert report["final_loss"] == {"train": run.final_train_loss, "test": run.final_test_loss}


def test_epochs_and_the_equivalent_steps_give_the_same_run() -> None:
    by_epochs, by_steps = run_of(epochs=2), run_of(steps=50)
    np.testing.assert_array_equal(by_epochs.final.parameters, by_steps.final.parameters)
    assert by_epochs.train_losses == by_steps.train_losses


def test_row08_a_diverging_run_reports_the_divergence() -> None:
    hidden = tuple(HiddenLayer(units=8, activation="leaky_relu", initializer="he_normal", gain=2.0) for _ in range(10))
    network = NetworkSettings(hidden=hidden, output_activation="identity")
    run = run_of(Experiment(data=DataSettings(standardize=True), network=network), epochs=30)
    assert run.divergence is not None
    report = strict(report_of(run))
    assert set(report) >= KEYS | {"diverged"}
    assert report["diverged"]["step"] == report["steps"] + 1
    assert report["diverged"]["message"] == run.divergence.message
    assert set(report["diverged"]) == {"step", "layer", "quantity", "message"}
    assert all(np.isfinite(np.array(layer["weights"])).all() for layer in report["layers"])


def test_non_finite_numbers_become_null() -> None:
    run = run_of(epochs=1)
    huge = run.final.parameters.copy()
    huge[run.final.architecture.layers[-1].weights] = 1e200
    broken = replace(run, final=type(run.final)(run.final.architecture, huge), train_losses=(1.0, np.inf))
    report = strict(report_of(broken))
    assert report["loss"]["train"] == [1.0, None]
    assert report["layers"][0]["gradient_norm"] is None or np.isfinite(report["layers"][0]["gradient_norm"])


def test_prelu_reports_its_learned_slope() -> None:
    network = NetworkSettings(hidden=(HiddenLayer(units=4, activation="prelu"),))
    report = strict(report_of(run_of(Experiment(network=network), epochs=2)))
    assert report["layers"][0]["initial_alpha"] == 0.25
    assert report["layers"][0]["alpha"] != 0.25
    assert "alpha" not in report["layers"][1]


def test_a_report_is_written_atomically_or_the_path_is_named(tmp_path: Path) -> None:
    run = run_of(epochs=1)
    write_report(run, tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == strict(report_of(run))
    with pytest.raises(PlaygroundError, match=r"report\.json: cannot be written"):
        write_report(run, tmp_path / "report.json" / "report.json")


def test_progress_is_reported_to_the_end() -> None:
    calls: list[tuple[int, int]] = []
    train(new_trainer(Experiment()), epochs=4, advance=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (100, 100)
    assert [done for done, _ in calls] == sorted({done for done, _ in calls})


def test_the_length_must_be_given_once() -> None:
    for epochs, steps in ((None, None), (1, 1)):
        with pytest.raises(ValueError, match="either"):
            run_of(epochs=epochs, steps=steps)


def test_the_numpy_engine_can_be_requested() -> None:
    assert build_trainer(Experiment(), engine="numpy").engine == "numpy"
