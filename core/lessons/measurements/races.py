"""Measurements of races on analytic surfaces and of restarts, as the cards of the Landscape workspace show them.

A race on a surface does not depend on any settings, and restarts depend on data and network only, so both are cached.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from msgspec.structs import replace

from core.analysis.race import Run, race, three_racers
from core.analysis.surfaces import SURFACES, minima_found, random_starts
from core.arrays import Floats, norm
from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.engine.engine_choice import EngineChoice
from core.experiment import Experiment, TrainingSettings
from core.experiment.fitting import kind_of
from core.experiment.resolution import resolve
from core.lessons.measurements.gradients import ratio
from core.lessons.measurements.measurement import Measurement
from core.random_streams import stream
from core.training.many_runs.network_minima import Restarting
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer

RACE_STEPS: Final = 1000
BATCH: Final = 10
MOMENTUM_SHARE: Final = 0.1
"""Learning rate of the racer with momentum 0.9, relative to the others: on a constant slope, all move equally fast."""

STARTS: Final = 500
START_STEPS: Final = 800

RESTARTS: Final = 10
RESTART_STEPS: Final = 1200
DETOUR_STEPS: Final = 500
"""Updates of the separate run in which a detour is measured: the recorded path of the live run skips updates."""

MAX_PARAMETERS: Final = 200
"""Maximum number of parameters of a network that is trained for a measurement, so that the window is not blocked."""

MAX_SAMPLES: Final = 1000
"""Maximum number of training samples of such a network."""


@lru_cache(maxsize=1)
def ravine_race() -> tuple[Run, ...]:
    """Return the card's default race on the ravine: descent, mini-batches, and mini-batches with momentum."""
    surface = SURFACES["ravine"]
    racers = three_racers(surface.learning_rate, BATCH, MOMENTUM_SHARE * surface.learning_rate)
    return race(surface, racers, surface.start, RACE_STEPS, 1)


def _arrival(racer: int) -> float:
    arrival = ravine_race()[racer].arrival
    return math.inf if arrival is None else float(arrival)


@lru_cache(maxsize=1)
def camel_success() -> float:
    """Return the share of random starts on the camel surface from which descent reaches a global minimum."""
    surface = SURFACES["camel"]
    starts = random_starts(surface, STARTS, rng=stream(1, "lesson starts"))
    found = minima_found(surface, "sgd", starts, surface.learning_rate, 0.0, START_STEPS, rng=stream(1, "lesson noise"))
    minima = np.array(surface.minima)
    heights = surface.function(minima[:, 0], minima[:, 1])
    lowest = np.flatnonzero(heights <= heights.min() + 1e-9)
    return float(np.mean(np.isin(found, lowest)))


def restart_losses(snapshot: Snapshot) -> Floats:
    """Return the sorted final losses of restarts of the snapshot's network; empty for a large network."""
    if not _is_small(snapshot):
        return np.empty(0)
    experiment = snapshot.experiment
    # Restarts use their own optimizer, so the current one is left out of the cache key.
    training = TrainingSettings(loss=experiment.training.loss, l1=experiment.training.l1, l2=experiment.training.l2)
    # Loading the compiled engine here could block the window; that of the snapshot is loaded already.
    engine: EngineChoice = "compiled" if snapshot.engine == "compiled" else "numpy"
    return _restart_losses(replace(experiment, name="", training=training), engine)


@lru_cache(maxsize=16)
def _restart_losses(experiment: Experiment, engine: EngineChoice) -> Floats:
    restarting = Restarting(experiment, _data(experiment), RESTART_STEPS, engine=engine)
    losses = np.sort([restarting.restart(index).loss for index in range(RESTARTS)])
    losses.flags.writeable = False
    return losses


def _detour(snapshot: Snapshot) -> float:
    if not _is_small(snapshot):
        return math.nan
    return _detour_of(replace(snapshot.experiment, name=""))


