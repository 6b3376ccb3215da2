"""Which rule a step of NumPy's follows: the settings' own, or TensorFlow Playground's."""

from __future__ import annotations

from typing import Final

from core.arrays import Floats
from core.engine import step, tf_playground_step
from core.engine.step import Step
from core.experiment import TrainingSettings
from core.network import Network
from core.network.dropout import Masks

IMITATION_NOTE: Final = "Training runs on NumPy, which follows TensorFlow Playground to the last bit."


def take(
    network: Network,
    X: Floats,
    Y: Floats,
    masks: Masks,
    optimizer_state: tuple[Floats, Floats],
    count: int,
    settings: TrainingSettings,
    *,
    is_full: bool,
) -> Step:
    """Return the step of ``network`` on a batch, as :func:`core.engine.step.take`; ``is_full`` is False for what is left."""
    if settings.imitates_tf_playground:
        return tf_playground_step.take(network, X, Y, masks, optimizer_state, settings, is_full=is_full)
    return step.take(network, X, Y, masks, optimizer_state, count, settings)


def optimizer_state_of(settings: TrainingSettings) -> tuple[str, bool]:
    """Return the meaning of the optimizer's state vectors under ``settings``; the state is reset where it changes."""
    return settings.optimizer, settings.imitates_tf_playground
