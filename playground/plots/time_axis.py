"""Ways to count how far training has come, for the horizontal axis of the loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.arrays import Floats
from core.training.loss_curve import LossCurve


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """One way to count.

    Attributes:
        word: name in the switch, such as ``updates``.
        entry: menu entry, with what it counts.
        name: name of the axis in exported pictures, and of a value in the read-out.
        of: returns where the points of a curve lie, (n,), given the number of training samples.
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
        places = np.interp(steps, curve.step, self.of(curve, samples))
        return tuple((place, mark.text) for place, mark in zip(places.tolist(), curve.marks, strict=True))


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
"""Every way to count, in menu order."""