@lru_cache(maxsize=16)
def _detour_of(experiment: Experiment) -> float:
    """Return path length ÷ distance of the first :data:`DETOUR_STEPS` updates; NaN if they diverge."""
    trainer = Trainer(experiment, _data(experiment))
    start = before = trainer.parameters.copy()
    length = 0.0
    for _ in range(DETOUR_STEPS):
        if trainer.run(1) is not None:
            return math.nan
        length += norm(trainer.parameters - before)
        before = trainer.parameters.copy()
    return ratio(length, norm(before - start))


def _is_small(snapshot: Snapshot) -> bool:
    """Return whether this network trains in less than a second and its data are not a user's table."""
    return (
        snapshot.network.architecture.size <= MAX_PARAMETERS
        and len(snapshot.data.x_train) <= MAX_SAMPLES
        and kind_of(snapshot.experiment.data.dataset) is not None
        and not snapshot.data.missing
    )


def _data(experiment: Experiment) -> PreparedData:
    raw = load(experiment.data)
    return prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)


def _restart_loss(snapshot: Snapshot, rank: int) -> float:
    losses = restart_losses(snapshot)
    return float(losses[rank]) if len(losses) else math.nan


RACES: Final = (
    Measurement(
        key="ravine_arrival",
        label="Arrival in the ravine, mini-batches",
        formula=r"t: \|w_t - w^*\| \le 0.1",
        explanation="Updates until mini-batch descent reaches the minimum of the surface Ravine, in the card's default race.",
        compute=lambda _: _arrival(1),
        unit="count",
    ),
    Measurement(
        key="ravine_arrival_momentum",
        label="Arrival in the ravine, mini-batches with momentum",
        formula=r"t: \|w_t - w^*\| \le 0.1",
        explanation="Updates until it is reached with momentum 0.9 and a tenth of the learning rate.",
        compute=lambda _: _arrival(2),
        unit="count",
    ),
    Measurement(
        key="ravine_detour",
        label="Detour in the ravine, mini-batches",
        formula=r"\sum_t \|w_{t+1} - w_t\| \,/\, \|w_T - w_0\|",
        explanation="Path length of mini-batch descent in that race, divided by the distance it covers.",
        compute=lambda _: ravine_race()[1].detour,
    ),
    Measurement(
        key="ravine_detour_momentum",
        label="Detour in the ravine, mini-batches with momentum",
        formula=r"\sum_t \|w_{t+1} - w_t\| \,/\, \|w_T - w_0\|",
        explanation="Path length ÷ distance with momentum 0.9 and a tenth of the learning rate.",
        compute=lambda _: ravine_race()[2].detour,
    ),
    Measurement(
        key="detour",
        label="Detour",
        formula=r"\sum_t \|w_{t+1} - w_t\| \,/\, \|w_T - w_0\|",
        explanation=(
            f"Length of the path of the first {DETOUR_STEPS} updates with these settings, divided by the distance it covers; no "
            f"value if they diverge, or for more than {MAX_PARAMETERS} parameters."
        ),
        compute=_detour,
    ),
    Measurement(
        key="camel_success",
        label="Good ends on the camel surface",
        formula=r"P(w_\infty \in \arg\min f)",
        explanation=f"Share of {STARTS} random starts on the camel surface from which descent reaches a global minimum.",
        compute=lambda _: camel_success(),
        unit="share",
    ),
    Measurement(
        key="best_restart",
        label="Best of ten restarts",
        formula=r"\min_s L_s",
        explanation=(
            f"Lowest training loss that {RESTARTS} restarts of this network reach (full batches, Adam); no value for more "
            f"than {MAX_PARAMETERS} parameters."
        ),
        compute=lambda snapshot: _restart_loss(snapshot, 0),
    ),
    Measurement(
        key="worst_restart",
        label="Worst of ten restarts",
        formula=r"\max_s L_s",
        explanation=f"Highest training loss among the same {RESTARTS} restarts.",
        compute=lambda snapshot: _restart_loss(snapshot, -1),
    ),
)
"""Measurements of races and restarts."""
