"""The network's loss along directions in parameter space: on a line, on a plane, and along a path.

A direction is a vector (P,) like the parameters. All losses are means over the given samples, without dropout and
penalty. The network is not modified.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, norm
from core.engine.evaluation import Evaluator, NumpyEvaluator
from core.errors import ShapeError
from core.formulas.losses import LOSSES
from core.network import Network
from core.network.architecture import Architecture, Layer

MAX_NUMBERS: Final = 2**14
"""Maximum number of activations of a layer per block; larger blocks do not fit the cache (2**17 takes 1.6 times as long)."""


MIN_SQUARE: Final = 1e-8
"""Minimum ratio of the squared singular values for which inner products are exact enough (to about 1e-8)."""


class Slice(Struct, frozen=True):
    """The loss along one parameter, with all others fixed.

    Attributes:
        values: values of the parameter, (n,), ascending.
        losses: L at each of them, (n,); infinite or NaN where the network overflows.
        here: the parameter's current value.
        loss: L at the current value.
        slope: ∂L/∂w at the current value, from backpropagation.
    """

    values: Floats
    losses: Floats
    here: float
    loss: float
    slope: float


class LossPlane(Struct, frozen=True):
    """The loss on a plane through the current parameters.

    Attributes:
        first: direction of the horizontal axis, (P,).
        second: direction of the vertical axis, (P,).
        first_offsets: (n,).
        second_offsets: (m,).
        losses: L at parameters + first_offsets[j] · first + second_offsets[i] · second, (m, n).
    """

    first: Floats
    second: Floats
    first_offsets: Floats
    second_offsets: Floats
    losses: Floats


class PathOnPlane(Struct, frozen=True):
    """A training path projected onto a plane.

    Attributes:
        first: coordinate of each point along the first direction, (T,), in units of its length.
        second: the same along the second direction, (T,).
        distances: distance of each point from the plane, (T,), in units of the parameters.
        losses: the true L at each point, (T,); equal to the surface's only where the distance is 0.
    """

    first: Floats
    second: Floats
    distances: Floats
    losses: Floats


def loss_along(network: Network, X: Floats, Y: Floats, direction: Floats, offsets: Floats) -> Floats:
    """Return L(parameters + t · direction) for each t of ``offsets (n,)``, (n,).

    Args:
        network: the network at t = 0.
        X: features, (B, D_in).
        Y: targets, (B, K).
        direction: (P,).
        offsets: values of t, (n,).

    Raises:
        ShapeError: the direction does not have the parameters' length.
    """
    return _losses(network, X, Y, direction[np.newaxis], offsets[:, np.newaxis])


def weight_slice(
    network: Network,
    X: Floats,
    Y: Floats,
    index: int,
    half_width: float,
    points: int,
    *,
    centre: float | None = None,
) -> Slice:
    """Return the loss along the parameter at flat ``index``, with the slope at its current value w.

    Args:
        network: the network.
        X: features, (B, D_in).
        Y: targets, (B, K).
        index: index in the flat vector.
        half_width: half the width of the range of values.
        points: number of evenly spaced values; an odd number includes the centre.
        centre: centre of the range; by default w.

    Raises:
        ValueError: the range is empty.
    """
    if points < 2 or not half_width > 0:
        raise ValueError(f"expected 2 or more points and a positive width, got {points} and {half_width}")
    here = float(network.parameters[index])
    middle = here if centre is None else centre
    direction = np.zeros(network.architecture.size)
    direction[index] = 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        values = middle + half_width * np.linspace(-1.0, 1.0, points)
        losses = loss_along(network, X, Y, direction, values - here)
        gradients = network.backward(network.forward(X), Y)
    return Slice(values, losses, here, gradients.loss, float(gradients.flat[index]))


def plane(
    network: Network,
    X: Floats,
    Y: Floats,
    first: Floats,
    second: Floats,
    first_offsets: Floats,
    second_offsets: Floats,
    evaluator: Evaluator | None = None,
) -> LossPlane:
    """Return the loss on the grid of ``first_offsets (n,)`` along ``first`` and ``second_offsets (m,)`` along ``second``.

    Without an ``evaluator``, NumPy computes many points at once.

    Raises:
        ShapeError: a direction does not have the parameters' length.
    """
    columns, rows = np.meshgrid(first_offsets, second_offsets)
    coordinates = np.column_stack([columns.ravel(), rows.ravel()])
    directions = np.stack([first, second])
    if evaluator is None:
        losses = _losses(network, X, Y, directions, coordinates)
    else:
        losses = mean_losses(network.architecture, network.parameters + coordinates @ directions, X, Y, evaluator)
    return LossPlane(first, second, first_offsets, second_offsets, losses.reshape(columns.shape))


def path_on_plane(
    network: Network,
    X: Floats,
    Y: Floats,
    first: Floats,
    second: Floats,
    path: Floats,
    evaluator: Evaluator | None = None,
) -> PathOnPlane:
    """Project the points of ``path`` onto the plane, and return the true loss of each.

    The coordinates (s, t) are those of the orthogonal projection: they minimize ‖p − parameters − s · first − t · second‖.
    A path leaves the plane, so the losses are computed at the points themselves and not on the surface.

    Args:
        network: the network at the plane's origin.
        X: features, (B, D_in).
        Y: targets, (B, K).
        first: (P,).
        second: (P,), not parallel to ``first``.
        path: the parameters at T steps, (T, P).
        evaluator: computes the losses; NumPy without one.

    Raises:
        ValueError: the two directions do not span a plane.
    """
    along, across, distances = projected(path - network.parameters, first, second)
    return PathOnPlane(along, across, distances, mean_losses(network.architecture, path, X, Y, evaluator))


def projected(moved: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the coordinates of ``moved (T, P)`` along ``first`` and ``second`` (P,), and the distances from their plane.

    Distances that overflow are infinite or NaN.

    Raises:
        ValueError: the two directions do not span a plane.
    """
    axes = np.column_stack([first, second])
    if np.linalg.matrix_rank(axes) < 2:
        raise ValueError("parallel directions do not span a plane")
    coordinates = np.linalg.lstsq(axes, moved.T, rcond=None)[0]
    with np.errstate(over="ignore", invalid="ignore"):
        distances = np.linalg.norm(moved - (axes @ coordinates).T, axis=1)
    return coordinates[0], coordinates[1], distances


