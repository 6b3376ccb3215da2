"""Train copies of a network with different optimizers, from the same weights on the same samples in the same order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.analysis.landscape import LossPlane, mean_losses, plane, projected
from core.analysis.loss_surface import PLANES, Request, explained, rows_together
from core.analysis.race import Racer, detours
from core.arrays import Floats, Integers, norms
from core.engine.background_evaluator import background_evaluator
from core.engine.cost import max_evaluated_samples
from core.engine.engine_choice import EngineChoice
from core.engine.evaluation import Evaluator
from core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.data.prepared_data import PreparedData
    from core.experiment import Experiment
    from core.network import Network

Advance: TypeAlias = Callable[[int, int], bool]

MAX_NUMBERS: Final = 1_000_000
"""Maximum total size of one racer's recorded points; a large network has fewer points, but at least ten."""

MAX_PCA_POINTS: Final = 80
"""Maximum number of points per racer from which the plane is computed."""

PLANE_SEED: Final = 1
"""Seed of the random directions; fixed, so that the plane does not change during a race."""

STRIDE_PRODUCTS: Final = 1_000_000
"""Maximum samples × parameters × steps of one racer that are computed in one call."""

MAX_STRIDE: Final = 100
"""Maximum number of steps per call of the compiled engine."""

MAX_NUMPY_STRIDE: Final = 25
"""Maximum number of steps per call of the NumPy engine."""

MARGIN: Final = 0.15
"""Margin of the plane around all paths, relative to their extent."""


class NetworkRun(Struct, frozen=True, eq=False):
    """The run of one racer so far.

    Attributes:
        racer: its settings.
        steps: step of each recorded point, (T,), ascending from 0.
        points: the parameters there, (T, P).
        losses: mean training loss after each step, (n + 1,), penalty excluded.
        arrival: the first step at which the loss is at most the target; ``None`` if there is none.
        detours: length of the path so far divided by the distance from the start, after each step, (n + 1,).
        diverged: whether it stopped because a value became non-finite.
    """

    racer: Racer
    steps: Integers
    points: Floats
    losses: Floats
    arrival: int | None
    detours: Floats
    diverged: bool


class RacePlane(Struct, frozen=True, eq=False):
    """The loss on a plane, with the projections of all racers; its origin is the start.

    Attributes:
        plane: the losses.
        paths: coordinates of each racer's points, (T, 2).
        distances: their distances from the plane, (T,).
        explained: share of the squared distances from the start along each direction; 0 if no racer moved.
    """

    plane: LossPlane
    paths: tuple[Floats, ...]
    distances: tuple[Floats, ...]
    explained: tuple[float, float]


class _Runner:
    """One racer during the race."""

    def __init__(self, trainer: Trainer, racer: Racer, every: int, losses: Callable[[Floats], Floats]) -> None:
        self.racer, self._trainer, self._every, self._losses = racer, trainer, every, losses
        self._start = trainer.parameters
        self.diverged = False
        self.losses, self.lengths, self.distances = losses(self._start[np.newaxis]).tolist(), [0.0], [0.0]
        self.steps, self.points = [0], [trainer.parameters]

    def advance(self, steps: int) -> None:
        """Take ``steps`` steps, unless one diverges."""
        if self.diverged:
            return
        before, step, trail = self._trainer.parameters, self._trainer.step, list[Floats]()
        self.diverged = self._trainer.run(steps, trail=trail) is not None
        if not trail:
            return
        points = np.stack(trail)
        self.losses += self._losses(points).tolist()
        for moved in norms(np.diff(points, axis=0, prepend=before[np.newaxis])).tolist():
            self.lengths.append(self.lengths[-1] + moved)
        self.distances += norms(points - self._start).tolist()
        for number, point in enumerate(trail, start=step + 1):
            if number % self._every == 0:
                self.steps.append(number)
                self.points.append(point.copy())  # the points of a call may share one array

    def run(self, goal: float) -> NetworkRun:
        """Return what has happened so far."""
        losses = np.array(self.losses)
        near = np.flatnonzero(losses <= goal)
        return NetworkRun(
            self.racer,
            np.array(self.steps, dtype=np.int64),
            np.stack(self.points),
            losses,
            int(near[0]) if len(near) else None,
            detours(np.array(self.lengths), np.array(self.distances)),
            self.diverged,
        )


