"""What the sharpness card shows: the largest curvature of the loss along the path of training, and the speed limit."""

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
"""Points of the path at which the curvature is computed."""

EDGE: Final = (0.8, 1.2)
"""Between these shares of the speed limit descent is said to be at the edge of stability."""


@dataclass(frozen=True, slots=True, eq=False)
class SharpnessData:
    """The curvature over a run.

    Attributes:
        steps: updates made, (n,), the present ones last.
        values: λ_max there, (n,); NaN where the loss is not finite.
        rate: the learning rate α.
        is_plain: whether the optimizer's step is −α·gradient, for which the limit holds.
    """

    steps: Integers
    values: Floats
    rate: float
    is_plain: bool

    @property
    def limit(self) -> float:
        """Return 2/α, the curvature above which plain descent diverges."""
        return 2.0 / self.rate

    @property
    def share(self) -> float:
        """Return α·λ_max/2 at present: above 1 plain descent diverges along the sharpest direction."""
        return float(self.values[-1]) / self.limit


def sharpness_data(snapshot: Snapshot, known: Mapping[int, float], advance: Advance) -> SharpnessData | None:
    """Return the curvature at some points of the path of ``snapshot``; ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        known: curvatures that were computed before, by step.
        advance: called between the points.
    """
    path, settings = snapshot.path, snapshot.experiment.training
    chosen = np.unique(np.linspace(0, len(path.points) - 1, min(MAX_POINTS, len(path.points))).round().astype(np.int64))
    # What is known stays on show: else the curve would move with the choice of points.
    places = [index for index in range(len(path.points)) if index in chosen or int(path.steps[index]) in known]
    points = [(int(path.steps[index]), path.points[index]) for index in places]
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
    """Return λ_max of the loss with L2 at ``parameters``, over the samples that the snapshot looks at."""
    count = len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:count], snapshot.data.y_train[:count]
    network = Network(snapshot.network.architecture, parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        hessian = Hessian(network, X, Y, l2=snapshot.experiment.training.l2)
        return sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue


def sharpness_sentences(data: SharpnessData) -> tuple[str, ...]:
    """Return what the speed limit says of the learning rate, longest form first."""
    value = float(data.values[-1])
    if not math.isfinite(value):
        return ("the loss has no finite curvature here", "not finite")
    if value <= 0.0:
        return ("the loss curves downwards in every direction: no speed limit here", "no speed limit here")
    fastest, rate = short(2.0 / value, 2), short(data.rate, 2)
    whose = "" if data.is_plain else " of plain descent"
    if EDGE[0] <= data.share <= EDGE[1]:
        text = f"at the edge of stability{whose}: α = {rate} against 2/λ = {fastest}"
        return (text, "at the edge of stability")
    if data.share > 1.0:
        text = f"α = {rate} is {short(data.share, 2)} × the speed limit{whose}, 2/λ = {fastest}"
        return (text, f"{short(data.share, 2)} × the speed limit")
    text = f"α = {rate} is {short(1.0 / data.share, 2)} × below the speed limit{whose}, 2/λ = {fastest}"
    return (text, f"speed limit 2/λ = {fastest}", f"2/λ = {fastest}")
