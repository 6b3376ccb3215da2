"""Compute the update from the gradient, in the order that all engines use: L2, clipping, optimizer, then L1."""

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
    """Return the optimizer's input: the gradient with L2 (unless weight decay is decoupled), clipped by norm.

    Args:
        gradient: ∂L/∂(every parameter), (P,).
        parameters: (P,).
        is_weight: mask (P,) of the parameters that penalties apply to.
        settings: L2, clipping and the optimizer.
    """
    return clipped(penalized(gradient, parameters, is_weight, settings), settings)


def penalized(gradient: Floats, parameters: Floats, is_weight: Booleans, settings: TrainingSettings) -> Floats:
    """Return ``gradient`` plus L2's λw, (P,), unless the optimizer has decoupled weight decay."""
    if settings.l2 and not OPTIMIZERS[settings.optimizer].decoupled_decay:
        return gradient + PENALTIES["l2"].derivative(parameters * is_weight, settings.l2)
    return gradient


def clipped(gradient: Floats, settings: TrainingSettings) -> Floats:
    """Return ``gradient`` (P,), scaled to g · c / ‖g‖ if its norm exceeds the clip norm c (PyTorch: c / (‖g‖ + 10⁻⁶))."""
    if settings.clip_norm is not None:
        length = float(np.sqrt(gradient @ gradient))
        if math.isinf(length):  # the square may have overflowed although the norm is finite
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
    """Return parameters and optimizer state after update number ``count`` (from 1), including L1's soft threshold.

    Args:
        parameters: (P,).
        gradient: the result of :func:`regularized_gradient`, (P,).
        optimizer_state: the optimizer's two state vectors, each (P,).
        count: updates since that state was reset, including this one.
        is_weight: mask (P,) of the parameters that penalties apply to.
        settings: the optimizer and its hyper-parameters.
    """
    optimizer = OPTIMIZERS[settings.optimizer]
    decay = settings.l2 * is_weight.astype(np.float64) if optimizer.decoupled_decay else 0.0
    after, first, second = optimizer.update(
        parameters, gradient, *optimizer_state, count, settings.learning_rate, decay, *settings.optimizer_arguments()
    )
    if settings.l1:
        after[is_weight] = PENALTIES["l1"].proximal(after[is_weight], settings.learning_rate * settings.l1)
    return after, first, second
