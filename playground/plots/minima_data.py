"""What the minima card shows: which minimum an optimizer ends in from each start on a surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analysis.race import Racer, default_racers
from core.analysis.surfaces import SURFACES, Surface, minima_found
from core.arrays import Booleans, Floats, Integers
from core.random_streams import stream
from playground.style.numbers import percent, short

SIDE: Final = 61
STEPS: Final = 800


@dataclass(frozen=True, slots=True, eq=False)
class MinimaData:
    """What is drawn.

    Attributes:
        surface: where the runs descend.
        racer: with which optimizer.
        x: coordinates of the columns of starts, (n,).
        y: coordinates of the rows of starts, (n,).
        basins: index of the minimum that is reached from each start, −1 for none, (n, n).
        depths: height of each minimum, (k,), in the surface's order: the lowest first.
    """

    surface: Surface
    racer: Racer
    x: Floats
    y: Floats
    basins: Integers
    depths: Floats

    @property
    def shares(self) -> Floats:
        """Return the share of starts that reach each minimum, (k,)."""
        counts = np.bincount(self.basins[self.basins >= 0], minlength=len(self.depths))
        return np.asarray(counts / self.basins.size)

    @property
    def is_lowest(self) -> Booleans:
        """Return which minima are as deep as the deepest, (k,)."""
        return np.asarray(np.isclose(self.depths, self.depths.min(), rtol=1e-6, atol=1e-9))


def minima_data(key: str, label: str | None = None) -> MinimaData:
    """Return where the racer called ``label`` (by default the first) ends on surface ``key``, from a grid of starts."""
    surface = SURFACES[key]
    racers = default_racers(surface)
    racer = next((each for each in racers if each.label == label), racers[0])
    x, y = np.linspace(*surface.x_range, SIDE), np.linspace(*surface.y_range, SIDE)
    starts = np.column_stack([each.ravel() for each in np.meshgrid(x, y)])
    found = minima_found(
        surface,
        racer.optimizer,
        starts,
        racer.learning_rate,
        racer.momentum,
        STEPS,
        racer.noise,
        rng=stream(1, "minima noise"),
    )
    places = np.array(surface.minima)
    depths = surface.function(places[:, 0], places[:, 1])
    # Known to 15 digits, a minimum of depth 0 comes out at about the square of the rounding error.
    depths = np.where(np.abs(depths) < 1e-12, 0.0, depths)
    return MinimaData(surface, racer, x, y, found.reshape(SIDE, SIDE), depths)


def minima_sentences(data: MinimaData) -> tuple[str, ...]:
    """Return how many starts lead to the lowest minimum, longest form first."""
    shares = data.shares
    best, lost = float(shares[data.is_lowest].sum()), 1.0 - float(shares.sum())
    which = "the minimum" if len(shares) == 1 else "a lowest minimum"
    text = f"{percent(best, 0)} of the starts reach {which}"
    if lost > 0.005:
        return (f"{text}; {percent(lost, 0)} reach none within {STEPS} steps", text)
    if best < 0.995:
        worst = float(data.depths[shares > 0].max())
        return (f"{text}; the others end in poorer ones, up to f = {short(worst, 3)}", text)
    return (text,)
