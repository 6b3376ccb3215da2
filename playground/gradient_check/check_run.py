"""What is checked on which samples, in portions that can be stopped between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from core.analysis.gradient_check import EpsilonSweep, GradientCheck, epsilon_sweep, gradient_check, trainable_indices
from core.arrays import Floats, Integers
from core.network import Network
from core.network.architecture import Architecture
from core.training.snapshot import Snapshot
from playground.gradient_check.words import ends_of
from playground.style.numbers import thousands

MAX_PARAMETERS: Final = 20_000
"""Larger networks are checked at this many parameters, spread evenly over all layers."""

FIRST_PORTION: Final = 16
PORTION_SECONDS: Final = 0.008
"""Portions grow to about this long: the check can be stopped at once, and the window hardly waits for the GIL."""

EPSILONS: Final[Floats] = np.logspace(-12, 0, 37)
"""Steps of the sweep, three a decade."""

Advance: TypeAlias = Callable[[int, int], bool]
"""Called with (parameters done, all); returning False stops."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is checked: one network on one batch.

    Attributes:
        network: at the parameters of one moment.
        X: the samples, (B, D_in).
        Y: their targets, (B, K).
        feature_names: the inputs as people read them.
        generation: number of the Experiment.
        step: updates made until then.
        sentence: which samples and which pass, for people.
    """

    network: Network
    X: Floats
    Y: Floats
    feature_names: tuple[str, ...]
    generation: int
    step: int
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A subject with its result.

    Attributes:
        subject: what was checked.
        check: the result.
        errors: (P,), the relative error of each parameter; NaN where it was not checked or sits at a kink.
        ends: (layer, from, to) of each checked parameter in words.
    """

    subject: Subject
    check: GradientCheck
    errors: Floats
    ends: list[tuple[str, str, str]]


def subject_of(snapshot: Snapshot) -> Subject:
    """Return the network of ``snapshot`` on the batch of its last step, or on the first samples before any step."""
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


def chosen_indices(architecture: Architecture, most: int = MAX_PARAMETERS) -> Integers:
    """Return the parameters to check: all that training moves, or ``most`` of them, spread evenly."""
    every = trainable_indices(architecture)
    if len(every) <= most:
        return every
    return every[np.linspace(0, len(every) - 1, most).round().astype(np.int64)]


def run_check(subject: Subject, advance: Advance) -> Checked | None:
    """Return the check of all chosen parameters of ``subject``; ``None`` when it was stopped."""
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
    """Return one check of all parameters of ``parts`` (at least one)."""
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
        hidden=np.concatenate([part.hidden for part in parts]),
        epsilon=parts[0].epsilon,
        worst=-1 if worst is None else before + worst.worst,
        worst_name="" if worst is None else worst.worst_name,
    )


def run_sweep(subject: Subject, index: int) -> EpsilonSweep:
    """Return the error of the central difference of the parameter at flat ``index`` over many ε."""
    return epsilon_sweep(subject.network, subject.X, subject.Y, [index], EPSILONS)
