"""Write checkpoints, so that a killed program loses no work: the training state, then its experiment."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import save, write_atomically
from core.training.observer import no_wait
from core.training.pinned_run import StoredRun
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

WRITE_RATIO: Final = 20.0
"""While training, the interval between two states is at least this many times the duration of a write."""


class Checkpoint(Struct, frozen=True):
    """Write a checkpoint; a command of the training thread, so that the GUI thread does not wait for the disk.

    Attributes:
        experiment: the session's current Experiment.
        experiment_file: its path.
        state_file: path of the training state.
        others: additional files, each with a function that returns its content.
        failed: called, on the training thread, if not all files could be written.
    """

    experiment: Experiment
    experiment_file: Path
    state_file: Path
    others: tuple[tuple[Path, Callable[[], bytes]], ...] = ()
    failed: Callable[[], object] = no_wait

    def write(self, trainer: Trainer | None) -> str:
        """Write all files atomically; return a message if that fails, else nothing.

        The state is written first: it contains its experiment, so that a kill between the two loses neither.
        """
        try:
            if trainer is not None:
                write_state(trainer, self.state_file)
            for path, content in self.others:
                write_atomically(path, content())
            save(self.experiment, self.experiment_file)
        except PlaygroundError as error:
            self.failed()
            return f"This session cannot be saved: {error}"
        return ""


def write_state(trainer: Trainer, path: Path) -> None:
    """Write the training state of ``trainer`` to ``path``.

    Raises:
        PlaygroundError: the file cannot be written.
    """
    from core.training.state_file import save_state  # imported late: not needed for the first frame

    save_state(trainer, path)


def resume_trainer(
    trainer: Trainer, state: TrainingState | StoredRun | Path | None, tell: Callable[[str], object]
) -> RunHistory | None:
    """Resume ``trainer`` from ``state``, if it fits, and return the history that comes with it.

    If it does not fit, such as that of a picture whose data has changed since, training starts over, and ``tell`` is called
    with a sentence; so it is with a file of the last session that is damaged or of a newer version, but not a missing one. Such a
    file is renamed, because the next checkpoint would replace it.
    """
    if state is None:
        return None
    from core.training.state_file import load_state

    try:
        if isinstance(state, StoredRun):
            trainer.restore(state.state)
            return state.history()
        trainer.restore(load_state(state) if isinstance(state, Path) else state)
    except PlaygroundError as error:
        if not isinstance(state, Path) or state.exists():
            kept = _put_aside(state) if isinstance(state, Path) else ""
            tell(f"The weights cannot be restored, so training starts over: {error}.{kept}")
    return None


def _put_aside(state: Path) -> str:
    """Rename the file ``state`` and return a sentence on that, after a space; empty if it cannot be renamed."""
    kept = state.with_name(f"{state.stem}-unreadable{state.suffix}")
    try:
        state.replace(kept)
    except OSError:
        return ""
    return f" Their file is kept as {kept}."


class CheckpointWriter:
    """Writes checkpoints, and reports each problem only once."""

    def __init__(self) -> None:
        self._told = ""
        self._seconds = 0.0
        self._ended = 0.0
        self._experiment: Experiment | None = None

    def write(self, checkpoint: Checkpoint, trainer: Trainer | None, *, playing: bool) -> str:
        """Write ``checkpoint`` and return a message for the user, or nothing.

        While ``trainer`` is ``playing``, the state of a very large network, which takes seconds to write, is written
        less often, so as not to slow down training. A changed Experiment is always written together with a new state,
        because a state with other settings cannot be resumed.
        """
        started = time.perf_counter()
        recent = self._seconds and started - self._ended < WRITE_RATIO * self._seconds
        if playing and recent and checkpoint.experiment == self._experiment:
            problem = checkpoint.write(None)
        else:
            problem = checkpoint.write(trainer)
            self._experiment = checkpoint.experiment
            self._ended = time.perf_counter()
            self._seconds = self._ended - started
        if problem == self._told:
            return ""
        self._told = problem
        return problem
