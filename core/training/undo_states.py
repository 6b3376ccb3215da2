"""Training states before each edit, so that undo restores what the edit discarded."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Booleans
from core.data.prepared_data import PreparedData
from core.experiment import Experiment
from core.network.architecture import Architecture
from core.network.parameters import Spot, carry_over, corresponding_layers
from core.training.array_digests import ArrayDigests
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

MAX_BYTES: Final = 160_000_000
"""Maximum size of the arrays kept in total; beyond it the oldest states are discarded."""

MAX_STATES: Final = 500
"""Maximum number of states kept."""


class _UndoState(Struct, frozen=True):
    """The state before an edit.

    Attributes:
        architecture: the network's architecture before the edit.
        feature_keys: its inputs.
        state: the training state before the edit.
        before: fingerprint of that state.
        after: fingerprint of the state after the edit.
        left: generation of the Experiment before the edit; ``None`` if unknown.
    """

    architecture: Architecture
    feature_keys: tuple[str, ...]
    state: TrainingState
    before: bytes
    after: bytes
    left: int | None

    @property
    def size(self) -> int:
        """Size of its arrays in bytes; the order of the samples may be larger than the parameters."""
        return sum(array.nbytes for array in self.state.arrays)


class UndoStates:
    """Applies Experiments to a trainer and keeps its previous states for undo."""

    def __init__(self) -> None:
        self._kept: list[_UndoState] = []
        self._bytes = 0
        self._digests = ArrayDigests()

    def clear(self) -> None:
        """Discard all states."""
        self._kept.clear()
        self._bytes = 0

    def apply(
        self,
        trainer: Trainer,
        experiment: Experiment,
        data: PreparedData,
        *,
        returning: bool,
        left: int | None = None,
        returns_to: int | None = None,
        resume: TrainingState | None = None,
        spot: Spot | None = None,
        rewinds: bool = False,
    ) -> None:
        """Apply ``experiment`` and ``data`` like :meth:`core.training.trainer.Trainer.apply`, and restore old states on undo.

        Args:
            trainer: changed in place.
            experiment: the new settings.
            data: the data of the new settings.
            returning: whether this undoes or redoes an edit. If there was no training in between, the training state is
                restored exactly. Otherwise restored neurons get their last weights, and a restored network seed gets its
                last state.
            left: generation number of the Experiment before this change.
            returns_to: with ``returning``, the generation number of the state to restore. The settings do not identify it:
                after an edit and its opposite the settings are the same again, but the weights differ.
            resume: a state of ``experiment`` to restore.
            spot: where a layer or a neuron is added or removed, if known.
            rewinds: with ``returning``, whether the edit that is undone or redone went back to step 0, so that the state
                ``returns_to`` is restored whole, even after training in between.
        """
        architecture, feature_keys = trainer.architecture, trainer.data.feature_keys
        state = trainer.state()
        before = self._fingerprint(state)
        reseeded = experiment.network.seed != trainer.experiment.network.seed
        trainer.apply(experiment, data, spot)
        if resume is not None:
            trainer.restore(resume)
        elif returning:
            returns_to = self._known(returns_to)
            whole = self._left_from(before, experiment, returns_to)
            if whole is None and rewinds:
                whole = self._left_at(returns_to, experiment)
            if whole is not None:
                trainer.restore(whole.state)
            else:
                self._return(trainer, experiment, returns_to, architecture, feature_keys, spot, reseeded=reseeded)
        after = self._fingerprint(trainer.state())
        self._keep(_UndoState(architecture, feature_keys, state, before, after, left))

    def _return(
        self,
        trainer: Trainer,
        experiment: Experiment,
        returns_to: int | None,
        architecture: Architecture,
        feature_keys: tuple[str, ...],
        spot: Spot | None,
        *,
        reseeded: bool,
    ) -> None:
        """Restore what ``experiment``, which has just been applied after more training, brings back in ``trainer``."""
        kept = self._matching(trainer, returns_to)
        if kept is None:
            return
        if reseeded and _same_settings(kept.state.experiment, experiment):
            trainer.restore(kept.state)
            return
        every = np.ones(trainer.architecture.size, dtype=np.bool_)
        new = every if reseeded else _new_parameters(architecture, feature_keys, trainer, spot)
        if new.any():
            trainer.recall(kept.state.parameters, kept.state.drawn, new)

    def _known(self, returns_to: int | None) -> int | None:
        """Return ``returns_to`` if its state was saved; Experiments that were replaced before training saw them have none."""
        return returns_to if any(kept.left == returns_to for kept in self._kept) else None

    def _left_at(self, generation: int | None, experiment: Experiment) -> _UndoState | None:
        """Return the state of ``experiment`` that was left at ``generation``."""
        for kept in reversed(self._kept):
            if generation == kept.left is not None and _same_settings(kept.state.experiment, experiment):
                return kept
        return None

    def _left_from(self, now: bytes, experiment: Experiment, returns_to: int | None) -> _UndoState | None:
        """Return the state of ``experiment`` from which edits without training led to the state ``now``."""
        for kept in reversed(self._kept):
            if kept.after == now:
                if returns_to in (None, kept.left) and _same_settings(kept.state.experiment, experiment):
                    return kept
                now = kept.before
        return None

    def _matching(self, trainer: Trainer, returns_to: int | None) -> _UndoState | None:
        """Return the state ``returns_to``, or else the latest, with the same layers, features and network seed."""
        seed = trainer.experiment.network.seed
        for kept in reversed(self._kept):
            if (
                returns_to in (None, kept.left)
                and kept.architecture == trainer.architecture
                and kept.feature_keys == trainer.data.feature_keys
                and kept.state.experiment.network.seed == seed
            ):
                return kept
        return None

    def _fingerprint(self, state: TrainingState) -> bytes:
        """Return a digest of everything that affects later steps, except the settings."""
        arrays = (state.parameters, state.drawn, state.first_state, state.second_state, state.order)
        counters = (state.step, state.epoch, state.position, state.update_count, state.shuffler, state.dropout)
        return hashlib.sha256(b"".join(map(self._digests.of, arrays)) + repr(counters).encode()).digest()

    def _keep(self, kept: _UndoState) -> None:
        self._kept.append(kept)
        self._bytes += kept.size
        while len(self._kept) > MAX_STATES or (self._bytes > MAX_BYTES and len(self._kept) > 1):
            self._bytes -= self._kept.pop(0).size


def _same_settings(a: Experiment, b: Experiment) -> bool:
    return (a.data, a.network, a.training) == (b.data, b.network, b.training)


def _new_parameters(old: Architecture, feature_keys: tuple[str, ...], trainer: Trainer, spot: Spot | None) -> Booleans:
    """Return the mask (P,) of the parameters that the last edit added or redrew."""
    now = trainer.architecture
    columns = {key: column for column, key in enumerate(feature_keys)}
    inputs = [(columns[key], column) for column, key in enumerate(trainer.data.feature_keys) if key in columns]
    new = np.ones(now.size, dtype=np.bool_)
    carry_over(old, now, inputs, np.zeros(old.size, dtype=np.bool_), new, spot)
    for a, b in corresponding_layers(old, now, spot):
        was, layer = old.layers[a], now.layers[b]
        if was.initializer != layer.initializer:
            new[layer.start : layer.bias.stop] = True
        new[layer.alpha_index] = layer.learns_alpha and (was.activation, was.alpha) != (layer.activation, layer.alpha)
    return new
