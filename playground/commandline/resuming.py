"""The run of an exported picture: at the training state in its metadata, with the curves that lead to it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.errors import PlaygroundError
from core.training.training_run import TrainingRun, train
from core.training.training_state import StateError
from playground.commandline.headless import trainer_for

if TYPE_CHECKING:
    from core.training.pins.pinned_run import StoredRun
    from core.training.trainer import Trainer
    from core.training.training_run import Advance
    from core.training.training_state import TrainingState
    from playground.commandline.sources import Source

CLOSE: Final = 1e-6
"""Relative difference of weights up to which two runs are the same: engines differ in the last digits."""


class Ending(Struct, frozen=True):
    """Where the run of a picture ends.

    Attributes:
        state: the training state.
        past: the run with the curves that led to it; ``None`` for those of repeated training.
        is_repeated: whether training can be repeated, so that its path is not thinned.
    """

    state: TrainingState
    past: StoredRun | None = None
    is_repeated: bool = True


class Length(Struct, frozen=True):
    """How far a run goes.

    Attributes:
        trainer: at the beginning of the run.
        epochs: passes through the training set from there.
        ending: where the run ends; ``None`` where training ends.
    """

    trainer: Trainer
    epochs: int
    ending: Ending | None = None


def length_of(source: Source, epochs: int | None, advance: Advance | None = None) -> Length:
    """Return a run of ``epochs`` epochs, or without them one that ends in the state of a picture.

    Training is repeated, for cards that show several of its moments. Where it does not lead to the state, as settings were
    changed on the way, the run has only the curves that the picture keeps.

    Raises:
        PlaygroundError: ``source`` has no state, or one that does not fit its data.
    """
    if epochs is not None:
        return Length(trainer_for(source, epochs), epochs)
    state = source.state
    if state is None:
        raise PlaygroundError("missing option '--epochs'")
    trainer = trainer_for(source, state.epoch)
    repeated = trainer_for(source, state.epoch)
    try:
        trainer.restore(state)
    except StateError as error:
        raise PlaygroundError(f"{source.picture}: {error}") from None
    if state.step:
        train(repeated, steps=state.step, advance=advance)
    if repeated.step == state.step and np.allclose(repeated.parameters, trainer.parameters, rtol=CLOSE, atol=CLOSE**2):
        return Length(trainer_for(source, state.epoch), state.epoch, Ending(state, source.run))
    if source.run is not None:
        return Length(trainer, 0, Ending(state, source.run, is_repeated=False))
    sys.stderr.write(
        f"nn-playground: {source.picture}: settings or weights were changed during this run, so its curves begin at "
        f"epoch {trainer.epoch:g}.\n"
    )
    return Length(trainer, 0)


def ended_at(ending: Ending | None, trainer: Trainer, run: TrainingRun) -> TrainingRun:
    """Move ``trainer`` after its ``run`` to ``ending``, and return the run as it ends there."""
    if ending is None:
        return run
    trainer.restore(ending.state)
    last = train(trainer, epochs=0)
    return replace(
        last, initial=run.initial, seconds=run.seconds, train_losses=run.train_losses, test_losses=run.test_losses
    )
