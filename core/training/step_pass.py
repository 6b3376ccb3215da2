"""The forward and backward pass of one training step: its samples with their dropout masks."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.data.sample import Sample
from core.network.dropout import Masks


class StepPass(Struct, frozen=True, eq=False):
    """What a training step computes.

    Attributes:
        number: number of the step, from 1.
        batch: indices of its training samples, (B,).
        masks: what each layer's inputs are multiplied by, each 1.0 or (B, fan_in).
        gradient: gradient of the mean loss of these samples, penalties and clipping excluded, (P,).
        update: change of each parameter, (P,).
    """

    number: int
    batch: Integers
    masks: Masks
    gradient: Floats
    update: Floats

    @property
    def drops(self) -> bool:
        """Whether neurons are dropped at random."""
        return any(not isinstance(mask, float) for mask in self.masks)

    def masks_of(self, sample: Sample | None) -> Masks | None:
        """Return the masks of ``sample`` alone; ``None`` if the step does not use it."""
        return masks_of(self.batch, self.masks, sample)

    def drops_neuron(self, layer: int, neuron: int, sample: Sample | None) -> bool:
        """Return whether ``neuron`` of ``layer`` (−1 for the features) is dropped for ``sample``."""
        masks = self.masks_of(sample)
        mask = 1.0 if masks is None or layer + 1 >= len(masks) else masks[layer + 1]
        return not isinstance(mask, float) and bool(np.asarray(mask)[0, neuron] == 0.0)


def masks_of(batch: Integers, masks: Masks, sample: Sample | None) -> Masks | None:
    """Return the part of ``masks`` of the training samples ``batch`` (B,) for ``sample``, each 1.0 or (1, fan_in).

    ``None`` if it is not one of them.
    """
    if sample is None or sample.is_test:
        return None
    places = np.flatnonzero(batch == sample.index)
    if not len(places):
        return None
    row = slice(int(places[0]), int(places[0]) + 1)
    return tuple(mask if isinstance(mask, float) else np.asarray(mask)[row] for mask in masks)
