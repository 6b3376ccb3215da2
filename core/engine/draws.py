"""The generators of one trainer, and what they draw for a step or for many: orders of samples, dropout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Integers
from core.network.architecture import Architecture
from core.network.dropout import Masks, training_masks
from core.random_streams import stream


@dataclass(frozen=True, slots=True)
class Samples:
    """Which samples the steps of a burst take, and where in the epochs they end.

    Attributes:
        indices: of all steps, one step after the other.
        sizes: how many of them each step takes.
        order: the order of the epoch that the last step was in.
        position: how far into it that step came; 0 when it completed the epoch.
        epochs: how many epochs were completed.
    """

    indices: Integers
    sizes: Integers
    order: Integers
    position: int
    epochs: int


@dataclass(slots=True)
class Draws:
    """The streams ``batches`` and ``dropout/<layer>``.

    A burst of steps draws the same numbers as the steps one by one: one generator for each purpose, and blocks of
    uniform numbers that follow one another in its stream.
    """

    batches: np.random.Generator
    dropout: list[np.random.Generator]

    @classmethod
    def seeded(cls, seed: int, layers: int) -> Draws:
        """Return the streams of ``seed`` at their beginning, for so many layers of weights."""
        return cls(stream(seed, "batches"), [stream(seed, "dropout", index) for index in range(layers)])

    def with_layers(self, seed: int, layers: int) -> Draws:
        """Return these streams for so many layers of weights: those there are go on, new ones of ``seed`` begin."""
        kept = self.dropout[:layers]
        added = [stream(seed, "dropout", index) for index in range(len(kept), layers)]
        return Draws(self.batches, kept + added)

    def order(self, samples: int, *, shuffle: bool) -> Integers:
        """Return the order of an epoch."""
        return self.batches.permutation(samples) if shuffle else np.arange(samples)

    def fill_with_orders(self, orders: Integers, *, shuffle: bool) -> None:
        """Fill ``orders`` (epochs, samples) with those of so many epochs: what :meth:`order` would draw one by one.

        One call draws them all, since each call would release and reacquire the GIL.
        """
        orders[:] = np.arange(orders.shape[1])
        if shuffle:
            self.batches.permuted(orders, axis=1, out=orders)

    def samples(
        self, steps: int, batch_size: int, total: int, order: Integers, position: int, *, shuffle: bool
    ) -> Samples:
        """Return the samples of ``steps`` steps from ``position`` in ``order`` on, with a new order for each epoch.

        The last batch of an epoch is as small as what is left of the ``total`` samples.
        """
        sizes, new_epochs = _sizes(steps, batch_size, total, position)
        rest = order[position:] if position else order[:0]
        indices = np.empty(len(rest) + new_epochs * total, dtype=np.int64)
        indices[: len(rest)] = rest
        orders = indices[len(rest) :].reshape(new_epochs, total)
        self.fill_with_orders(orders, shuffle=shuffle)
        taken = int(sizes.sum())
        epochs, after = divmod(position + taken, total)
        running = orders[-1].copy() if new_epochs else order
        return Samples(indices[:taken], sizes, running, after, epochs)

    def masks(self, architecture: Architecture, rows: int) -> Masks:
        """Return what dropout multiplies the inputs of each layer by, for ``rows`` samples."""
        if not architecture.drops:
            return architecture.evaluation_masks
        rates, widths = architecture.dropout_rates, architecture.fan_ins
        return training_masks(rates, widths, rows, architecture.dropout_scaling, self.dropout)

    def put_masks_back(self, masks: Masks) -> None:
        """Set the generators to where they were before ``masks`` were drawn."""
        for mask, rng in zip(masks, self.dropout, strict=True):
            if isinstance(mask, np.ndarray) and isinstance(rng.bit_generator, np.random.PCG64):
                rng.bit_generator.advance(-mask.size)


def _sizes(steps: int, batch_size: int, total: int, position: int) -> tuple[Integers, int]:
    """Return the sizes of the batches of ``steps`` steps from ``position`` on, and how many epochs they begin."""
    of_rest, of_epoch = -(-(total - position) // batch_size) if position else 0, -(-total // batch_size)
    sizes = np.full(steps, batch_size)
    sizes[max(0, of_rest - 1) : of_rest] = total - position - (of_rest - 1) * batch_size
    sizes[of_rest + of_epoch - 1 :: of_epoch] = total - (of_epoch - 1) * batch_size
    return sizes, max(0, -(-(steps - of_rest) // of_epoch))
