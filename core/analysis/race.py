"""Run several optimizers from the same start on one surface: their paths, arrival times and detours."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.analysis.surfaces import NEAR, Surface, descend
from core.arrays import Floats
from core.formulas.optimizers import OPTIMIZERS
from core.random_streams import stream


class Racer(Struct, frozen=True, kw_only=True):
    """One optimizer in a race.

    Attributes:
        label: displayed name; empty for one derived from the settings.
        optimizer: key in ``OPTIMIZERS``.
        learning_rate: α.
        momentum: μ, if the rule has one.
        batch_size: samples per update, 0 for the whole set; on a surface, see :func:`batch_noise`.
    """

    label: str = ""
    optimizer: str
    learning_rate: float
    momentum: float = 0.0
    batch_size: int = 0

    @property
    def name(self) -> str:
        """The label, or the optimizer and its batch size."""
        rule = OPTIMIZERS[self.optimizer]
        whole = "GD" if rule.plain else rule.label
        return self.label or (f"{rule.label}, batch {self.batch_size}" if self.batch_size else whole)


class Run(Struct, frozen=True, eq=False):
    """The result of one racer.

    Attributes:
        racer: the racer.
        path: the start and the point after each step, (steps + 1, 2); infinite or NaN after divergence.
        heights: f at each point, (steps + 1,).
        arrival: the first step within ``NEAR`` of a known minimum; ``None`` if there is none.
        minimum: index of that minimum; −1 for none.
        detours: length of the path so far divided by the distance from the start, at each point, (steps + 1,): 1 for a
            straight line; NaN if it overflows or nothing moved.
    """

    racer: Racer
    path: Floats
    heights: Floats
    arrival: int | None
    minimum: int
    detours: Floats

    @property
    def detour(self) -> float:
        """The detour up to the arrival, or to the end."""
        finite = np.flatnonzero(np.isfinite(self.path).all(axis=1))
        return float(self.detours[int(finite[-1]) if self.arrival is None else self.arrival])

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
    batch = 10
    return (
        Racer(label="gradient descent", optimizer="sgd", learning_rate=rate),
        Racer(label="with noise", optimizer="sgd", learning_rate=rate, batch_size=batch),
        Racer(label="noise, momentum", optimizer="momentum", learning_rate=0.1 * rate, momentum=0.9, batch_size=batch),
        Racer(label="momentum", optimizer="momentum", learning_rate=rate, momentum=0.9),
        Racer(label="RMSProp", optimizer="rmsprop", learning_rate=pace),
        Racer(label="Adam", optimizer="adam", learning_rate=pace),
    )


def three_racers(learning_rate: float, batch_size: int, momentum_rate: float) -> tuple[Racer, ...]:
    """Return descent on the whole set, on mini-batches, and on mini-batches with momentum 0.9 at ``momentum_rate``."""
    return (
        Racer(optimizer="sgd", learning_rate=learning_rate),
        Racer(optimizer="sgd", learning_rate=learning_rate, batch_size=batch_size),
        Racer(optimizer="momentum", learning_rate=momentum_rate, momentum=0.9, batch_size=batch_size),
    )


def batch_noise(surface: Surface, batch_size: int) -> float:
    """Return the standard deviation of each component of the gradient with batches of K: ‖∇f(start)‖/√K, 0 for K = 0.

    A surface has no samples. This is the standard deviation of a mean over K samples if that of one sample's gradient equals
    the norm of the gradient at the default start.
    """
    if not batch_size:
        return 0.0
    x, y = np.array(surface.start)
    return float(np.hypot(*surface.gradient(x, y)) / np.sqrt(batch_size))


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
            batch_noise(surface, racer.batch_size),
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
        detours = detours_of(path)
    arrival = int(near[0]) if len(near) else None
    return Run(racer, path, heights, arrival, int(away[arrival].argmin()) if arrival is not None else -1, detours)


def detours_of(path: Floats) -> Floats:
    """Return the length of ``path (T, P)`` up to each point divided by that point's distance from the first, (T,)."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    return detours(lengths, np.linalg.norm(path - path[0], axis=1))


def detours(lengths: Floats, distances: Floats) -> Floats:
    """Return ``lengths / distances`` (T,), NaN where that is undefined."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        shares = np.asarray(lengths / distances)
    return np.where(np.isfinite(shares) & (distances > 0.0) & np.isfinite(distances), shares, np.nan)
