"""Estimate the time of a step and an epoch from the shape alone, to warn before training a large network."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.network.architecture import Architecture

MULTIPLY_ADDS_PER_SECOND: Final = 1e10
"""Speed of matrix products, measured on one core of 2024 with 512 inputs per layer."""

SECONDS_PER_PARAMETER: Final = 1.2e-8
"""Time to read and write a parameter, measured on the same core.

The estimate is within a factor of 2 of either engine's step from 0.2 million weights on, for batches of 1 to 100."""

LONG_STEP_SECONDS: Final = 0.1
"""Duration of a step above which the user is warned."""

LONG_EPOCH_SECONDS: Final = 10.0
"""Duration of an epoch above which the user is warned."""

MAX_EVALUATION_WORK: Final = 1_000_000_000
"""Maximum number of weights × samples per evaluation of the training set, which takes half a second."""

MIN_EVALUATED: Final = 50
"""Minimum number of samples of each set over which live losses and gradients are computed."""

MAX_EVALUATED: Final = 2000
"""Maximum number of samples of each set (the first ones) over which live losses and gradients are computed."""


class Cost(Struct, frozen=True):
    """The approximate cost of training.

    Attributes:
        weights: number of weights in all layers.
        step_seconds: duration of a step.
        steps_per_epoch: number of steps per epoch.
        evaluated: number of training samples over which live losses are computed.
        samples: number of training samples.
    """

    weights: int
    step_seconds: float
    steps_per_epoch: int
    evaluated: int
    samples: int

    @property
    def is_large(self) -> bool:
        """Whether a step or an epoch takes so long that the user should be warned."""
        return self.step_seconds > LONG_STEP_SECONDS or self.step_seconds * self.steps_per_epoch > LONG_EPOCH_SECONDS

    @property
    def sentence(self) -> str:
        """A warning in one to three sentences."""
        epoch = _duration(self.step_seconds * self.steps_per_epoch)
        text = (
            f"{_count(self.weights)} weights: a step takes about {_duration(self.step_seconds)}, "
            f"an epoch of {self.steps_per_epoch} {'step' if self.steps_per_epoch == 1 else 'steps'} about {epoch}."
        )
        if self.evaluated < min(self.samples, MAX_EVALUATED):
            text += f" Losses are computed over the first {self.evaluated} of {self.samples} samples."
        return text


def cost_of(architecture: Architecture, samples: int, batch_size: int) -> Cost:
    """Return the cost of training on ``samples`` samples with ``batch_size`` samples per step (0: all)."""
    weights = sum(layer.fan_in * layer.fan_out for layer in architecture.layers)
    batch = min(batch_size, samples) or max(samples, 1)
    # The forward pass, ∂L/∂W and ∂L/∂A each take one multiply-add per weight and sample.
    seconds = 3.0 * weights * batch / MULTIPLY_ADDS_PER_SECOND + SECONDS_PER_PARAMETER * architecture.size
    return Cost(weights, seconds, -(-samples // batch), min(max_evaluated_samples(architecture), samples), samples)


def max_evaluated_samples(architecture: Architecture) -> int:
    """Return the maximum number of samples of each set over which live losses and gradients are computed."""
    weights = sum(layer.fan_in * layer.fan_out for layer in architecture.layers)
    return min(max(MAX_EVALUATION_WORK // weights, MIN_EVALUATED), MAX_EVALUATED)


def _count(weights: int) -> str:
    return f"{weights / 1e6:.1f} million" if weights >= 1_000_000 else f"{weights:,}".replace(",", "\u2009")


def _duration(seconds: float) -> str:
    """Format ``seconds`` with one digit, or as minutes."""
    if seconds >= 90.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 10.0 else f"{float(f'{seconds:.1g}'):g} s"
