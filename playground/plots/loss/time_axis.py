"""The horizontal axes of the loss plot: epochs, updates, samples or seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.training.recorders.loss_curve import LossCurve


class TimeAxis(Struct, frozen=True):
    """A measure of training progress.

    Attributes:
        word: short name on the button, such as ``updates``.
        entry: menu entry, with an explanation.
        name: name of the axis in exported figures and in the readout.
        of: returns the positions of a curve's points, (n,), given the number of training samples.
    """

    word: str
    entry: str
    name: str
    of: Callable[[LossCurve, int], Floats]

    def marks(self, curve: LossCurve, samples: int) -> tuple[tuple[float, str], ...]:
        """Return the position and text of each mark of ``curve``."""
        if not len(curve.step):
            return ()
        steps = np.array([mark.step for mark in curve.marks])
        positions = np.interp(steps, curve.step, self.of(curve, samples))
        return tuple((position, mark.text) for position, mark in zip(positions.tolist(), curve.marks, strict=True))


def _seconds(curve: LossCurve, _samples: int) -> Floats:
    return np.zeros(len(curve.step)) if curve.seconds is None else curve.seconds


TIME_AXES: Final = (
    TimeAxis("epochs", "epochs – passes through the training set", "epoch", lambda curve, _: curve.epoch),
    TimeAxis("updates", "updates – steps of the optimizer, one per batch", "update", lambda curve, _: curve.step),
    TimeAxis(
        "samples",
        "samples – epochs × size of the training set",
        "samples seen",
        lambda curve, samples: curve.epoch * samples,
    ),
    TimeAxis("seconds", "seconds – time spent on updates, without pauses and drawing", "seconds", _seconds),
)
"""All axes, in menu order."""