class NetworkRace:
    """Trains one network for each racer with :class:`Trainer`.

    Args:
        experiment: the settings, except each racer's own optimizer, learning rate, momentum and batch size.
        data: the samples.
        racers: the racers.
        steps: number of updates.
        share: target loss as a share of the loss at the start.
        start: the common parameters at the start, (P,); by default the initial ones.
        engine: the engine that computes the steps.

    Attributes:
        network: the network at the start.
        goal: the target loss.
    """

    def __init__(
        self,
        experiment: Experiment,
        data: PreparedData,
        racers: Sequence[Racer],
        steps: int,
        *,
        share: float = 0.5,
        start: Floats | None = None,
        engine: EngineChoice = "numpy",
    ) -> None:
        self._lock = threading.Lock()
        self.steps, self._step = steps, 0
        trainers = [Trainer(raced(experiment, racer), data, engine) for racer in racers]
        if start is not None:
            for trainer in trainers:
                trainer.parameters = start.copy()
        self.network: Network = trainers[0].network
        limit = max_evaluated_samples(self.network.architecture)
        self._X, self._Y = data.x_train[:limit], data.y_train[:limit]
        self._uses_numpy = engine == "numpy"
        self._evaluator: Evaluator | None = None
        size = self.network.architecture.size
        every = max(1, -(-steps // max(10, MAX_NUMBERS // size)))
        self._runners = [_Runner(*pair, every, self._losses) for pair in zip(trainers, racers, strict=True)]
        self.goal = share * self._runners[0].losses[0]

    def _losses(self, points: Floats) -> Floats:
        if self._evaluator is None and not self._uses_numpy:
            self._evaluator = background_evaluator(self.network.architecture)
        return mean_losses(self.network.architecture, points, self._X, self._Y, self._evaluator)

    @property
    def samples(self) -> int:
        """Number of samples over which losses are computed."""
        return len(self._X)

    @property
    def step(self) -> int:
        """Number of updates of every racer that has not diverged."""
        return self._step

    @property
    def is_over(self) -> bool:
        """Whether the race is finished."""
        return self._step >= self.steps

    @property
    def stride(self) -> int:
        """Number of steps to take per call: some milliseconds of work."""
        most = MAX_NUMPY_STRIDE if self._uses_numpy else MAX_STRIDE
        return int(np.clip(STRIDE_PRODUCTS // (max(self.samples, 1) * self.network.architecture.size), 1, most))

    def advance(self, steps: int = 1) -> None:
        """Make ``steps`` updates of every racer, or those that are left."""
        with self._lock:
            steps = min(steps, self.steps - self._step)
            for runner in self._runners:
                runner.advance(steps)
            self._step += steps

    def runs(self) -> tuple[NetworkRun, ...]:
        """Return what has happened so far."""
        with self._lock:
            return tuple(runner.run(self.goal) for runner in self._runners)

    def plane(
        self,
        runs: Sequence[NetworkRun],
        side: int,
        advance: Advance,
        choice: str = "path",
        pair: tuple[int, int] = (0, 0),
        also: Sequence[Floats] = (),
    ) -> RacePlane | None:
        """Return the loss on a plane through the start, with the paths of ``runs``; ``None`` if ``advance`` cancels.

        Args:
            runs: what has happened so far.
            side: number of points per side.
            advance: called between parts of the work; returns ``False`` to cancel.
            choice: key in ``PLANES``; ``path`` is the plane in which all racers together moved most.
            pair: flat indices of the two weights for the plane of two weights.
            also: other points (T, P) that the plane covers, such as paths of other runs.
        """
        origin, evaluator = self.network.parameters, background_evaluator(self.network.architecture)
        points = (*(each for run in runs for each in _some(run.points)), origin)
        request = Request(self.network, self._X, self._Y, points, pair, PLANE_SEED, side)
        first, second = PLANES[choice].directions(request)
        seen = [projected(run.points - origin, first, second) for run in runs]
        paths = tuple(np.column_stack(each[:2]) for each in seen)
        finite = [each[np.isfinite(each).all(axis=1)] for each in also]  # other points would spoil the solution for all
        others = [np.column_stack(projected(each - origin, first, second)[:2]) for each in finite]
        everything, reach = np.concatenate([*paths, *others]), PLANES[choice].reach
        everything = everything[np.isfinite(everything).all(axis=1)]
        offsets = [_offsets(everything[:, axis], side, reach) for axis in (0, 1)]
        strips, together = [], rows_together(self.network, self.samples, side)
        for row in range(0, side, together):
            if not advance(row, side):
                return None
            up = offsets[1][row : row + together]
            strips.append(plane(self.network, self._X, self._Y, first, second, offsets[0], up, evaluator).losses)
        moved = np.concatenate([run.points - origin for run in runs])
        shares = explained(moved, first, second) if moved.any() else (0.0, 0.0)
        losses = LossPlane(first, second, offsets[0], offsets[1], np.concatenate(strips))
        return RacePlane(losses, paths, tuple(each[2] for each in seen), shares)


def raced(experiment: Experiment, racer: Racer) -> Experiment:
    """Return ``experiment`` with the optimizer, learning rate, momentum and batch size of ``racer``."""
    training = replace(
        experiment.training,
        optimizer=racer.optimizer,
        learning_rate=racer.learning_rate,
        momentum=racer.momentum,
        batch_size=racer.batch_size,
    )
    return replace(experiment, training=training)


def _some(points: Floats) -> Floats:
    """Return at most about ``MAX_PCA_POINTS`` of ``points (T, P)``."""
    return points[:: max(1, -(-len(points) // MAX_PCA_POINTS))]


def _offsets(along: Floats, side: int, reach: float) -> Floats:
    """Return ``side`` offsets that cover the paths with a margin, and ``reach`` around the start."""
    low, high = float(along.min()), float(along.max())
    margin = MARGIN * (high - low) if high > low else (0.0 if reach else 1.0)
    return np.linspace(min(low - margin, -reach), max(high + margin, reach), side)
