"""What a step and an epoch will cost: an estimate from the shape alone, to tell before a large network is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.network.architecture import Architecture

MULTIPLY_ADDS_A_SECOND: Final = 1e10
SECONDS_A_PARAMETER: Final = 1.2e-8
"""Measured on one core of 2024 with 512 inputs a layer: products, and reading and writing each parameter; within a factor of 2
of either engine's step from 0.2 million weights on, batches of 1 to 100."""

LONG_STEP_SECONDS: Final = 0.1
LONG_EPOCH_SECONDS: Final = 10.0
LOOK_BUDGET: Final = 1_000_000_000
"""Weights × samples of one look at the training set: half a second."""

MIN_LOOK: Final = 50
MAX_LOOK: Final = 2000
"""Live losses and gradients are taken over at most this many samples (the first ones) of each set."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What training will cost, about.

    Attributes:
        weights: of all layers.
        step_seconds: one step.
        steps_per_epoch: steps of an epoch.
        looked_at: training samples that live losses are taken over.
        samples: all of them.
    """

    weights: int
    step_seconds: float
    steps_per_epoch: int
    looked_at: int
    samples: int

    @property
    def is_large(self) -> bool:
        """Whether a user should know before: a step or an epoch takes long."""
        return self.step_seconds > LONG_STEP_SECONDS or self.step_seconds * self.steps_per_epoch > LONG_EPOCH_SECONDS

    @property
    def sentence(self) -> str:
        """What is to be expected, in one to three sentences."""
        epoch = _duration(self.step_seconds * self.steps_per_epoch)
        text = (
            f"{_count(self.weights)} weights: a step takes about {_duration(self.step_seconds)}, "
            f"an epoch of {self.steps_per_epoch} {'step' if self.steps_per_epoch == 1 else 'steps'} about {epoch}."
        )
        if self.step_seconds > 1.0:
            text += " Pausing waits for the end of the step."
        if self.looked_at < min(self.samples, MAX_LOOK):
            text += f" Losses are shown over the first {self.looked_at} of {self.samples} samples."
        return text


def cost_of(architecture: Architecture, samples: int, batch_size: int) -> Cost:
    """Return the cost of training on ``samples`` samples, ``batch_size`` (0: all of them) a step."""
    weights = sum(layer.fan_in * layer.fan_out for layer in architecture.layers)
    batch = min(batch_size, samples) or max(samples, 1)
    # Forward, ∂L/∂W and ∂L/∂A take a multiply-add each, for every weight and sample.
    seconds = 3.0 * weights * batch / MULTIPLY_ADDS_A_SECOND + SECONDS_A_PARAMETER * architecture.size
    return Cost(weights, seconds, -(-samples // batch), min(samples_looked_at(architecture), samples), samples)


def samples_looked_at(architecture: Architecture) -> int:
    """Return over how many samples of each set live losses and gradients are taken, at most."""
    weights = sum(layer.fan_in * layer.fan_out for layer in architecture.layers)
    return min(max(LOOK_BUDGET // weights, MIN_LOOK), MAX_LOOK)


def _count(weights: int) -> str:
    return f"{weights / 1e6:.1f} million" if weights >= 1_000_000 else f"{weights:,}".replace(",", "\u2009")


def _duration(seconds: float) -> str:
    """Return ``seconds`` with one digit, or as minutes."""
    if seconds >= 90.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 10.0 else f"{float(f'{seconds:.1g}'):g} s"
