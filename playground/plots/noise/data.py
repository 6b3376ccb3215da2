"""Data for the noise card: the last batch against the full gradient, and the noise by batch size."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.analysis.gradient_noise import BatchComparison, compare_batch, gradient_noise
from core.arrays import Floats, Integers
from core.random_streams import stream
from core.training.snapshot import Snapshot
from playground.style.numbers import short, thousands
from playground.worker.background import Advance

MAX_SAMPLES: Final = 256
"""Maximum number of samples whose gradients are compared, evenly spaced."""

BATCHES: Final = 256
"""Number of batches drawn for each size."""


class NoiseData(Struct, frozen=True, eq=False):
    """Data of the noise card.

    Attributes:
        sizes: batch sizes K, (n,).
        measured: (n,), mean of ‖ĝ − ḡ‖² / ‖ḡ‖² over drawn batches.
        low: (n,), its 10 % quantile.
        high: (n,), its 90 % quantile.
        noise_scale: K at which the variance equals ‖ḡ‖²; the line is noise_scale/K.
        batch: the last batch, or before any step as many samples in the order of the data.
        is_last: whether ``batch`` was used for a step.
        samples: number of samples compared.
        total: number of training samples.
    """

    sizes: Integers
    measured: Floats
    low: Floats
    high: Floats
    noise_scale: float
    batch: BatchComparison
    is_last: bool
    samples: int
    total: int


def noise_data(snapshot: Snapshot, advance: Advance) -> NoiseData | None:
    """Return the gradient noise at the weights of ``snapshot``; ``None`` if cancelled."""
    network, data = snapshot.network, snapshot.data
    total = len(snapshot.gradients.deltas[0])
    chosen = np.linspace(0, total - 1, min(total, MAX_SAMPLES)).round().astype(np.int64)
    trace = replace(snapshot.trace, inputs=tuple(each[chosen] for each in snapshot.trace.inputs))
    share = total / len(chosen)
    deltas = tuple(delta[chosen] * share for delta in snapshot.gradients.deltas)
    noise = gradient_noise(trace, replace(snapshot.gradients, deltas=deltas))
    if not advance(1, 3):
        return None
    sizes = _sizes(len(chosen))
    rng = stream(0, "noise card")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        errors = np.array([noise.drawn_errors(size, BATCHES, rng=rng) for size in sizes.tolist()]) / noise.squared_norm
    if not advance(2, 3):
        return None
    batch, is_last = _batch(snapshot)
    comparison = compare_batch(network, data.x_train, data.y_train, batch, snapshot.gradients)
    low, high = (np.quantile(errors, q, axis=1) for q in (0.1, 0.9))
    return NoiseData(sizes, errors.mean(axis=1), low, high, noise.noise_scale, comparison, is_last, len(chosen), total)


def _sizes(samples: int) -> Integers:
    """Return the powers of two up to ``samples``, and ``samples``."""
    powers = 2 ** np.arange(int(math.log2(samples)) + 1)
    return np.unique(np.append(powers, samples)).astype(np.int64)


def _batch(snapshot: Snapshot) -> tuple[Integers, bool]:
    """Return the last step's batch, or before any step as many samples in order, and whether it was used for a step."""
    samples = len(snapshot.data.x_train)
    last = snapshot.last_batch
    if len(last) and int(last.max()) < samples:
        return last, True
    size = snapshot.experiment.training.batch_size
    return np.arange(min(size or samples, samples)), False


def noise_sentences(data: NoiseData) -> tuple[str, ...]:
    """Return sentences on the batch against the full gradient and on the noise scale, longest first."""
    batch = data.batch
    size = thousands(batch.size)
    which = f"last batch of {size}" if data.is_last else "first sample" if batch.size == 1 else f"first {size} samples"
    if math.isnan(batch.cosine):
        if batch.ratio == math.inf:
            return ("the full gradient is 0: the batch gradient is pure noise", "full gradient is 0")
        if batch.ratio == 0.0:
            return (f"{which}: gradient 0", "batch gradient is 0")
        return ("the gradient is 0 or has overflowed", "no gradient")
    cosine = f"cosine {short(batch.cosine, 2)}"
    length = f"{short(batch.ratio, 2)} × as long as the full gradient"
    scale = data.noise_scale
    if not math.isfinite(scale):
        return (f"{which}: {cosine}, {length}", f"{which}: {cosine}", cosine)
    if scale == 0.0:
        same = "all samples have the same gradient"
        return (f"{which}: {cosine}, {length}; {same}", same, cosine)
    first = f"{which}: {cosine}"
    if scale < 1.0:
        equal = "noise is below the gradient at every K"
    elif scale <= data.total:
        equal = f"noise equals gradient at K = {short(scale, 2) if scale < 1000 else thousands(round(scale))}"
    elif batch.size < data.total:
        equal = "noise exceeds the gradient at every K"
        cause = f"{equal} up to all {thousands(data.total)} samples, whose gradients nearly cancel"
        return (f"{first}, {length}; {cause}", f"{first}; {cause}", f"{first}; {equal}", first, cosine)
    else:  # all samples, each of them once, are the full gradient
        equal = "noise would exceed the gradient at every smaller K"
    return (f"{first}, {length}; {equal}", f"{first}; {equal}", first, cosine)
