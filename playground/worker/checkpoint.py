"""Write what a killed program would lose: the training state, then the experiment that it belongs to."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import save, write_atomically
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

WRITE_RATIO: Final = 20.0
"""While it trains, a training state is written again only after so many times as long as writing it took."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Write where training is; a command of the training thread, so that the window waits for no disk.

    Attributes:
        experiment: the session's present one.
        experiment_file: where it goes.
        state_file: where the training state goes.
        others: more files, each with what makes its content.
    """

    experiment: Experiment
    experiment_file: Path
    state_file: Path
    others: tuple[tuple[Path, Callable[[], bytes]], ...] = ()

    def write(self, trainer: Trainer | None) -> str:
        """Write all, each whole or not at all; return a sentence where that is impossible, else nothing.

        The state goes first: it holds its experiment, so that a program killed between the two loses neither.
        """
        try:
            if trainer is not None:
                write_state(trainer, self.state_file)
            for path, content in self.others:
                write_atomically(path, content())
            save(self.experiment, self.experiment_file)
        except PlaygroundError as error:
            return f"This session cannot be kept safe: {error}"
        return ""


def write_state(trainer: Trainer, path: Path) -> None:
    """Write the training state of ``trainer`` to ``path``.

    Raises:
        PlaygroundError: it cannot be written.
    """
    from core.training.state_file import save_state  # not needed for the first frame

    save_state(trainer, path)


def take_up(trainer: Trainer, state: TrainingState | Path | None) -> None:
    """Let ``trainer`` go on from the training ``state``, or from the file of one, if there is one that fits."""
    if state is None:
        return
    from core.training.state_file import load_state

    with contextlib.suppress(PlaygroundError):
        # A bad state file is ignored: training starts anew.
        trainer.restore(load_state(state) if isinstance(state, Path) else state)


class CheckpointWriter:
    """Writes one checkpoint after the other, and reports each problem once, not every few seconds."""

    def __init__(self) -> None:
        self._told = ""
        self._seconds = 0.0
        self._ended = 0.0

    def write(self, checkpoint: Checkpoint, trainer: Trainer | None, *, playing: bool) -> str:
        """Write ``checkpoint`` and return a sentence for the user, or nothing.

        While ``trainer`` is ``playing`` the state of a network of millions of weights, which takes seconds, is written so
        seldom that training goes on; the experiment always is.
        """
        started = time.perf_counter()
        if playing and self._seconds and started - self._ended < WRITE_RATIO * self._seconds:
            problem = checkpoint.write(None)
        else:
            problem = checkpoint.write(trainer)
            self._ended = time.perf_counter()
            self._seconds = self._ended - started
        if problem == self._told:
            return ""
        self._told = problem
        return problem
