"""Data for the race card: a surface with its contour lines, and the runs of all optimizers on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from contourpy import contour_generator

from core.analysis.race import Racer, Run, default_racers, race
from core.analysis.surfaces import SURFACES, Surface
from core.arrays import Floats
from playground.style.numbers import short, thousands

SIDE: Final = 81
LEVELS: Final = 14
STEPS: Final = 600


@dataclass(frozen=True, slots=True, eq=False)
class RaceData:
    """Data of the race card.

    Attributes:
        surface: the surface.
        start: common starting point, (x, y).
        x: coordinates of the grid's columns, (n,).
        y: coordinates of the grid's rows, (n,).
        heights: log₁₀ of the height above the lowest grid point, (n, n).
        contours: lines of equal height, each (k, 2).
        runs: one run per optimizer.
    """

    surface: Surface
    start: tuple[float, float]
    x: Floats
    y: Floats
    heights: Floats
    contours: tuple[Floats, ...]
    runs: tuple[Run, ...]

    @property
    def steps(self) -> int:
        """Number of steps of each run."""
        return len(self.runs[0].path) - 1


def race_data(key: str, start: tuple[float, float] | None, racers: tuple[Racer, ...] | None = None) -> RaceData:
    """Return the race on surface ``key`` from ``start``; the surface has a default start and default racers."""
    surface = SURFACES[key]
    x, y = np.linspace(*surface.x_range, SIDE), np.linspace(*surface.y_range, SIDE)
    values = surface.function(*np.meshgrid(x, y))
    lowest = float(values.min())
    # The offset is the smallest height that is distinguished from the minimum.
    heights = np.log10(values - lowest + 1e-3 * float(values.max() - lowest))
    levels = np.quantile(heights, np.linspace(0.02, 0.98, LEVELS))
    generator = contour_generator(x=x, y=y, z=heights)
    lines = tuple(line for level in np.unique(levels).tolist() for line in cast("list[Floats]", generator.lines(level)))
    origin = surface.start if start is None else start
    runs = race(surface, racers or default_racers(surface), origin, STEPS, 1)
    return RaceData(surface, origin, x, y, heights, lines, runs)


def outcome(run: Run) -> str:
    """Return a short description of how ``run`` ended."""
    if run.diverged:
        return "diverged"
    if run.arrival is None:
        return "no minimum reached"
    return f"step {thousands(run.arrival)} · detour {short(run.detour, 2)} ×"


def race_sentences(data: RaceData) -> tuple[str, ...]:
    """Return sentences on which optimizer arrived first and which did not arrive, longest first."""
    arrived = sorted((run for run in data.runs if run.arrival is not None), key=lambda run: run.arrival or 0)
    if not arrived:
        return (f"no optimizer reaches a minimum within {thousands(data.steps)} steps", "no minimum reached")
    first = arrived[0]
    lead = f"first to reach a minimum: {first.racer.label}, step {thousands(first.arrival or 0)}"
    missing = len(data.runs) - len(arrived)
    minima = {run.minimum for run in arrived}
    found = "all reach the same one" if len(minima) == 1 else f"{len(minima)} different minima reached"
    rest = f"{missing} of {len(data.runs)} reach none" if missing else found
    return (f"{lead}; {rest}", lead, first.racer.label)
