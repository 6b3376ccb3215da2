"""What the parameters were before a change threw some of them away, so that taking the change back brings them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.arrays import Booleans
from core.data.prepared_data import PreparedData
from core.experiment import Experiment
from core.network.architecture import Architecture
from core.network.parameters import corresponding_layers, kept_positions
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

MOST_NUMBERS: Final = 5_000_000
"""Parameters remembered altogether; the oldest memories make room (about 160 MB with the optimizer's memory)."""


@dataclass(frozen=True, slots=True)
class _Memory:
    """A moment before parameters were lost."""

    architecture: Architecture
    feature_keys: tuple[str, ...]
    state: TrainingState


class Memories:
    """Applies Experiments to a trainer and remembers what they throw away."""

    def __init__(self) -> None:
        self._kept: list[_Memory] = []

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def apply(self, trainer: Trainer, experiment: Experiment, data: PreparedData, *, returning: bool) -> None:
        """Put ``experiment`` and ``data`` in force, as :meth:`core.training.trainer.Trainer.apply` does.

        Args:
            trainer: changed in place.
            experiment: the new settings.
            data: their data.
            returning: the change is taken back (or made again): neurons that come back have the weights they had when
                they went, and a seed that comes back goes on where it was.
        """
        before = _Memory(trainer.architecture, trainer.data.feature_keys, trainer.state())
        reseeded = experiment.network.seed != trainer.experiment.network.seed
        trainer.apply(experiment, data)
        new = np.ones(trainer.architecture.size, dtype=np.bool_) if reseeded else _new_parameters(before, trainer)
        if not new.any() and before.architecture.same_shape(trainer.architecture):
            return
        memory = self._matching(trainer) if returning else None
        self._remember(before)
        if memory is None:
            return
        if reseeded and memory.state.experiment == experiment:
            trainer.restore(memory.state)
        else:
            trainer.recall(memory.state.parameters, memory.state.drawn, new)

    def _matching(self, trainer: Trainer) -> _Memory | None:
        """Return the latest memory of a trainer with the same layers, features and seed."""
        seed = trainer.experiment.network.seed
        for memory in reversed(self._kept):
            if (
                memory.architecture == trainer.architecture
                and memory.feature_keys == trainer.data.feature_keys
                and memory.state.experiment.network.seed == seed
            ):
                return memory
        return None

    def _remember(self, memory: _Memory) -> None:
        self._kept.append(memory)
        while len(self._kept) > 1 and sum(each.architecture.size for each in self._kept) > MOST_NUMBERS:
            del self._kept[0]


def _new_parameters(before: _Memory, trainer: Trainer) -> Booleans:
    """Return (P,): the parameters that the last change drew anew or added."""
    old, now = before.architecture, trainer.architecture
    columns = {key: column for column, key in enumerate(before.feature_keys)}
    inputs = [(columns[key], column) for column, key in enumerate(trainer.data.feature_keys) if key in columns]
    new = np.ones(now.size, dtype=np.bool_)
    new[kept_positions(old, now, inputs)[1]] = False
    for a, b in corresponding_layers(old, now):
        was, layer = old.layers[a], now.layers[b]
        if was.initializer != layer.initializer:
            new[layer.start : layer.bias.stop] = True
        new[layer.alpha_index] = layer.learns_alpha and (was.activation, was.alpha) != (layer.activation, layer.alpha)
    return new
