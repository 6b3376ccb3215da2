"""Run several optimizers from the same start on one surface: their paths, arrival times and detours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.analysis.surfaces import NEAR, Surface, descend
from core.arrays import Floats
from core.random_streams import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Racer:
    """One optimizer in a race.

    Attributes:
        label: displayed name.
        optimizer: key in ``OPTIMIZERS``.
        learning_rate: α.
        momentum: μ, if the rule has one.
        noise: standard deviation of the noise added to each component of the gradient, as from mini-batches.
    """

    label: str
    optimizer: str
    learning_rate: float
    momentum: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The result of one racer.

    Attributes:
        racer: the racer.
        path: (steps + 1, 2), starting with the start; infinite or NaN after divergence.
        heights: f at each point, (steps + 1,).
        arrival: the first step within ``NEAR`` of a known minimum; ``None`` for none.
        minimum: index of that minimum; −1 for none.
        detour: length of the path up to the arrival divided by the distance between its ends, 1 for a straight line; NaN
            if it overflows or nothing moved.
    """

    racer: Racer
    path: Floats
    heights: Floats
    arrival: int | None
    minimum: int
    detour: float

    @property
    def diverged(self) -> bool:
        """Whether the path contains a non-finite number."""
        return not bool(np.isfinite(self.path[-1]).all())


def default_racers(surface: Surface) -> tuple[Racer, ...]:
    """Return racers for ``surface``: plain descent with and without noise, with momentum, and adaptive rules.

    Adaptive rules move by about α in each direction whatever the slope, so their α is a fraction of the surface's width.
    """
    rate = surface.learning_rate
    pace = 0.01 * (surface.x_range[1] - surface.x_range[0])
    x, y = np.array(surface.start)
    steepness = float(np.hypot(*surface.gradient(x, y)))
    return (
        Racer(label="gradient descent", optimizer="sgd", learning_rate=rate),
        Racer(label="with noise", optimizer="sgd", learning_rate=rate, noise=0.3 * steepness),
        Racer(
            label="noise, momentum", optimizer="momentum", learning_rate=0.1 * rate, momentum=0.9, noise=0.3 * steepness
        ),
        Racer(label="momentum", optimizer="momentum", learning_rate=rate, momentum=0.9),
        Racer(label="RMSProp", optimizer="rmsprop", learning_rate=pace),
        Racer(label="Adam", optimizer="adam", learning_rate=pace),
    )


def race(
    surface: Surface, racers: tuple[Racer, ...], start: tuple[float, float], steps: int, seed: int
) -> tuple[Run, ...]:
    """Return the run of each of ``racers`` from ``start`` (x, y), with noise drawn from ``seed``."""
    runs = []
    for racer in racers:
        path = descend(
            surface,
            racer.optimizer,
            np.array(start),
            racer.learning_rate,
            racer.momentum,
            steps,
            racer.noise,
            rng=stream(seed, "race noise"),
        )
        runs.append(_run(surface, racer, path))
    return tuple(runs)


def _run(surface: Surface, racer: Racer, path: Floats) -> Run:
    with np.errstate(over="ignore", invalid="ignore"):
        heights = surface.function(path[:, 0], path[:, 1])
        away = np.linalg.norm(path[:, np.newaxis] - np.array(surface.minima), axis=2)
        nearest = away.min(axis=1)
        near = np.flatnonzero(nearest <= NEAR)
        arrival = int(near[0]) if len(near) else None
        way = path[: arrival + 1] if arrival is not None else path[np.isfinite(path).all(axis=1)]
        length = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
        distance = float(np.linalg.norm(way[-1] - way[0]))
    detour = length / distance if 0.0 < distance < np.inf else float("nan")
    return Run(racer, path, heights, arrival, int(away[arrival].argmin()) if arrival is not None else -1, detour)
