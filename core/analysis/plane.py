"""Activations of every neuron over a plane through the input space, for the heat maps and the decision map."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.engine.evaluation import Evaluator
from core.network import Network

GRID_BUDGET: Final = 150_000
"""Maximum number of neurons × grid points per plane while training."""

WEIGHT_BUDGET: Final = 2_000_000_000
"""Maximum number of weights × grid points per plane, which takes about a second."""

QUICK_WORK: Final = 200_000_000
"""The same for a plane that takes a few hundredths of a second."""

MIN_SIDE: Final = 12
LIVE_SIDES: Final = (24, 64)
STILL_SIDE: Final = 100

MAX_INPUTS: Final = 12
"""Maximum number of inputs of data with a plane, which excludes images."""


class Plane(Struct, frozen=True):
    """Activations of every neuron over a rectangle of the input space.

    Attributes:
        axes: the two inputs that span the plane (columns of the raw inputs); the others are fixed at their training mean.
            Data with one input has ``(0, 0)`` and one row.
        x: (columns,), coordinates of the columns.
        y: (rows,), coordinates of the rows, from bottom to top.
        features: (rows, columns, D_in), the features at each point.
        activations: for each layer (rows, columns, D_out), with row i at ``y[i]`` and column j at ``x[j]``.
    """

    axes: tuple[int, int]
    x: Floats
    y: Floats
    features: Floats
    activations: tuple[Floats, ...]


def has_plane(data: PreparedData) -> bool:
    """Return whether ``data`` has few enough inputs to be shown on a plane."""
    return len(data.input_names) <= MAX_INPUTS


def default_axes(data: PreparedData) -> tuple[int, int]:
    """Return the two inputs that explain most of the target, by the ratio of explained to total variance."""
    inputs = len(data.input_names)
    if inputs <= 2:
        return (0, inputs - 1)
    X, target = data.positions_train, data.labels_train
    total = ((X - X.mean(axis=0)) ** 2).sum(axis=0)
    if data.task == "classification":
        groups = [X[target == label] for label in np.unique(target)]
        explained = np.sum([len(g) * (g.mean(axis=0) - X.mean(axis=0)) ** 2 for g in groups], axis=0)
    else:
        centred = target - target.mean()
        explained = (centred @ (X - X.mean(axis=0))) ** 2 / max(float(centred @ centred), 1e-300)
    share = np.divide(explained, total, out=np.zeros(inputs), where=total > 0)
    first, second = sorted(np.argsort(share)[-2:])
    return int(first), int(second)


def live_side(network: Network) -> int:
    """Return the number of grid points per side while training: fewer for large networks."""
    low, high = LIVE_SIDES
    return min(int(np.clip(np.sqrt(GRID_BUDGET / network.architecture.units), low, high)), still_side(network))


def still_side(network: Network) -> int:
    """Return the number of grid points per side while paused: fewer for networks of millions of weights."""
    weights = sum(layer.fan_in * layer.fan_out for layer in network.architecture.layers)
    return int(np.clip(np.sqrt(WEIGHT_BUDGET / weights), MIN_SIDE, STILL_SIDE))


def takes_long(network: Network) -> bool:
    """Return whether the plane of a paused network takes so long that a coarser one should be shown first."""
    weights = sum(layer.fan_in * layer.fan_out for layer in network.architecture.layers)
    return weights * still_side(network) ** 2 > QUICK_WORK


def plane_of(network: Network, data: PreparedData, axes: tuple[int, int], side: int, evaluator: Evaluator) -> Plane:
    """Return the activations of every neuron over a plane that covers the range of the data.

    Args:
        network: the network.
        data: the data, whose range is covered; inputs other than ``axes`` are fixed at their training mean.
        axes: the two inputs that span the plane.
        side: points per side.
        evaluator: computes the activations.
    """
    positions_train = data.positions_train
    centre = positions_train.mean(axis=0) if len(positions_train) else np.zeros(len(data.input_names))
    rows = 1 if len(centre) == 1 else side
    x = np.linspace(*data.domain_of(axes[0]), side)
    y = np.linspace(*data.domain_of(axes[1]), rows)
    positions = np.broadcast_to(centre, (rows, side, len(centre))).copy()
    positions[:, :, axes[1]] = y[:, None]
    positions[:, :, axes[0]] = x[None, :]
    features = data.features_of(positions.reshape(rows * side, -1))
    with np.errstate(over="ignore", invalid="ignore"):
        trace = evaluator.forward(network, features)
    activations = tuple(A.reshape(rows, side, -1) for A in trace.activations)
    return Plane(axes, x, y, features.reshape(rows, side, -1), activations)
