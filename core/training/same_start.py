"""Tell what two runs have in common at their start, so that a comparison says what was held fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.formulas.initializers import INITIALIZERS
from core.network.architecture import Architecture
from core.training.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class SharedStart:
    """What two runs share.

    Attributes:
        samples: whether both train on the same samples with the same labels.
        inputs: whether the network sees them through the same features, scaled alike.
        drawn: layers whose initial weights scale the same standard draws in both.
        layers: layers of the deeper network.
        order: whether both take the samples in the same order in every epoch.
        batches: whether that order is also cut into the same batches.
        changed: epochs at which the settings of either run were changed during training, the first of each; ``None``
            for a run with the same settings throughout.
    """

    samples: bool
    inputs: bool
    drawn: int
    layers: int
    order: bool
    batches: bool
    changed: tuple[float | None, float | None]

    @property
    def is_same(self) -> bool:
        """Whether both start alike: same samples, same standard draws in every layer, same order, nothing changed since."""
        return self.samples and self.drawn == self.layers and self.order and self.changed == (None, None)


def shared_start(a: Snapshot, b: Snapshot) -> SharedStart:
    """Return what the runs of ``a`` and ``b`` share.

    Data, initial weights (layer by layer), order of the samples and dropout have random streams of their own, so that
    changing one setting leaves the draws for everything else alone.
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
    )


def same_draws(a: tuple[Architecture, int], b: tuple[Architecture, int]) -> int:
    """Return the number of layers with the same standard draws in two networks, each an architecture with its seed.

    Layer l takes its draws from the stream ``init/l`` of the seed: they are the same wherever shape and kind of
    distribution are, whatever the scale.
    """
    (this, seed), (other, other_seed) = a, b
    if seed != other_seed or this.draws_after != other.draws_after:
        return 0
    pairs = zip(this.layers, other.layers, strict=False)
    if this.draws_after is not None:
        # TensorFlow Playground has one stream for all layers: what follows another shape is drawn from another place.
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
