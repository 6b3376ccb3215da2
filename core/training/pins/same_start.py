"""Determine what two runs share at their start, so that a comparison can report what was held fixed."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.formulas.initializers import INITIALIZERS
from core.network.architecture import Architecture
from core.training.snapshot import Snapshot


class SharedStart(Struct, frozen=True):
    """The properties shared by two runs.

    Attributes:
        samples: whether both train on the same samples with the same labels.
        inputs: whether both use the same features with the same scaling.
        drawn: number of layers whose initial weights are scaled from the same standard draws in both.
        layers: number of layers of the deeper network.
        order: whether both use the samples in the same order in every epoch.
        batches: whether that order is also split into the same batches.
        changed: epochs at which either run was changed, the first of each: its settings or weights, or the samples of a
            step; ``None`` for a run without a change.
        resumed: epochs at which the records of either run begin, if that is after its start, as in a restored session;
            changes before are not known.
    """

    samples: bool
    inputs: bool
    drawn: int
    layers: int
    order: bool
    batches: bool
    changed: tuple[float | None, float | None]
    resumed: tuple[float | None, float | None] = (None, None)

    @property
    def is_same(self) -> bool:
        """Whether both have the same samples, standard draws and order, and neither was changed since the start."""
        nothing = (None, None)
        return self.samples and self.drawn == self.layers and self.order and self.changed == nothing == self.resumed


def shared_start(a: Snapshot, b: Snapshot) -> SharedStart:
    """Return the properties shared by the runs of ``a`` and ``b``.

    Data, initial weights of each layer, order of the samples and dropout have separate random streams, so that changing
    one setting does not affect the draws for the others.
    """
    training, other = a.experiment.training, b.experiment.training
    same_count = len(a.data.x_train) == len(b.data.x_train)
    order = same_count and training.shuffle == other.shuffle and (training.seed == other.seed or not training.shuffle)
    first = [snapshot.curve.marks[0].epoch if snapshot.curve.marks else None for snapshot in (a, b)]
    return SharedStart(
        samples=_same_samples(a.data, b.data),
        inputs=a.data.feature_keys == b.data.feature_keys and _equal(a.data.x_train, b.data.x_train),
        drawn=same_draws(
            (a.network.architecture, a.experiment.network.seed), (b.network.architecture, b.experiment.network.seed)
        ),
        layers=max(len(a.network.architecture.layers), len(b.network.architecture.layers)),
        order=order,
        batches=order and _batch_size(a) == _batch_size(b),
        changed=(first[0], first[1]),
        resumed=(_resumed(a), _resumed(b)),
    )


def _resumed(snapshot: Snapshot) -> float | None:
    """Return the epoch at which the records of a run without known changes begin; ``None`` if that is its start."""
    steps, epochs = snapshot.path.steps, snapshot.curve.epoch
    if snapshot.curve.marks or not len(steps) or 0 in (steps[0], *snapshot.curve.step[:1]):
        return None
    return float(epochs[0]) if len(epochs) else snapshot.epoch


def same_draws(a: tuple[Architecture, int], b: tuple[Architecture, int]) -> int:
    """Return the number of layers with the same standard draws in two networks, each an architecture with its seed.

    Layer l draws from the stream ``init/l`` of the seed, so its draws are equal if shape and kind of distribution are,
    whatever the scale.
    """
    (this, seed), (other, other_seed) = a, b
    if seed != other_seed or this.draws_after != other.draws_after:
        return 0
    pairs = zip(this.layers, other.layers, strict=False)
    if this.draws_after is not None:
        # TensorFlow Playground uses one stream for all layers, so layers after a different shape get different draws.
        shapes = [[(layer.fan_in, layer.fan_out) for layer in each.layers] for each in (this, other)]
        if shapes[0] != shapes[1]:
            return 0
    return sum(
        (mine.fan_in, mine.fan_out) == (theirs.fan_in, theirs.fan_out)
        and INITIALIZERS[mine.initializer].distribution == INITIALIZERS[theirs.initializer].distribution
        for mine, theirs in pairs
    )


def _same_samples(a: PreparedData, b: PreparedData) -> bool:
    return a is b or (_equal(a.positions_train, b.positions_train) and _equal(a.labels_train, b.labels_train))


def _equal(a: Floats, b: Floats) -> bool:
    return a is b or bool(np.array_equal(a, b))


def _batch_size(snapshot: Snapshot) -> int:
    samples = len(snapshot.data.x_train)
    return min(snapshot.experiment.training.batch_size or samples, samples)
