"""The report of a headless run as strict JSON: settings, losses, and every layer before and after training."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Floats
from core.experiment.experiment_file import to_builtins, write_atomically
from core.training.training_run import TrainingRun


def report_of(run: TrainingRun, *, with_data: bool = False) -> dict[str, Any]:
    """Return the report of ``run`` as plain dictionaries and lists, with ``None`` for non-finite numbers.

    ``loss.train[e]`` and ``loss.test[e]`` are the mean losses over the whole sets at epoch e, without penalty and
    dropout. A run that ends inside an epoch has its last losses under ``final_loss``; one that diverged has the details
    under ``diverged`` and the last finite state.

    Args:
        run: the run to report.
        with_data: add the samples as the network sees them: features and coded targets.
    """
    report: dict[str, Any] = {
        "experiment": to_builtins(run.experiment),
        "engine": run.engine,
        "steps": run.steps,
        "epochs": int(run.epochs) if float(run.epochs).is_integer() else run.epochs,
        "seconds": run.seconds,
        "loss": {"train": _numbers(run.train_losses), "test": _numbers(run.test_losses)},
        "layers": _layers(run),
    }
    if not float(run.epochs).is_integer():
        report["final_loss"] = {"train": _number(run.final_train_loss), "test": _number(run.final_test_loss)}
    if run.divergence is not None:
        found = run.divergence
        report["diverged"] = {
            "step": found.step,
            "layer": found.layer,
            "quantity": found.quantity,
            "message": found.message,
        }
    if with_data:
        names = ("x_train", "y_train", "x_test", "y_test")
        report["data"] = {name: _nested(getattr(run.data, name)) for name in names}
    return report


def write_report(run: TrainingRun, path: Path, *, with_data: bool = False) -> None:
    """Write the report of ``run`` to ``path`` atomically.

    Raises:
        PlaygroundError: the file cannot be written; the message names it.
    """
    text = json.dumps(report_of(run, with_data=with_data), allow_nan=False, ensure_ascii=False)
    write_atomically(path, text.encode() + b"\n")


def _layers(run: TrainingRun) -> list[dict[str, Any]]:
    """Return every layer's parameters before and after, and the gradient of the mean loss over the training set."""
    architecture, data = run.final.architecture, run.data
    with np.errstate(over="ignore", invalid="ignore"):
        gradients = run.final.backward(run.final.forward(data.x_train), data.y_train).flat
    layers = []
    for index, layer in enumerate(architecture.layers):
        gradient = architecture.weights(gradients, index)
        entry = {
            "name": layer.name,
            "initial_weights": _nested(run.initial.weights(index)),
            "initial_bias": _nested(run.initial.bias(index)),
            "weights": _nested(run.final.weights(index)),
            "bias": _nested(run.final.bias(index)),
            "weight_gradient": _nested(gradient),
            "gradient_norm": _number(_norm(gradient)),
        }
        if layer.learns_alpha:
            entry |= {"initial_alpha": run.initial.alpha(index), "alpha": run.final.alpha(index)}
        layers.append(entry)
    return layers


def _norm(gradient: Floats) -> float:
    """Return ‖gradient‖₂, scaled first so that squares neither overflow nor underflow."""
    largest = float(np.abs(gradient).max())
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(gradient / largest))


def _nested(array: Floats) -> list[Any]:
    if array.ndim > 1:
        return [_nested(row) for row in array]
    return _numbers(array.tolist())


def _numbers(values: Iterable[float]) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
