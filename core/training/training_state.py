"""The training state: everything needed to resume a run bit-identically."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.errors import PlaygroundError
from core.experiment import Experiment

WORD: Final = 2**128
"""Upper bound of PCG64's state and increment."""


class StateError(PlaygroundError):
    """A training state is damaged, or belongs to another experiment or other data; the message says which."""


class GeneratorState(Struct, frozen=True):
    """The state of a PCG64 generator.

    Attributes:
        state: 128 bits.
        increment: 128 bits, odd.
        spare: the unused half of a 64-bit draw, or ``None``.
    """

    state: int
    increment: int
    spare: int | None

    @classmethod
    def of(cls, rng: np.random.Generator) -> GeneratorState:
        """Return the state of ``rng``.

        Raises:
            TypeError: ``rng`` is not a PCG64 generator.
        """
        full: dict[str, Any] = dict(rng.bit_generator.state)
        if full["bit_generator"] != "PCG64":
            raise TypeError(f"expected a PCG64 generator, got {full['bit_generator']}")
        inner = full["state"]
        return cls(int(inner["state"]), int(inner["inc"]), int(full["uinteger"]) if full["has_uint32"] else None)

    def generator(self) -> np.random.Generator:
        """Return a generator in this state.

        Raises:
            StateError: these numbers are not a valid state.
        """
        in_range = 0 <= self.state < WORD and 0 <= self.increment < WORD and self.increment % 2 == 1
        if not in_range or not 0 <= (self.spare or 0) < 2**32:
            raise StateError("the state of a random generator is damaged")
        bits = np.random.PCG64()
        bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": self.state, "inc": self.increment},
            "has_uint32": int(self.spare is not None),
            "uinteger": self.spare or 0,
        }
        return np.random.Generator(bits)


class TrainingState(Struct, frozen=True, eq=False):
    """The state of a run at one step; its arrays are shared with the trainer and must not be modified.

    Attributes:
        experiment: the settings.
        parameters: (P,).
        drawn: the initial weights at gain 1, (P,), needed to rescale them when the gain changes.
        first_state: the optimizer's first state vector, (P,).
        second_state: the optimizer's second state vector, (P,).
        last_update: change of the parameters in the last step, (P,).
        order: order of the training samples in the current epoch, (N,), or (0,) between two epochs.
        last_batch: indices of the samples of the last step.
        step: updates since the start.
        epoch: whole passes through the training set.
        position: number of samples used in the current epoch.
        update_count: updates since the optimizer's state was reset.
        shuffler: state of the generator of the order.
        dropout: state of each layer's dropout generator.
    """

    experiment: Experiment
    parameters: Floats
    drawn: Floats
    first_state: Floats
    second_state: Floats
    last_update: Floats
    order: Integers
    last_batch: Integers
    step: int
    epoch: int
    position: int
    update_count: int
    shuffler: GeneratorState
    dropout: tuple[GeneratorState, ...]

    @property
    def arrays(self) -> tuple[Floats | Integers, ...]:
        """All arrays."""
        parameters = (self.parameters, self.drawn, self.first_state, self.second_state, self.last_update)
        return (*parameters, self.order, self.last_batch)

    def require_fit(self, experiment: Experiment, size: int, layers: int, samples: int) -> None:
        """Raise :class:`StateError` unless this is a state of ``experiment`` with P = ``size`` and N = ``samples``."""
        if any(getattr(self.experiment, part) != getattr(experiment, part) for part in ("data", "network", "training")):
            raise StateError("the training state belongs to an experiment with other settings")
        for name in ("parameters", "drawn", "first_state", "second_state", "last_update"):
            shape = getattr(self, name).shape
            if shape != (size,):
                raise StateError(f"the training state has {shape[0]} values in {name}, the network needs {size}")
        if len(self.dropout) != layers:
            raise StateError(f"the training state has {len(self.dropout)} layers, the network has {layers}")
        if not np.isfinite(self.parameters).all():
            raise StateError("the training state contains a non-finite parameter")
        for name in ("drawn", "first_state", "second_state"):
            if not np.isfinite(getattr(self, name)).all():
                raise StateError(f"the training state contains a non-finite value in {name}")
        self._require_order(samples)

    def _require_order(self, samples: int) -> None:
        if min(self.step, self.epoch, self.position, self.update_count) < 0 or self.position >= max(samples, 1):
            raise StateError(f"the training state's position in the epoch does not fit {samples} training samples")
        if (len(self.order) or self.position) and not np.array_equal(np.sort(self.order), np.arange(samples)):
            raise StateError(f"the training state's order of samples does not fit {samples} training samples")
        if len(self.last_batch) and not (self.last_batch.min() >= 0 and self.last_batch.max() < samples):
            raise StateError(f"the training state's last batch does not fit {samples} training samples")
