"""Write checkpoints, so that a killed program loses no work: the training state, then its experiment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import save, write_atomically
from core.training.observer import no_wait
from core.training.pins.pinned_run import MAX_PATH_NUMBERS, StoredRun
from core.training.recorders.gradient_history import GradientHistory
from core.training.recorders.loss_curve import LossCurve
from core.training.recorders.parameter_path import NO_PATH, ParameterPath, thinned
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from core.training.training_state import TrainingState
from playground.worker.priority import lower_priority

WRITE_RATIO: Final = 20.0
"""While training, the interval between two states is at least this many times the duration of a write."""

MAX_SAVED_PARAMETERS: Final = 1_000_000
"""Maximum number of parameters of a network whose path is saved: its three points take 24 MB, as much as a state of Adam."""


class SavedRun(Struct, frozen=True, eq=False):
    """What is saved of a run; its arrays are shared with the trainer and must not be modified.

    Attributes:
        state: the training state.
        curve: the losses so far.
        gradients: the gradient norms so far.
        path: the parameters so far.
    """

    state: TrainingState
    curve: LossCurve
    gradients: GradientHistory
    path: ParameterPath

    @classmethod
    def of(cls, trainer: Trainer, history: RunHistory) -> SavedRun:
        """Return the present moment of the run of ``trainer`` with its ``history``."""
        return cls(trainer.state(), history.recorder.curve(), history.gradients.history(), history.path.path())

    def write(self, path: Path) -> None:
        """Write the run to ``path``; of a long path in a large network, only some points, at least three.

        Raises:
            PlaygroundError: the file cannot be written.
        """
        from core.training.pins.run_records import encode  # imported late: not needed for the first frame
        from core.training.state_file import write

        size, points = len(self.state.parameters), self.path.points
        # Right after an edit of the layers, the recorded points are still those of the network before.
        fits = size <= MAX_SAVED_PARAMETERS and all(len(point) == size for point in points)
        shown = thinned(self.path, MAX_PATH_NUMBERS) if fits else NO_PATH
        write(self.state, path, encode(StoredRun.with_records(self.state, self.curve, self.gradients, shown)))


SAVED_AGAIN: Final = "This session is saved again."


class Checkpoint(Struct, frozen=True):
    """Write a checkpoint; a command to the training thread, which has the training state.

    Attributes:
        experiment: the session's current Experiment.
        experiment_file: its path.
        state_file: path of the training state.
        others: additional files, each with a function that returns its content.
        failed: called, on the writer's thread, if not all files could be written.
    """

    experiment: Experiment
    experiment_file: Path
    state_file: Path
    others: tuple[tuple[Path, Callable[[], bytes]], ...] = ()
    failed: Callable[[], object] = no_wait

    def write(self, run: SavedRun | None) -> str:
        """Write all files atomically, that of the ``run`` if there is one; return a message if that fails, else nothing.

        The run is written first: it contains its experiment, so that a kill between the two loses neither.
        """
        try:
            if run is not None:
                run.write(self.state_file)
            for path, content in self.others:
                write_atomically(path, content())
            save(self.experiment, self.experiment_file)
        except Exception as error:  # noqa: BLE001 - reported to the user; the next checkpoint may succeed
            self.failed()
            return f"This session cannot be saved: {error}"
        return ""

    def has_files_of(self, other: Checkpoint) -> bool:
        """Return whether it writes the same files as ``other``; a lesson has its own files."""
        return (self.experiment_file, self.state_file) == (other.experiment_file, other.state_file)

    def after(self, earlier: Checkpoint) -> Checkpoint:
        """Return this checkpoint, to be written instead of ``earlier`` and itself."""
        return replace(self, others=tuple({**dict(earlier.others), **dict(self.others)}.items()))


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
    try:
        run = _loaded(state) if isinstance(state, Path) else state
        if isinstance(run, StoredRun):
            trainer.restore(run.state)
            return run.history()
        trainer.restore(run)
    except PlaygroundError as error:
        if not isinstance(state, Path) or state.exists():
            kept = _put_aside(state) if isinstance(state, Path) else ""
            tell(f"The weights cannot be restored, so training starts over: {error}.{kept}")
    return None


def _loaded(path: Path) -> StoredRun | TrainingState:
    """Return the run in the file at ``path``, or only its state if there are no records that fit.

    Raises:
        StateError: the file cannot be read or is damaged.
    """
    from core.training.pins.run_records import RecordsError, decode
    from core.training.state_file import load_with_records

    state, records = load_with_records(path)
    try:
        return decode(records, state) if records else state
    except RecordsError:
        return state  # the weights matter more than the curve that led to them


def _put_aside(state: Path) -> str:
    """Rename the file ``state`` and return a sentence on that, after a space; empty if it cannot be renamed."""
    kept = state.with_name(f"{state.stem}-unreadable{state.suffix}")
    try:
        state.replace(kept)
    except OSError:
        return ""
    return f" Their file is kept as {kept}."


class CheckpointWriter:
    """Writes checkpoints on a separate thread, because neither the window nor training should wait for the disk.

    Args:
        tell: called, on that thread, with a message for the user; each problem is reported only once, and so is its end.
    """

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._told = ""
        self._lock = threading.Lock()
        self._waiting: list[tuple[Checkpoint, SavedRun | None]] = []
        self._thread: threading.Thread | None = None
        self._seconds = 0.0
        self._ended = 0.0
        self._experiment: Experiment | None = None

    def write(self, checkpoint: Checkpoint, trainer: Trainer | None, history: RunHistory, *, playing: bool) -> None:
        """Write ``checkpoint`` with the current run of ``trainer`` after the checkpoint being written, and return immediately.

        While ``trainer`` is ``playing``, the state of a very large network, which takes seconds to write, is written
        less often, so as not to slow down training. A changed Experiment is always written together with a new state,
        because a state with other settings cannot be resumed.
        """
        with self._lock:
            unchanged = playing and checkpoint.experiment == self._experiment
            run = None if trainer is None or (unchanged and self._is_recent) else SavedRun.of(trainer, history)
            self._experiment = checkpoint.experiment
            if self._waiting and self._waiting[-1][0].has_files_of(checkpoint):
                earlier, earlier_run = self._waiting.pop()
                checkpoint, run = checkpoint.after(earlier), run or earlier_run
            self._waiting.append((checkpoint, run))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Write what is waiting, except for the training state, which the closing window writes itself, and wait for it."""
        with self._lock:
            if self._waiting:
                self._waiting[-1] = (self._waiting[-1][0], None)
        self.wait()

    def wait_for(self, state: object) -> None:
        """Block until everything is written if ``state`` is a file, which is about to be read."""
        if isinstance(state, Path):
            self.wait()

    def wait(self) -> None:
        """Block until everything is written."""
        thread = self._thread
        if thread is not None:
            thread.join()

    @property
    def _is_recent(self) -> bool:
        """Whether a state is being written, or the last one was written shortly before."""
        if self._seconds == 0.0:
            return self._thread is not None
        return self._thread is not None or time.perf_counter() - self._ended < WRITE_RATIO * self._seconds

    def _run(self) -> None:
        lower_priority()
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                checkpoint, run = self._waiting.pop(0)
            started = time.perf_counter()
            problem = checkpoint.write(run)
            if run is not None:
                self._ended = time.perf_counter()
                self._seconds = self._ended - started
            told, self._told = self._told, problem
            if problem != told:
                self._tell(problem or SAVED_AGAIN)
