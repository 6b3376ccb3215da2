"""Select the NumPy step: the ordinary one, or TensorFlow Playground's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from core.arrays import Floats
from core.engine import step, tf_playground_step
from core.engine.step import Step
from core.experiment import TrainingSettings
from core.network import Network
from core.network.dropout import Masks

TF_PLAYGROUND_NOTE: Final = "Training runs on NumPy and reproduces TensorFlow Playground exactly."


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
    check: Callable[[], None] | None = None,
) -> Step:
    """Compute a step like :func:`core.engine.step.take`; ``is_full`` is False for the last, smaller batch of an epoch."""
    if settings.steps_like_tf_playground:
        return tf_playground_step.take(network, X, Y, masks, optimizer_state, settings, is_full=is_full, check=check)
    return step.take(network, X, Y, masks, optimizer_state, count, settings, check)


def optimizer_state_of(settings: TrainingSettings) -> tuple[str, bool]:
    """Return the meaning of the optimizer's state vectors under ``settings``; if it changes, the state is reset."""
    return settings.optimizer, settings.steps_like_tf_playground