def mean_loss(network: Network, X: Floats, Y: Floats, evaluator: Evaluator | None = None) -> float:
    """Return L, the mean loss over the samples, penalty excluded; infinite or NaN where the network overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        return (evaluator or NumpyEvaluator()).mean_loss(network, X, Y)


def mean_losses(
    architecture: Architecture, points: Floats, X: Floats, Y: Floats, evaluator: Evaluator | None = None
) -> Floats:
    """Return :func:`mean_loss` at each of ``points (n, P)``, (n,), to the bit, but with few calls for many points."""
    if evaluator is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            return evaluator.mean_losses(architecture, points, X, Y)
    widest = max(layer.fan_out for layer in architecture.layers)
    together = max(1, MAX_NUMBERS // (max(len(X), 1) * widest))
    losses: list[float] = []
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, len(points), together):
            losses += _mean_losses(architecture, points[first : first + together], X, Y)
    return np.array(losses)


def _mean_losses(architecture: Architecture, points: Floats, X: Floats, Y: Floats) -> list[float]:
    count, entry = len(points), LOSSES[architecture.loss]
    A, Z = X, X
    for layer, mask in zip(architecture.layers, architecture.evaluation_masks, strict=True):
        D = A if isinstance(mask, float) and mask == 1.0 else A * mask
        W = points[:, layer.weights].reshape(count, *layer.shape)
        Z = (D @ W + points[:, np.newaxis, layer.bias]).reshape(-1, layer.fan_out)
        alphas, function = points[:, layer.alpha_index], layer.activation_entry.function
        if (alphas == alphas[0]).all():
            A = function(Z, float(alphas[0]))
        else:
            A = np.concatenate(
                [function(part, float(each)) for part, each in zip(np.split(Z, count), alphas, strict=True)]
            )
        A = A.reshape(count, len(X), layer.fan_out)
    values = entry.value(A.reshape(Z.shape) if entry.takes == "activation" else Z, np.tile(Y, (count, 1)))
    return [float(row.sum()) / len(Y) for row in values.reshape(count, len(Y))]


def random_direction(network: Network, *, rng: np.random.Generator) -> Floats:
    """Return a random direction (P,), scaled so that each neuron's part has the norm of its weights and bias.

    A step of length 1 then changes large and small neurons alike (filter normalization: Li et al. 2018, "Visualizing the
    loss landscape of neural nets"). The entries of α are 0.
    """
    direction = np.zeros(network.architecture.size)
    for index, layer in enumerate(network.architecture.layers):
        own = np.vstack([network.weights(index), network.bias(index)])
        drawn = rng.normal(size=own.shape)
        drawn *= np.linalg.norm(own, axis=0) / np.linalg.norm(drawn, axis=0)
        direction[layer.weights] = drawn[:-1].ravel()
        direction[layer.bias] = drawn[-1]
    return direction


def path_directions(path: Floats) -> tuple[Floats, Floats]:
    """Return the two orthonormal directions, each (P,), of largest variance of ``path (T, P)``, the larger first.

    They are the principal components of the points (Li et al. 2018), oriented so that the path comes from negative
    coordinates. For a straight path the second is an arbitrary orthogonal direction.
    """
    moved = path - path[-1]
    first, second = _components(moved - moved.mean(axis=0))
    return _oriented(moved, first), _oriented(moved, second)


def _components(moved: Floats) -> tuple[Floats, Floats]:
    """Return the two right singular vectors, each (P,), with the largest singular values of ``moved (T, P)``."""
    if len(moved) < moved.shape[1]:
        # From the T × T matrix of inner products, twenty times as fast as the decomposition; but it squares the values.
        squares, left = np.linalg.eigh(moved @ moved.T)
        if squares.size > 1 and squares[-2] > MIN_SQUARE * squares[-1]:
            first = moved.T @ left[:, -1]
            first /= norm(first)
            second = moved.T @ left[:, -2]
            second -= (second @ first) * first
            return first, second / norm(second)
    rows = np.linalg.svd(np.vstack([moved, np.zeros((2, moved.shape[1]))]), full_matrices=False)[2]
    return rows[0], rows[1]


def _oriented(moved: Floats, direction: Floats) -> Floats:
    """Return ``direction`` or its opposite, along which the points ``moved (T, P)`` are negative on average."""
    return -direction if float((moved @ direction).sum()) > 0.0 else direction


def _losses(network: Network, X: Floats, Y: Floats, directions: Floats, coordinates: Floats) -> Floats:
    """Return L at parameters + coordinates @ directions for ``directions (k, P)``, ``coordinates (n, k)``, (n,).

    Layers before the first one that changes are computed once, and so are the terms of its Z = Z₀ + Σ_k c_k · (A · dW_k +
    db_k), whose inputs do not change. Later layers process the points as additional samples.
    """
    architecture = network.architecture
    if directions.shape[1] != architecture.size:
        raise ShapeError(f"expected directions of {architecture.size} numbers, got {directions.shape[1]}")
    moving = [index for index, layer in enumerate(architecture.layers) if directions[:, layer.start : layer.stop].any()]
    first = moving[0] if moving else len(architecture.layers) - 1
    widest = max(layer.fan_out for layer in architecture.layers[first:])
    together = max(1, MAX_NUMBERS // (max(len(X), 1) * widest))
    with np.errstate(over="ignore", invalid="ignore"):
        trace = network.forward(X)
        parts = [
            _from_layer(network, Y, first, trace.inputs[first], directions, coordinates[start : start + together])
            for start in range(0, len(coordinates), together)
        ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _from_layer(network: Network, Y: Floats, first: int, D: Floats, directions: Floats, coordinates: Floats) -> Floats:
    """Return the losses (m,) at ``coordinates (m, k)``, given the inputs ``D (B, D_in)`` of layer ``first``."""
    architecture, count = network.architecture, len(coordinates)
    masks = architecture.evaluation_masks
    A: Floats = D
    Z: Floats = D
    for index in range(first, len(architecture.layers)):
        layer = architecture.layers[index]
        if index == first:
            Z = _moved_first(network, layer, D, directions, coordinates)
        else:
            Z = _moved(network, layer, A * masks[index], directions, coordinates)
        Z = Z.reshape(-1, layer.fan_out)
        A = _activated(network, layer, Z, directions, coordinates)
    entry = LOSSES[architecture.loss]
    losses = entry.value(A if entry.takes == "activation" else Z, np.tile(Y, (count, 1)))
    means: Floats = losses.reshape(count, len(Y)).sum(axis=1) / len(Y)
    return means


def _moved_first(network: Network, layer: Layer, D: Floats, directions: Floats, coordinates: Floats) -> Floats:
    flat = network.parameters
    Z = D @ flat[layer.weights].reshape(layer.shape) + flat[layer.bias]
    slopes = np.stack([D @ row[layer.weights].reshape(layer.shape) + row[layer.bias] for row in directions])
    moved: Floats = Z + np.tensordot(coordinates, slopes, axes=1)
    return moved


def _moved(network: Network, layer: Layer, D: Floats, directions: Floats, coordinates: Floats) -> Floats:
    """Return Z for ``D (m·B, D_in)``, which stacks the samples of all points."""
    flat, own = network.parameters, directions[:, layer.start : layer.bias.stop]
    if not own.any():
        return D @ flat[layer.weights].reshape(layer.shape) + flat[layer.bias]
    count = len(coordinates)
    points = flat[layer.start : layer.bias.stop] + coordinates @ own
    W = points[:, : layer.fan_in * layer.fan_out].reshape(count, *layer.shape)
    b = points[:, layer.fan_in * layer.fan_out :]
    return D.reshape(count, -1, layer.fan_in) @ W + b[:, np.newaxis]


def _activated(network: Network, layer: Layer, Z: Floats, directions: Floats, coordinates: Floats) -> Floats:
    """Return φ(Z), with one α per point if α changes (PReLU)."""
    alpha, own = float(network.parameters[layer.alpha_index]), directions[:, layer.alpha_index]
    if not own.any():
        return layer.activation_entry.function(Z, alpha)
    points = zip(np.split(Z, len(coordinates)), alpha + coordinates @ own, strict=True)
    return np.concatenate([layer.activation_entry.function(part, float(each)) for part, each in points])
