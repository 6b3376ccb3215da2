"""Changes of an Experiment, from which cures are built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from core.analysis.diagnosis.finding import Change
from core.experiment import Experiment
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.initializers import INITIALIZERS

MAX_RATE: Final = 1000.0
MIN_RATE: Final = 1e-12


def suited_initializer(activation: str) -> str:
    """Return the key of the initializer designed for ``activation``."""
    return OUTPUT_ACTIVATIONS[activation].initializer


def suited(activations: Sequence[str]) -> str:
    """Return the labels of the initializers suited to ``activations``: ``He normal and Xavier normal``."""
    return " and ".join(dict.fromkeys(INITIALIZERS[suited_initializer(each)].label for each in activations))


def with_layers(experiment: Experiment, indices: Sequence[int], **changes: object) -> Experiment:
    """Return ``experiment`` with changed fields of the hidden layers ``indices``; indices without a layer are ignored."""
    network = experiment.network
    hidden = tuple(replace(each, **changes) if i in indices else each for i, each in enumerate(network.hidden))
    return replace(experiment, network=replace(network, hidden=hidden))


def initialized(indices: Sequence[int], output: str) -> Change:
    """Return the change to the suited initializer at weight scale 1 in layers ``indices``, counted with the output.

    Args:
        indices: the layers.
        output: key of the output's activation, which the Experiment may leave to ``auto``.
    """

    def change(experiment: Experiment) -> Experiment:
        hidden = experiment.network.hidden
        for index in (each for each in indices if each < len(hidden)):
            start = suited_initializer(hidden[index].activation)
            experiment = with_layers(experiment, (index,), initializer=start, gain=1.0)
        if len(hidden) in indices:
            settings = replace(experiment.network, output_initializer=suited_initializer(output), output_gain=1.0)
            experiment = replace(experiment, network=settings)
        return experiment

    return change


def activated(indices: Sequence[int], activation: str, initializer: str | None = None) -> Change:
    """Return the change to ``activation`` in the hidden layers ``indices``, and to ``initializer`` at scale 1 if given."""

    def change(experiment: Experiment) -> Experiment:
        experiment = with_layers(experiment, indices, activation=activation, activation_alpha=None)
        return with_layers(experiment, indices, initializer=initializer, gain=1.0) if initializer else experiment

    return change


def trained(**changes: object) -> Change:
    """Return the change of these training settings."""
    return lambda experiment: replace(experiment, training=replace(experiment.training, **changes))


def with_rate(rate: float) -> Change:
    """Return the change to the learning rate ``rate``, within its limits."""
    return trained(learning_rate=min(max(rate, MIN_RATE), MAX_RATE))


def standardized(experiment: Experiment) -> Experiment:
    """Return ``experiment`` with standardized features."""
    return replace(experiment, data=replace(experiment.data, standardize=True))


def with_output(activation: str) -> Change:
    """Return the change to the output activation ``activation``."""
    return lambda experiment: replace(experiment, network=replace(experiment.network, output_activation=activation))
