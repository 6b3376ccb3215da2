"""Experiments for the inspector's tests."""

from __future__ import annotations

from msgspec.structs import replace

from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from playground.session.selection import Selection

WEIGHT = Selection("weight", 1, 1, 2)


def experiment_of(*units: int, activation: str = "tanh", **training: object) -> Experiment:
    """Return an experiment with hidden layers of ``units`` neurons and these training settings."""
    hidden = tuple(HiddenLayer(units=width, activation=activation) for width in units)
    return Experiment(network=NetworkSettings(hidden=hidden), training=replace(TrainingSettings(), **training))
