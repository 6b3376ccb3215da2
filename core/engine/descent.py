"""From the gradient to the step, in the order that every engine keeps: L2, clipping, the optimizer's rule, then L1."""

from __future__ import annotations

import math

import numpy as np

from core.arrays import Booleans, Floats, norm
from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS, State
from core.formulas.penalties import PENALTIES


def regularized_gradient(
    gradient: Floats, parameters: Floats, is_weight: Booleans, settings: TrainingSettings
) -> Floats:
    """Return the gradient that the optimizer gets: with L2 (unless it decays by itself), clipped to its norm.

    Args:
        gradient: ∂L/∂(every parameter), (P,).
        parameters: (P,).
        is_weight: (P,), where penalties act.
        settings: L2, clipping and the optimizer.
    """
    return clipped(penalized(gradient, parameters, is_weight, settings), settings)


def penalized(gradient: Floats, parameters: Floats, is_weight: Booleans, settings: TrainingSettings) -> Floats:
    """Return ``gradient`` with L2's share λw, (P,), unless the optimizer decays the weights by itself."""
    if settings.l2 and not OPTIMIZERS[settings.optimizer].decoupled_decay:
        return gradient + PENALTIES["l2"].derivative(parameters * is_weight, settings.l2)
    return gradient


def clipped(gradient: Floats, settings: TrainingSettings) -> Floats:
    """Return ``gradient`` (P,), or, where it is longer than the clip norm c, g · c / ‖g‖ (PyTorch: c / (‖g‖ + 10⁻⁶))."""
    if settings.clip_norm is not None:
        length = float(np.sqrt(gradient @ gradient))
        if math.isinf(length):  # perhaps only its square is
            length = norm(gradient)
        if length > settings.clip_norm:
            gradient = gradient * (settings.clip_norm / length)
    return gradient


def updated(
    parameters: Floats,
    gradient: Floats,
    optimizer_state: tuple[Floats, Floats],
    count: int,
    is_weight: Booleans,
    settings: TrainingSettings,
) -> State:
    """Return parameters and optimizer's memory after update number ``count`` (from 1), L1's threshold included.

    Args:
        parameters: (P,).
        gradient: what :func:`regularized_gradient` returned, (P,).
        optimizer_state: the optimizer's two state vectors, each (P,).
        count: updates since that memory began, this one included.
        is_weight: (P,), where penalties act.
        settings: the optimizer and its numbers.
    """
    optimizer = OPTIMIZERS[settings.optimizer]
    decay = settings.l2 * is_weight.astype(np.float64) if optimizer.decoupled_decay else 0.0
    after, first, second = optimizer.update(
        parameters, gradient, *optimizer_state, count, settings.learning_rate, decay, *settings.optimizer_arguments()
    )
    if settings.l1:
        after[is_weight] = PENALTIES["l1"].proximal(after[is_weight], settings.learning_rate * settings.l1)
    return after, first, second
