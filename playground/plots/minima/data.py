"""Data for the minima card on a surface: the minimum that an optimizer reaches from each starting point."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.race import Racer, batch_noise, default_racers
from core.analysis.surfaces import SURFACES, Surface, minima_found
from core.arrays import Booleans, Floats, Integers
from core.random_streams import stream
from playground.style.numbers import percent, short

SIDE: Final = 61
STEPS: Final = 800


class MinimaData(Struct, frozen=True, eq=False):
    """Data of the minima card.

    Attributes:
        surface: the objective.
        racer: the optimizer and its settings.
        x: coordinates of the columns of starting points, (n,).
        y: coordinates of the rows of starting points, (n,).
        basins: index of the minimum reached from each starting point, −1 for none, (n, n).
        depths: value of each minimum, (k,), lowest first.
    """

    surface: Surface
    racer: Racer
    x: Floats
    y: Floats
    basins: Integers
    depths: Floats

    @property
    def shares(self) -> Floats:
        """Share of starting points that reach each minimum, (k,)."""
        counts = np.bincount(self.basins[self.basins >= 0], minlength=len(self.depths))
        return np.asarray(counts / self.basins.size)

    @property
    def is_lowest(self) -> Booleans:
        """Whether each minimum is a global minimum, (k,)."""
        return np.asarray(np.isclose(self.depths, self.depths.min(), rtol=1e-6, atol=1e-9))


def minima_data(key: str, label: str | None = None) -> MinimaData:
    """Run the optimizer labelled ``label`` (default: the first) on surface ``key`` from a grid of starting points."""
    surface = SURFACES[key]
    racers = default_racers(surface)
    racer = next((each for each in racers if each.label == label), racers[0])
    x, y = np.linspace(*surface.x_range, SIDE), np.linspace(*surface.y_range, SIDE)
    starts = np.column_stack([each.ravel() for each in np.meshgrid(x, y)])
    basins = minima_found(
        surface,
        racer.optimizer,
        starts,
        racer.learning_rate,
        racer.momentum,
        STEPS,
        batch_noise(surface, racer.batch_size),
        rng=stream(1, "minima noise"),
    )
    minima = np.array(surface.minima)
    depths = surface.function(minima[:, 0], minima[:, 1])
    # The minima are given to 15 digits, so a depth of 0 evaluates to about the square of the rounding error.
    depths = np.where(np.abs(depths) < 1e-12, 0.0, depths)
    return MinimaData(surface, racer, x, y, basins.reshape(SIDE, SIDE), depths)


def minima_sentences(data: MinimaData) -> tuple[str, ...]:
    """Return sentences on the share of starting points that reach a global minimum, longest first."""
    shares = data.shares
    best, lost = float(shares[data.is_lowest].sum()), 1.0 - float(shares.sum())
    which = "the minimum" if len(shares) == 1 else "a global minimum"
    text = f"{percent(best, 0)} of the starts reach {which}"
    if lost > 0.005:
        return (f"{text}; {percent(lost, 0)} reach none within {STEPS} steps", text)
    if best < 0.995:
        worst = float(data.depths[shares > 0].max())
        return (f"{text}; the others end in higher minima, up to f = {short(worst, 3)}", text)
    return (text,)
