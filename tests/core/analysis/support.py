"""Random networks, inputs and targets for the tests of the analyses."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.arrays import Floats
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.resolution import resolve
from core.formulas.losses import LOSSES
from core.network import Network
from core.network.architecture import Architecture, Layer, build_architecture
from core.network.parameters import initial_parameters

ENDS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.allowed_outputs]
"""Every pair of a loss and an output activation that it allows."""


def architecture_of(
    inputs: int, widths: list[int], activations: list[str], loss: str = "squared_error", dropout: float = 0.0
) -> Architecture:
    """Return an architecture with one layer per width, of which the last is the output."""
    layers: list[Layer] = []
    for index, (width, activation) in enumerate(zip(widths, activations, strict=True)):
        layers.append(
            Layer(
                name="Output" if index == len(widths) - 1 else f"Hidden {index + 1}",
                fan_in=layers[-1].fan_out if layers else inputs,
                fan_out=width,
                activation=activation,
                alpha=0.25,
                initializer="normal",
                gain=1.0,
                dropout=dropout,
                start=layers[-1].stop if layers else 0,
            )
        )
    return Architecture(inputs, tuple(layers), dropout, "inverted", loss)


def network_of(architecture: Architecture, rng: np.random.Generator, spread: float = 1.0) -> Network:
    """Return a network with normally distributed weights and biases of standard deviation ``spread``."""
    parameters = rng.normal(0.0, spread, architecture.size)
    for layer in architecture.layers:
        parameters[layer.alpha_index] = layer.alpha
    return Network(architecture, parameters)


def targets_of(architecture: Architecture, samples: int, rng: np.random.Generator) -> Floats:
    """Return random targets, (samples, outputs), that suit the loss."""
    if architecture.loss == "cross_entropy":
        return np.eye(architecture.outputs)[rng.integers(0, architecture.outputs, samples)]
    if architecture.loss == "binary_cross_entropy":
        return rng.integers(0, 2, (samples, architecture.outputs)).astype(float)
    return rng.normal(size=(samples, architecture.outputs))


def make_network(*hidden: HiddenLayer, inputs: int = 2, **settings: Any) -> Network:
    """Return the initial network of an experiment with ``hidden`` layers and these settings."""
    experiment = Experiment(network=NetworkSettings(hidden=hidden, **settings))
    architecture = build_architecture(experiment, inputs, resolve(experiment, "classification", 2))
    return Network(architecture, initial_parameters(architecture, 1))


def samples(count: int, inputs: int = 2) -> Floats:
    """Return random inputs, (count, inputs)."""
    return np.random.default_rng(0).uniform(-3.0, 3.0, (count, inputs))
