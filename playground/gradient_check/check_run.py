"""Run a gradient check in portions, so that it can be cancelled between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.analysis.gradient_check import EpsilonSweep, GradientCheck, epsilon_sweep, gradient_check, trainable_indices
from core.arrays import Floats, Integers
from core.network import Network
from core.network.architecture import Architecture
from core.training.snapshot import Snapshot
from playground.gradient_check.words import ends_of
from playground.style.numbers import thousands

MAX_PARAMETERS: Final = 20_000
"""Maximum number of parameters checked; in larger networks they are spread evenly over all layers."""

FIRST_PORTION: Final = 16
PORTION_SECONDS: Final = 0.008
"""Target duration of a portion, short enough for quick cancellation and for little contention for the GIL."""

EPSILONS: Final[Floats] = np.logspace(-12, 0, 37)
"""Step sizes of the sweep, three per decade."""

Advance: TypeAlias = Callable[[int, int], bool]
"""Called with (parameters done, total); returning False cancels the check."""


class Subject(Struct, frozen=True, eq=False):
    """The subject of a check: one network on one batch.

    Attributes:
        network: the network with its current parameters.
        X: samples, (B, D_in).
        Y: targets, (B, K).
        feature_names: names of the features.
        generation: generation number of the Experiment.
        step: number of updates so far.
        sentence: describes the samples and the pass.
    """

    network: Network
    X: Floats
    Y: Floats
    feature_names: tuple[str, ...]
    generation: int
    step: int
    sentence: str


class Checked(Struct, frozen=True, eq=False):
    """A subject with its result.

    Attributes:
        subject: the network and batch that were checked.
        check: the result.
        errors: (P,), relative error of each parameter; NaN if it was not checked or is at a kink.
        ends: names (layer, from, to) of each checked parameter.
    """

    subject: Subject
    check: GradientCheck
    errors: Floats
    ends: list[tuple[str, str, str]]


def subject_of(snapshot: Snapshot) -> Subject:
    """Return the network of ``snapshot`` with the batch of its last step, or with the first batch before any step."""
    data, batch = snapshot.data, snapshot.last_batch
    samples = len(data.x_train)
    size = min(snapshot.experiment.training.batch_size or samples, samples)
    first = not len(batch) or int(batch.max()) >= samples
    chosen = np.arange(size) if first else batch
    which = "the first batch of the training set" if first else f"the batch of step {thousands(snapshot.step)}"
    many = f"{thousands(len(chosen))} sample{'s' if len(chosen) != 1 else ''}"
    dropout = ", dropout off as in evaluation" if snapshot.network.architecture.drops else ""
    return Subject(
        network=snapshot.network,
        X=data.x_train[chosen],
        Y=data.y_train[chosen],
        feature_names=data.feature_names,
        generation=snapshot.generation,
        step=snapshot.step,
        sentence=f"Mean loss over {which} ({many}{dropout}), penalty excluded.",
    )


def chosen_indices(architecture: Architecture, max_count: int = MAX_PARAMETERS) -> Integers:
    """Return the flat indices to check: all trained parameters, or ``max_count`` of them, spread evenly."""
    every = trainable_indices(architecture)
    if len(every) <= max_count:
        return every
    return every[np.linspace(0, len(every) - 1, max_count).round().astype(np.int64)]


def run_check(subject: Subject, advance: Advance) -> Checked | None:
    """Check the chosen parameters of ``subject``; return ``None`` if cancelled."""
    indices = chosen_indices(subject.network.architecture)
    parts: list[GradientCheck] = []
    done, portion = 0, FIRST_PORTION
    while done < len(indices):
        if not advance(done, len(indices)):
            return None
        started = time.perf_counter()
        part = indices[done : done + portion]
        parts.append(gradient_check(subject.network, subject.X, subject.Y, indices=part))
        done += len(part)
        elapsed = max(time.perf_counter() - started, 1e-6)
        portion = max(1, int(len(part) * min(PORTION_SECONDS / elapsed, 4.0)))
    check = joined(parts)
    errors = np.full(subject.network.architecture.size, np.nan)
    errors[check.indices] = np.where(check.kinked, np.nan, check.relative)
    architecture, names = subject.network.architecture, subject.feature_names
    return Checked(subject, check, errors, [ends_of(architecture, index, names) for index in check.indices.tolist()])


def joined(parts: list[GradientCheck]) -> GradientCheck:
    """Merge ``parts`` (at least one) into one check."""
    worst = max((part for part in parts if part.worst >= 0), key=lambda part: part.worst_error, default=None)
    before = 0
    for part in parts:
        if part is worst:
            break
        before += len(part.indices)
    return GradientCheck(
        indices=np.concatenate([part.indices for part in parts]),
        analytic=np.concatenate([part.analytic for part in parts]),
        numeric=np.concatenate([part.numeric for part in parts]),
        relative=np.concatenate([part.relative for part in parts]),
        kinked=np.concatenate([part.kinked for part in parts]),
        unresolved=np.concatenate([part.unresolved for part in parts]),
        epsilon=parts[0].epsilon,
        worst=-1 if worst is None else before + worst.worst,
        worst_name="" if worst is None else worst.worst_name,
    )


def run_sweep(subject: Subject, index: int) -> EpsilonSweep:
    """Compute the error of the central difference of the parameter at flat ``index`` over many ε."""
    return epsilon_sweep(subject.network, subject.X, subject.Y, [index], EPSILONS)
