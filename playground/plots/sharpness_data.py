"""Data for the sharpness card: the largest curvature of the loss along the training path, and the stability limit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analysis.sharpness import Hessian, sharpness
from core.arrays import Floats, Integers
from core.formulas.optimizers import OPTIMIZERS
from core.network import Network
from core.training.snapshot import Snapshot
from playground.style.numbers import short
from playground.worker.background import Advance

MAX_POINTS: Final = 40
"""Maximum number of points of the path at which the curvature is computed."""

EDGE_OF_STABILITY: Final = (0.8, 1.2)
"""Range of α·λ_max/2 that counts as the edge of stability."""


@dataclass(frozen=True, slots=True, eq=False)
class SharpnessData:
    """The curvature over a run.

    Attributes:
        steps: step of each value, (n,), the current step last.
        values: λ_max at each step, (n,); NaN where the loss is not finite.
        rate: the learning rate α.
        is_plain: whether the optimizer's update is −α·gradient, for which the limit holds.
    """

    steps: Integers
    values: Floats
    rate: float
    is_plain: bool

    @property
    def limit(self) -> float:
        """2/α, the curvature above which plain gradient descent diverges."""
        return 2.0 / self.rate

    @property
    def share(self) -> float:
        """Current α·λ_max/2; above 1, plain gradient descent diverges along the sharpest direction."""
        return float(self.values[-1]) / self.limit


def sharpness_data(snapshot: Snapshot, known: Mapping[int, float], advance: Advance) -> SharpnessData | None:
    """Return the curvature at points of the path of ``snapshot``; ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        known: previously computed curvatures by step.
        advance: called between points; returns ``False`` to cancel.
    """
    path, settings = snapshot.path, snapshot.experiment.training
    chosen = np.unique(np.linspace(0, len(path.points) - 1, min(MAX_POINTS, len(path.points))).round().astype(np.int64))
    # Keep all known points: otherwise the curve would change with the choice of points.
    indices = [index for index in range(len(path.points)) if index in chosen or int(path.steps[index]) in known]
    points = [(int(path.steps[index]), path.points[index]) for index in indices]
    if not points or points[-1][0] != snapshot.step:
        points.append((snapshot.step, snapshot.network.parameters))
    values = []
    for number, (step, parameters) in enumerate(points):
        if not advance(number, len(points)):
            return None
        values.append(known[step] if step in known else curvature_at(snapshot, parameters))
    return SharpnessData(
        np.array([step for step, _ in points], dtype=np.int64),
        np.array(values),
        settings.learning_rate,
        OPTIMIZERS[settings.optimizer].plain,
    )


def curvature_at(snapshot: Snapshot, parameters: Floats) -> float:
    """Return λ_max of the loss with L2 at ``parameters``, over the samples of the snapshot's trace."""
    count = len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:count], snapshot.data.y_train[:count]
    network = Network(snapshot.network.architecture, parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        hessian = Hessian(network, X, Y, l2=snapshot.experiment.training.l2)
        return sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue


def sharpness_sentences(data: SharpnessData) -> tuple[str, ...]:
    """Return sentences that compare the learning rate with the stability limit, longest first."""
    value = float(data.values[-1])
    if not math.isfinite(value):
        return ("the loss has no finite curvature here", "not finite")
    if value <= 0.0:
        return ("no direction of positive curvature, so no stability limit", "no stability limit")
    limit, rate = short(2.0 / value, 2), short(data.rate, 2)
    suffix = "" if data.is_plain else " of plain gradient descent"
    if EDGE_OF_STABILITY[0] <= data.share <= EDGE_OF_STABILITY[1]:
        text = f"at the edge of stability{suffix}: α = {rate}, 2/λ = {limit}"
        return (text, "at the edge of stability")
    if data.share > 1.0:
        text = f"α = {rate} is {short(data.share, 2)} × the stability limit{suffix}, 2/λ = {limit}"
        return (text, f"{short(data.share, 2)} × the stability limit")
    text = f"α = {rate} is {short(1.0 / data.share, 2)} × below the stability limit{suffix}, 2/λ = {limit}"
    return (text, f"stability limit 2/λ = {limit}", f"2/λ = {limit}")
