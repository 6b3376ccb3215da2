"""A trainer's random generators, and their draws for one or many steps: sample orders and dropout masks."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.arrays import Integers
from core.network.architecture import Architecture
from core.network.dropout import Masks, training_masks
from core.random_streams import stream


class Samples(Struct, frozen=True):
    """The samples of the steps of a burst, and its position in the epoch afterwards.

    Attributes:
        indices: indices of the samples of all steps in sequence.
        sizes: number of samples of each step.
        order: sample order of the epoch of the last step.
        position: position in that epoch after the last step; 0 if the step completed the epoch.
        epochs: number of completed epochs.
    """

    indices: Integers
    sizes: Integers
    order: Integers
    position: int
    epochs: int


class Draws(Struct):
    """The streams ``batches`` and ``dropout/<layer>``.

    A burst draws the same numbers as its steps one by one, because each purpose has its own generator and draws
    consecutive blocks of its stream.
    """

    batches: np.random.Generator
    dropout: list[np.random.Generator]

    @classmethod
    def seeded(cls, seed: int, layers: int) -> Draws:
        """Return new streams of ``seed`` for ``layers`` layers."""
        return cls(stream(seed, "batches"), [stream(seed, "dropout", index) for index in range(layers)])

    def with_layers(self, seed: int, layers: int) -> Draws:
        """Return the streams for ``layers`` layers: existing ones continue, additional ones are new streams of ``seed``."""
        kept = self.dropout[:layers]
        added = [stream(seed, "dropout", index) for index in range(len(kept), layers)]
        return Draws(self.batches, kept + added)

    def order(self, samples: int, *, shuffle: bool) -> Integers:
        """Return the sample order of an epoch."""
        return self.batches.permutation(samples) if shuffle else np.arange(samples)

    def fill_with_orders(self, orders: Integers, *, shuffle: bool) -> None:
        """Fill ``orders`` (epochs, samples) with the orders that :meth:`order` would draw one by one.

        A single call draws them all, because each call would release and reacquire the GIL.
        """
        orders[:] = np.arange(orders.shape[1])
        if shuffle:
            self.batches.permuted(orders, axis=1, out=orders)

    def samples(
        self, steps: int, batch_size: int, total: int, order: Integers, position: int, *, shuffle: bool
    ) -> Samples:
        """Return the samples of ``steps`` steps starting at ``position`` of ``order``, with a new order for each epoch.

        The last batch of an epoch has only the remainder of the ``total`` samples.
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
        """Return the dropout masks of each layer's inputs for ``rows`` samples."""
        if not architecture.drops:
            return architecture.evaluation_masks
        rates, widths = architecture.dropout_rates, architecture.fan_ins
        return training_masks(rates, widths, rows, architecture.dropout_scaling, self.dropout)

    def put_masks_back(self, masks: Masks) -> None:
        """Reset the generators to their state before ``masks`` were drawn."""
        for mask, rng in zip(masks, self.dropout, strict=True):
            if isinstance(mask, np.ndarray) and isinstance(rng.bit_generator, np.random.PCG64):
                rng.bit_generator.advance(-mask.size)


def _sizes(steps: int, batch_size: int, total: int, position: int) -> tuple[Integers, int]:
    """Return the batch sizes of ``steps`` steps starting at ``position``, and the number of epochs they start."""
    of_rest, of_epoch = -(-(total - position) // batch_size) if position else 0, -(-total // batch_size)
    sizes = np.full(steps, batch_size)
    sizes[max(0, of_rest - 1) : of_rest] = total - position - (of_rest - 1) * batch_size
    sizes[of_rest + of_epoch - 1 :: of_epoch] = total - (of_epoch - 1) * batch_size
    return sizes, max(0, -(-(steps - of_rest) // of_epoch))
