"""Find minima of a network's loss: many restarts from other initial weights, grouped by the minimum they end in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.analysis.landscape import mean_loss
from core.analysis.race import Racer
from core.analysis.symmetry import canonical, distance, without_idle
from core.arrays import Floats, norm
from core.engine.cost import max_evaluated_samples
from core.engine.engine_choice import EngineChoice
from core.experiment import MAX_SEED
from core.network import Network
from core.training.many_runs.network_race import raced
from core.training.trainer import Trainer

if TYPE_CHECKING:
    from core.data.prepared_data import PreparedData
    from core.experiment import Experiment
    from core.network.architecture import Architecture

FINDER: Final = Racer(optimizer="adam", learning_rate=0.03)
"""The optimizer of the restarts: full-batch Adam, which also descends along flat valleys, so that runs end in minima."""

COOLING: Final = (1.0, 0.3, 0.1, 0.03)
"""The learning rate decreases through these factors, so that runs converge."""

SAME_LOSS: Final = 0.02
"""Relative difference of the losses above which two minima are distinct."""

SAME_WEIGHTS: Final = 0.1
"""Relative distance, up to order and signs of neurons, within which two restarts have found the same minimum."""


STILL_FALLING: Final = 0.02
"""Relative decrease of the loss in the last part of a restart above which it has not come to rest.

In the flat valleys of tanh outputs it is 0.06 to 0.1, however long the run; at minima it is below 0.003.
"""

FAR: Final = 1e3
"""Multiple of the loss of an all-zero network above which a restart is in no minimum: a constant output is far better.

Minima of bounded outputs are below 10; a diverged ReLU network ended at 10¹⁷².
"""

MIN_LOSS: Final = 1e-6
"""Lower bound on the loss of an all-zero network, which is 0 if the targets are."""

Fate: TypeAlias = Literal["ended", "diverged", "far"]
"""Whether a restart ended in a minimum or a valley, overflowed or rose far, or never came down from a huge initial loss."""


class Restart(Struct, frozen=True, eq=False):
    """The end of one restart.

    Attributes:
        seed: seed of its initial weights.
        parameters: (P,), in canonical form.
        loss: mean training loss there, penalty excluded.
        slope: norm of the gradient, which is small at a minimum.
        fall: relative decrease of the loss in the last part of the run, at the smallest learning rate.
        fate: how it ended.
    """

    seed: int
    parameters: Floats
    loss: float
    slope: float
    fall: float
    fate: Fate = "ended"

    @property
    def is_at_rest(self) -> bool:
        """Whether it has come to rest in a minimum, and not only slowed down in a valley."""
        return self.fate == "ended" and abs(self.fall) <= STILL_FALLING


class Minimum(Struct, frozen=True, eq=False):
    """One distinct minimum.

    Attributes:
        parameters: those of the lowest restart in it, (P,).
        loss: its loss.
        members: indices of the restarts that ended in it.
    """

    parameters: Floats
    loss: float
    members: tuple[int, ...]


class Restarting:
    """Trains from one start after another; the first has the experiment's own initial weights.

    Args:
        experiment: the settings; of the training settings, only loss, penalties and dropout are used.
        data: the samples.
        steps: number of updates of each restart.
        engine: the engine that computes them.
    """

    def __init__(
        self, experiment: Experiment, data: PreparedData, steps: int, *, engine: EngineChoice = "numpy"
    ) -> None:
        self._experiment, self._data, self._steps, self._engine = experiment, data, steps, engine

    def restart(self, index: int) -> Restart:
        """Return the end of restart ``index``."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self._restart(index)

    def _restart(self, index: int) -> Restart:
        seed = (self._experiment.network.seed + index) % (MAX_SEED + 1)
        network = replace(self._experiment.network, seed=seed)
        experiment = raced(replace(self._experiment, network=network), FINDER)
        # The gradient of the whole set does not depend on the order, which takes a fifth of the time to draw.
        experiment = replace(experiment, training=replace(experiment.training, shuffle=False))
        trainer = Trainer(experiment, self._data, self._engine)
        limit = max_evaluated_samples(trainer.architecture)
        X, Y = self._data.x_train[:limit], self._data.y_train[:limit]
        start = before = mean_loss(trainer.network, X, Y)
        stopped = False
        for share in COOLING:
            before = mean_loss(trainer.network, X, Y)
            training = replace(experiment.training, learning_rate=share * FINDER.learning_rate)
            trainer.apply(replace(experiment, training=training), self._data)
            if stopped := trainer.run(self._steps // len(COOLING)) is not None:
                break
        gradient = trainer.network.backward(trainer.network.forward(X), Y).flat
        parameters = canonical(trainer.architecture, trainer.parameters)
        loss = mean_loss(trainer.network, X, Y)
        level = FAR * max(mean_loss(Network(trainer.architecture, np.zeros(parameters.size)), X, Y), MIN_LOSS)
        fall = (before - loss) / max(before, 1e-300)
        return Restart(seed, parameters, loss, norm(gradient), fall, _fate(loss, start, level, stopped=stopped))


def _fate(loss: float, start: float, level: float, *, stopped: bool) -> Fate:
    """Return how a restart from loss ``start`` to ``loss`` ended; above ``level`` there are no minima."""
    if stopped or not np.isfinite(loss):
        return "diverged"
    if loss <= level:
        return "ended"
    return "diverged" if loss > start else "far"


def distinct_minima(architecture: Architecture, restarts: Sequence[Restart]) -> tuple[Minimum, ...]:
    """Return the distinct minima in which ``restarts`` ended, the lowest first; those that diverged are in none."""
    found: list[tuple[Restart, list[int]]] = []
    ended = [index for index, each in enumerate(restarts) if each.fate == "ended" and np.isfinite(each.loss)]
    for index in sorted(ended, key=lambda each: restarts[each].loss):
        each = restarts[index]
        for lowest, members in found:
            if _are_alike(architecture, each, lowest):
                members.append(index)
                break
        else:
            found.append((each, [index]))
    return tuple(Minimum(lowest.parameters, lowest.loss, tuple(members)) for lowest, members in found)


def index_of(architecture: Architecture, end: Minimum | Restart, minima: Sequence[Minimum]) -> int | None:
    """Return the index of the minimum in ``minima`` that ``end`` lies in, up to order and signs of neurons, or ``None``.

    It is ``None`` also for minima of a network of another size, because those of a card may be older than its pinned runs.
    """
    if end.parameters.size != architecture.size:
        return None
    fitting = ((i, each) for i, each in enumerate(minima) if each.parameters.size == architecture.size)
    return next((i for i, each in fitting if _are_alike(architecture, end, each)), None)


def _are_alike(architecture: Architecture, end: Minimum | Restart, lowest: Minimum | Restart) -> bool:
    """Return whether both have nearly the same loss and weights, as far as the output depends on these."""
    if abs(end.loss - lowest.loss) > SAME_LOSS * max(abs(lowest.loss), 1e-3):
        return False
    a, b = (without_idle(architecture, each.parameters) for each in (end, lowest))
    return distance(architecture, a, b) <= SAME_WEIGHTS
