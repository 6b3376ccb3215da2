"""Relative errors of a gradient check on the edges, from grey (agreement) to the error colour on a log scale."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from core.arrays import Floats
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Layout

MIN_EXPONENT: Final = -12.0
MAX_EXPONENT: Final = -2.0
"""Exponents of ten at the ends of the scale."""

CHECKED: Final = 0.005
"""Strength of an error of 0 that was checked; a strength of 0 means not checked."""


class EdgeErrors(Struct, frozen=True, eq=False):
    """The result of a check.

    Attributes:
        parameters: (P,), parameters of the checked network.
        errors: (P,), the relative error of each gradient; NaN where it is undefined (a kink) or not checked.
    """

    parameters: Floats
    errors: Floats

    def hold_for(self, snapshot: Snapshot) -> bool:
        """Return whether ``snapshot`` shows the network that was checked."""
        now = snapshot.network.parameters
        return now is self.parameters or (now.shape == self.parameters.shape and bool((now == self.parameters).all()))


def error_strengths(
    errors: EdgeErrors | None, snapshot: Snapshot | None, layout: Layout, gap: int
) -> npt.NDArray[np.float32]:
    """Return (shown sources, shown targets): the position of each error on the scale, 0 … 1; exactly 0 where unknown."""
    a, b = layout.columns[gap], layout.columns[gap + 1]
    if errors is None or snapshot is None or gap >= len(snapshot.network.architecture.layers):
        return np.zeros((a.shown, b.shown), dtype=np.float32)
    architecture = snapshot.network.architecture
    if architecture.layers[gap].shape != (a.count, b.count) or len(errors.errors) != architecture.size:
        return np.zeros((a.shown, b.shown), dtype=np.float32)
    values = architecture.weights(errors.errors, gap)[a.first : a.first + a.shown, b.first : b.first + b.shown]
    with np.errstate(divide="ignore"):
        share = (np.log10(values) - MIN_EXPONENT) / (MAX_EXPONENT - MIN_EXPONENT)
    return np.where(np.isnan(values), 0.0, np.clip(share, CHECKED, 1.0)).astype(np.float32)
