"""Data for the race card: a surface with contour lines, and the racers' paths on it at their true losses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from contourpy import contour_generator
from msgspec import Struct

from core.analysis.loss_surface import PLANES
from core.analysis.race import Racer, Run, race, three_racers
from core.analysis.surfaces import SURFACES, Surface
from core.arrays import Floats, Integers
from core.engine.engine_choice import EngineChoice
from core.training.many_runs.network_race import NetworkRace
from playground.plots.landscape.data import axis_names, digest
from playground.plots.race.extent import wider
from playground.plots.race.objective_menu import NETWORK
from playground.style.numbers import short, thousands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.network.architecture import Architecture
    from core.training.many_runs.network_race import NetworkRun
    from core.training.snapshot import Snapshot
    from playground.worker.background import Advance

MAX_RACERS: Final = 6
SIDE: Final = 81
LEVELS: Final = 14
STEPS: Final = 1000
"""Number of steps of a race on a surface."""

NETWORK_STEPS: Final = 1000
MIN_NETWORK_STEPS: Final = 30
NETWORK_WORK: Final = 1.5e10
"""Maximum number of multiplications of a race on a network, which limits its steps."""

NETWORK_SIDE: Final = (9, 41)
PLANE_WORK: Final = 6e8
"""Maximum number of multiplications for the losses on the plane, which limits its resolution."""

MOMENTUM_SHARE: Final = 0.1
"""Learning rate of the default racer with momentum on a surface, relative to that of the others."""

DEFAULT_BATCH: Final = 10

_FLOOR: Final = 1e-12
"""Smallest value above the base on the logarithmic scale."""


class Trajectory(Struct, frozen=True, eq=False):
    """One racer's path.

    Attributes:
        racer: its settings.
        name: displayed name.
        steps: step of each point, (T,), ascending from 0.
        points: coordinates on the plane, (T, 2); not finite after divergence.
        values: true loss (or f) at each point, (T,).
        curve: loss (or f) after every step, (n + 1,).
        detours: path length ÷ distance from the start after every step, (n + 1,).
        distances: distance of each point from the plane, (T,).
        arrival: the first step at the target; ``None`` if it was not reached.
        diverged: whether a value became non-finite.
        minimum: index of the minimum reached on a surface; −1 for none.
    """

    racer: Racer
    name: str
    steps: Integers
    points: Floats
    values: Floats
    curve: Floats
    detours: Floats
    distances: Floats
    arrival: int | None
    diverged: bool
    minimum: int = -1

    def seen(self, step: int) -> int:
        """Return the number of points up to ``step``."""
        return int(np.searchsorted(self.steps, step, side="right"))

    def detour_at(self, step: int) -> float:
        """Return path length ÷ distance up to ``step`` or the arrival, whichever is earlier."""
        at = min(step, len(self.detours) - 1, self.arrival if self.arrival is not None else step)
        return float(self.detours[at])


class PlaneAxes(Struct, frozen=True, eq=False):
    """Where the plane of a race on a network lies: its origin, and the directions of both axes, each (P,)."""

    origin: Floats
    first: Floats
    second: Floats


class RaceData(Struct, frozen=True, eq=False):
    """Data of the race card.

    Attributes:
        objective: ``NETWORK`` or a key in ``SURFACES``.
        label: displayed name of the objective.
        names: names of the two axes.
        short_names: shorter names of the two axes.
        value_name: ``loss`` or ``f``.
        start: common starting point, (x, y).
        x: coordinates of the grid's columns, (n,).
        y: coordinates of the grid's rows, (m,).
        grid: loss or f on the grid, (m, n).
        base: offset of the logarithmic heights.
        lowest: the lowest known value, the offset of the logarithmic curves.
        contours: lines of equal height, each (k, 2).
        minima: known minima, (k, 2).
        trajectories: one per racer.
        steps: number of steps of the whole race.
        done: number of steps computed so far.
        goal: the target loss; ``None`` on a surface, where the target is a minimum.
        axes: where the plane lies; ``None`` on a surface.
    """

    objective: str
    label: str
    names: tuple[str, str]
    short_names: tuple[str, str]
    value_name: str
    start: tuple[float, float]
    x: Floats
    y: Floats
    grid: Floats
    base: float
    lowest: float
    contours: tuple[Floats, ...]
    minima: Floats
    trajectories: tuple[Trajectory, ...]
    steps: int
    done: int
    goal: float | None
    axes: PlaneAxes | None = None

    @property
    def plane(self) -> str:
        """What the axes are: the surface, or the directions in the space of the weights."""
        return self.objective if self.axes is None else digest(self.axes.first, self.axes.second)

    @property
    def heights(self) -> Floats:
        """Heights of the grid, (m, n)."""
        return self.heights_of(self.grid)

    def heights_of(self, values: Floats) -> Floats:
        """Return log₁₀ of ``values`` above the base; NaN where they are not finite."""
        with np.errstate(invalid="ignore"):
            return np.where(np.isfinite(values), np.log10(np.maximum(values - self.base, _FLOOR)), np.nan)

    def value_of(self, height: float) -> float:
        """Return the loss or f at ``height``."""
        return float(10.0**height) + self.base


def arrival_of(trajectory: Trajectory, step: int) -> str:
    """Return the step at which ``trajectory`` arrived, if not later than ``step``, or its loss at ``step``."""
    if trajectory.arrival is not None and trajectory.arrival <= step:
        return thousands(trajectory.arrival)
    last = len(trajectory.curve) - 1
    if trajectory.diverged and (step >= last or not math.isfinite(float(trajectory.curve[step]))):
        return "diverged"
    return f"at {short(float(trajectory.curve[min(step, last)]), 2)}"


def results_at(data: RaceData, step: int) -> list[tuple[str, str]]:
    """Return when each racer arrived and its path ÷ distance at ``step``, as the table shows them."""
    detours = [each.detour_at(step) for each in data.trajectories]
    texts = [short(detour, 2) if math.isfinite(detour) else "–" for detour in detours]
    return [(arrival_of(each, step), text) for each, text in zip(data.trajectories, texts, strict=True)]


def outcome(trajectory: Trajectory, step: int) -> str:
    """Return :func:`arrival_of` in a form that needs no heading."""
    text = arrival_of(trajectory, step)
    return f"step {text}" if trajectory.arrival is not None and trajectory.arrival <= step else text


def surface_racers(surface: Surface) -> tuple[Racer, ...]:
    """Return the default racers on ``surface``."""
    return three_racers(surface.learning_rate, DEFAULT_BATCH, MOMENTUM_SHARE * surface.learning_rate)


def network_racers(snapshot: Snapshot) -> tuple[Racer, ...]:
    """Return the default racers on the network of ``snapshot``, at its learning rate and batch size."""
    training = snapshot.experiment.training
    return three_racers(training.learning_rate, training.batch_size or DEFAULT_BATCH, training.learning_rate)


def race_data(
    key: str, start: tuple[float, float] | None, racers: tuple[Racer, ...] | None = None, *, whole: bool = False
) -> RaceData:
    """Return the race on surface ``key`` from ``start``; the surface has a default start and default racers.

    The grid covers the surface's domain and, with ``whole``, the paths that leave it.
    """
    surface = SURFACES[key]
    origin = surface.start if start is None else start
    runs = race(surface, racers or surface_racers(surface), origin, STEPS, 1)
    ranges = (surface.x_range, surface.y_range)
    if whole:
        ranges = wider(ranges, np.concatenate([run.path for run in runs]))
    x, y = (np.linspace(*each, SIDE) for each in ranges)
    values = surface.function(*np.meshgrid(x, y))
    lowest = float(values.min())
    # Keep the logarithm finite: the minimum lies 0.1 % of the range above the offset.
    base = lowest - 1e-3 * float(values.max() - lowest)
    minima = np.array(surface.minima)
    deepest = float(surface.function(minima[:, 0], minima[:, 1]).min())
    return RaceData(
        objective=key,
        label=surface.label,
        names=("x", "y"),
        short_names=("x", "y"),
        value_name="f",
        start=origin,
        x=x,
        y=y,
        grid=values,
        base=base,
        lowest=deepest,
        contours=_contours(x, y, np.log10(values - base)),
        minima=minima,
        trajectories=tuple(map(_surface_trajectory, runs)),
        steps=STEPS,
        done=STEPS,
        goal=None,
    )


def _surface_trajectory(run: Run) -> Trajectory:
    steps = np.arange(len(run.path))
    return Trajectory(
        racer=run.racer,
        name=run.racer.name,
        steps=steps,
        points=run.path,
        values=run.heights,
        curve=run.heights,
        detours=run.detours,
        distances=np.zeros(len(steps)),
        arrival=run.arrival,
        diverged=run.diverged,
        minimum=run.minimum,
    )


def steps_for(architecture: Architecture, samples: int, racers: int) -> int:
    """Return the number of steps of a race on a network: fewer for large networks."""
    work = 6.0 * max(samples, 1) * architecture.size * racers
    return int(np.clip(NETWORK_WORK / work, MIN_NETWORK_STEPS, NETWORK_STEPS))


def network_race(snapshot: Snapshot, racers: tuple[Racer, ...], start: Floats | None) -> NetworkRace:
    """Return a new race of ``racers`` on the network of ``snapshot`` from ``start``, by default its initial weights."""
    steps = steps_for(snapshot.network.architecture, len(snapshot.data.x_train), len(racers))
    engine: EngineChoice = "compiled" if snapshot.engine == "compiled" else "numpy"
    return NetworkRace(snapshot.experiment, snapshot.data, racers, steps, start=start, engine=engine)


def whole_race(
    snapshot: Snapshot, racers: tuple[Racer, ...], start: Floats | None, advance: Advance
) -> RaceData | None:
    """Return the finished race of ``racers`` on the network of ``snapshot``; ``None`` if cancelled."""
    running = network_race(snapshot, racers, None if start is None else start.copy())
    while not running.is_over:
        if not advance(running.step, running.steps):
            return None
        running.advance(running.stride)
    return network_race_data(running, snapshot, next(iter(PLANES)), (0, 0), advance)


def is_same_race(data: RaceData, other: RaceData) -> bool:
    """Return whether every racer has the same losses in both, as far as they are known."""
    pairs = [(a.curve, b.curve) for a, b in zip(data.trajectories, other.trajectories, strict=False)]
    return all(np.array_equal(a[: len(b)], b[: len(a)], equal_nan=True) for a, b in pairs)


def network_race_data(
    running: NetworkRace,
    snapshot: Snapshot,
    choice: str,
    pair: tuple[int, int],
    advance: Advance,
    also: Sequence[Floats] = (),
) -> RaceData | None:
    """Return ``running`` so far on the plane ``choice``; ``None`` if cancelled.

    Args:
        running: the race.
        snapshot: the state of the network, from which the axes have their names.
        choice: key in ``PLANES``.
        pair: flat indices of the two weights for the plane of two weights.
        advance: called between parts of the work; returns ``False`` to cancel.
        also: other points (T, P) that the plane covers.
    """
    runs = running.runs()
    size, samples = running.network.architecture.size, running.samples
    side = int(np.clip(math.sqrt(PLANE_WORK / (max(samples, 1) * size)), *NETWORK_SIDE))
    found = running.plane(runs, side, advance, choice, pair, also)
    if found is None:
        return None
    plane = found.plane
    names, short_names = axis_names(snapshot, choice, pair, found.explained, "the movement")
    start = (0.0, 0.0)
    if PLANES[choice].of_weights:
        start = (float(running.network.parameters[pair[0]]), float(running.network.parameters[pair[1]]))
    x, y, grid = start[0] + plane.first_offsets, start[1] + plane.second_offsets, plane.losses
    with np.errstate(invalid="ignore"):
        heights = np.where(np.isfinite(grid), np.log10(np.maximum(grid, _FLOOR)), np.nan)
    trajectories = tuple(
        _network_trajectory(run, points + start, distances)
        for run, points, distances in zip(runs, found.paths, found.distances, strict=True)
    )
    return RaceData(
        objective=NETWORK,
        label="This network",
        names=names,
        short_names=short_names,
        value_name="loss",
        start=start,
        x=x,
        y=y,
        grid=grid,
        base=0.0,
        lowest=0.0,
        contours=_contours(x, y, heights),
        minima=np.zeros((0, 2)),
        trajectories=trajectories,
        steps=running.steps,
        done=running.step,
        goal=running.goal,
        axes=PlaneAxes(running.network.parameters, plane.first, plane.second),
    )


def _network_trajectory(run: NetworkRun, points: Floats, distances: Floats) -> Trajectory:
    return Trajectory(
        racer=run.racer,
        name=run.racer.name,
        steps=run.steps,
        points=points,
        values=run.losses[run.steps],
        curve=run.losses,
        detours=run.detours,
        distances=distances,
        arrival=run.arrival,
        diverged=run.diverged,
    )


def _contours(x: Floats, y: Floats, heights: Floats) -> tuple[Floats, ...]:
    known = heights[np.isfinite(heights)]
    if known.size < 2 or not known.max() - known.min() > 1e-9:
        return ()
    levels = np.unique(np.quantile(known, np.linspace(0.02, 0.98, LEVELS))).tolist()
    generator = contour_generator(x=x, y=y, z=np.ma.masked_invalid(heights))
    return tuple(line for level in levels for line in cast("list[Floats]", generator.lines(level)))
