"""Train many networks of one shape on one data set for a short time; their diagnostics give the normal ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from msgspec.structs import replace

from core.analysis.baseline import baseline_loss
from core.analysis.normal_ranges import LEARNED, Run, State, measure
from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.engine.cost import max_evaluated_samples
from core.engine.engine_choice import EngineChoice
from core.experiment import Experiment
from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.optimizers import OPTIMIZERS
from core.network import Network
from core.network.architecture import Architecture, architecture_for
from core.random_streams import stream
from core.training.trainer import Trainer

RUNS: Final = 200
"""Number of runs."""

MOMENTS: Final = (0.1, 0.4, 1.0)
"""Fractions of a run at which it is measured."""

WORK: Final = 1_200_000
"""Maximum weights × samples × steps of one run, so that 200 runs of a small network take a second or two."""

MIN_STEPS: Final = 120
MAX_STEPS: Final = 1000
MAX_SAMPLES: Final = 500
"""Maximum number of training samples over which a run is measured."""

MOMENTUM: Final = 0.9

SPREAD: Final = 10.0
"""Learning rates are drawn log-uniformly between the optimizer's usual rate divided and multiplied by this factor."""

MAX_VARIANCE: Final = 0.05
"""Exclude initializers whose standard deviation in a 100 × 100 layer exceeds this: they do not scale with the width."""

STEPS_PER_CALL: Final = 100
"""Minimum number of steps between two calls of ``advance``; each call sets up a burst."""

PRODUCTS_PER_CALL: Final = 2_000_000
"""Weights × samples × steps between two calls of ``advance``, if that is more steps."""

Advance: TypeAlias = Callable[[int, int], bool]
"""Called with (runs done, total); returns whether to continue."""


def _always(_done: int, _total: int) -> bool:
    return True


def reference_key(experiment: Experiment) -> object:
    """Return a key of everything that the runs depend on: equal keys have equal ranges."""
    network, training = experiment.network, experiment.training
    shape = tuple((layer.units, layer.dropout) for layer in network.hidden)
    return (
        experiment.data,
        shape,
        network.input_dropout,
        network.output_activation,
        training.loss,
        training.batch_size,
        training.dropout_scaling,
    )


def varied(experiment: Experiment, number: int) -> Experiment:
    """Return the experiment of run ``number``: the same data and shape; activation, initializer, rate and seed vary."""
    rng = stream(number, "reference runs")
    activation = str(rng.choice([key for key, entry in ACTIVATIONS.items() if entry.passes_gradient]))
    scaled = [key for key, entry in INITIALIZERS.items() if 0.0 < entry.variance(100, 100) <= MAX_VARIANCE]
    initializer, optimizer = str(rng.choice(scaled)), OPTIMIZERS[str(rng.choice(tuple(OPTIMIZERS)))]
    rate = optimizer.usual_rate * math.exp(rng.uniform(-1.0, 1.0) * math.log(SPREAD))
    network, training = experiment.network, experiment.training
    hidden = tuple(
        replace(layer, activation=activation, activation_alpha=None, initializer=initializer, gain=1.0)
        for layer in network.hidden
    )
    return replace(
        experiment,
        network=replace(
            network,
            hidden=hidden,
            output_initializer="xavier_normal",
            output_gain=1.0,
            start="initializers",
            seed=number,
        ),
        training=replace(
            training,
            optimizer=optimizer.key,
            learning_rate=rate,
            momentum=MOMENTUM if optimizer.uses_momentum else 0.0,
            l1=0.0,
            l2=0.0,
            clip_norm=None,
            as_tf_playground=False,
            seed=number,
        ),
    )


def steps_of(architecture: Architecture, samples: int, batch_size: int) -> int:
    """Return the length of a run in steps, which depends only on the shape."""
    return min(max(WORK // _products(architecture, samples, batch_size), MIN_STEPS), MAX_STEPS)


def _products(architecture: Architecture, samples: int, batch_size: int) -> int:
    """Return weights × samples of one step."""
    weights = sum(layer.fan_in * layer.fan_out for layer in architecture.layers)
    return weights * (min(batch_size, samples) or samples)


def _steps_at_once(architecture: Architecture, samples: int, experiment: Experiment) -> int:
    return max(STEPS_PER_CALL, PRODUCTS_PER_CALL // _products(architecture, samples, experiment.training.batch_size))


def reference_run(
    experiment: Experiment, data: PreparedData, number: int, advance: Advance = _always, engine: EngineChoice = "auto"
) -> Run | None:
    """Train run ``number`` and measure it if it has learned; return ``None`` if cancelled.

    Args:
        experiment: the settings, which affect the run only through :func:`reference_key`.
        data: its data.
        number: number of the run, which seeds what varies.
        advance: called between parts of the run.
        engine: computes the steps; ``auto`` may compile the engine, which takes seconds.

    Raises:
        ExperimentError: the settings contradict the data.
    """
    if data.missing:
        return Run(math.inf, ())  # no step would be taken
    trainer = Trainer(varied(experiment, number), data, engine)
    total = steps_of(trainer.architecture, len(data.x_train), experiment.training.batch_size)
    limit = min(max_evaluated_samples(trainer.architecture), MAX_SAMPLES)
    X, Y = data.x_train[:limit], data.y_train[:limit]
    at_once = _steps_at_once(trainer.architecture, len(data.x_train), experiment)
    moments: list[tuple[Network, Floats]] = []
    for moment in MOMENTS:
        end = max(1, round(moment * total))
        while trainer.step < end:
            if not advance(number, RUNS):
                return None
            if trainer.run(min(end - trainer.step, at_once)) is not None:
                return Run(math.inf, ())
        moments.append((trainer.network, trainer.last_update))
    with np.errstate(over="ignore", invalid="ignore"):
        final = trainer.evaluator.differentiate(trainer.network, X, Y)
    baseline = baseline_loss(trainer.architecture.loss, Y)
    remaining = final[1].loss / baseline if baseline > 0.0 else math.inf
    if not remaining <= LEARNED:
        return Run(remaining if math.isfinite(remaining) else math.inf, ())
    measured = []
    for network, update in moments:
        with np.errstate(over="ignore", invalid="ignore"):
            seen = final if network is moments[-1][0] else trainer.evaluator.differentiate(network, X, Y)
        measured.append(measure(State(network, *seen, update)))
    return Run(remaining, tuple(measured))


def reference_runs(
    experiment: Experiment, data: PreparedData, first: int, count: int, advance: Advance
) -> list[Run] | None:
    """Return the runs ``first`` … ``first + count − 1``; ``None`` if cancelled.

    Raises:
        ExperimentError: the settings contradict the data.
    """
    architecture_for(experiment, data)  # raises before anything is trained
    runs: list[Run] = []
    for number in range(first, first + count):
        run = reference_run(experiment, data, number, advance)
        if run is None:
            return None
        runs.append(run)
    return runs
