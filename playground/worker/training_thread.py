"""The training thread: owns the Trainer, takes commands from a queue, puts Snapshots into a mailbox."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from core.analysis.plane import default_axes
from core.data.prepared_data import PreparedData
from core.data.tables.limits import ReadCancelled
from core.engine.compiled.compilation import EngineLoader
from core.engine.engine_choice import EngineChoice
from core.errors import PlaygroundError
from core.training.divergence import Divergence
from core.training.observer import no_wait
from core.training.phases import phase_step
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from core.training.undo_states import UndoStates
from playground.worker.background import Background
from playground.worker.burst_length import BurstLength, next_due
from playground.worker.checkpoint import Checkpoint, CheckpointWriter, SavedRun, resume_trainer
from playground.worker.command_queue import CommandQueue, Nothing
from playground.worker.commands import (
    ApplyExperiment,
    Command,
    Pause,
    PinRun,
    Play,
    PreparePhases,
    ReturnTo,
    SetParameter,
    SetParameters,
    SetPlane,
    SetSpeed,
    Step,
    TakePhaseStep,
    merged_edits,
)
from playground.worker.cost_notifier import CostNotifier
from playground.worker.data_loader import DataLoader
from playground.worker.kept_training import Kept, KeptTraining
from playground.worker.mailbox import QUICK_BURST_SECONDS, Gate, Mailbox
from playground.worker.moves import move
from playground.worker.observation import Observation, RunStatus, has_slow_plane
from playground.worker.priority import lower_priority
from playground.worker.replaced_runs import ReplacedRun, ReplacedRuns
from playground.worker.step_rate import StepRate

PUBLISH_SECONDS: Final = 0.035
"""Interval of snapshots while training, about that of drawing; more would never be drawn."""

GIVE_WAY_SECONDS: Final = 0.006
"""Maximum time that a snapshot waits for a frame to be drawn."""

COMPILING: Final = "Compiling the training engine, once on this machine; until then training is slower."


class TrainingThread(QThread):
    """Trains in the background.

    Signals (rare transitions only; the numbers travel through the mailbox):
        diverged: a :class:`core.training.divergence.Divergence`; training has paused at the last finite state.
        failed: (sentence, traceback) of an unexpected error; training has paused.
        refused: (generation, sentence): an Experiment's data could not be loaded; the previous one is kept.
        engine_note: a sentence on why training is slower than it could be; empty when it no longer is.
        costly: a sentence on the cost of a large network.
        unsafe: a sentence; a checkpoint could not be written, or can be written again.
        phases_ready: (number, :func:`core.training.phases.phase_step`'s result) as asked for.
        loading: the fraction of a large table that has been read; 1 when done.
        pinned: a :class:`core.training.pins.pinned_run.PinnedRun`: the run as it was when this was asked for.
    """

    diverged = Signal(object)
    failed = Signal(str, str)
    refused = Signal(int, str)
    engine_note = Signal(str)
    costly = Signal(str)
    unsafe = Signal(str)
    loading = Signal(float)
    phases_ready = Signal(int, object)
    pinned = Signal(object)

    def __init__(self, mailbox: Mailbox[Snapshot], gate: Gate, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox, self._gate = mailbox, gate
        self._commands = CommandQueue()
        self._trainer: Trainer | None = None
        self._loader = EngineLoader()
        self._background = Background("engine loader", self)
        self._background.progressed.connect(lambda on, _all: self.engine_note.emit(COMPILING if on else ""))
        self._background.failed.connect(lambda error: self.engine_note.emit(f"Training runs on NumPy: {error}"))
        self._engine: EngineChoice = "numpy"
        self._data = DataLoader(self.loading.emit)
        self._history = RunHistory()
        self._replaced = ReplacedRuns()
        self._undo_states, self._kept_training = UndoStates(), KeptTraining()
        self._generation, self._burst, self._publish_due = 0, BurstLength(gate), 0.0
        self._playing = self._finishing_epoch = self._dirty = self._urgent = self._pending_restart = False
        self._steps_per_second: float | None = None
        self._divergence: Divergence | None = None
        self._axes, self._next_step = (0, 1), 0.0
        self._observation = Observation()
        self._rate, self._checkpoints = StepRate(), CheckpointWriter(self.unsafe.emit)
        self._cost = CostNotifier(self.costly.emit, self._commands.cancellation)

    # -- called from the GUI thread ------------------------------------------------------------------------------

    def send(self, command: Command | Checkpoint) -> None:
        """Queue ``command`` without blocking."""
        if isinstance(command, ApplyExperiment):
            self._data.newest = command.generation
        self._commands.put(command)

    def load_engine(self, loaded: Callable[[], None] = no_wait) -> None:
        """Load the compiled engine in the background and call ``loaded`` there; until then NumPy takes the steps."""
        self._background.submit(lambda advance: self._loader.run(lambda on: advance(int(on), 1), loaded))

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._data.stopping = True
        self._commands.put(None)
        self._gate.open()
        self.wait()
        self._checkpoints.stop()
        self._loader.stop()
        self._background.stop()

    def save_state(self, path: Path) -> None:
        """Write the training state to ``path``; only after the thread has ended.

        Raises:
            PlaygroundError: it cannot be written.
        """
        if self._trainer is not None:
            SavedRun.of(self._trainer, self._history).write(path)

    # -- the thread ------------------------------------------------------------------------------------------------

    @override
    def run(self) -> None:
        """Process commands and train until :meth:`stop`."""
        lower_priority()
        while True:
            try:
                if not self._take_commands():
                    return
                if not self._urgent:
                    self._train_burst()
                busy = self._playing or self._finishing_epoch
                if self._dirty and (self._urgent or time.perf_counter() >= self._publish_due or not busy):
                    self._publish()
            except Exception as error:  # noqa: BLE001 - shown by the window, which must keep running
                self._recover()
                self.failed.emit(f"Training stopped: {str(error) or type(error).__name__}", traceback.format_exc())

    def _recover(self) -> None:
        """Pause in a state from which the next command can proceed."""
        self._playing = self._finishing_epoch = self._dirty = self._urgent = False
        if self._trainer is not None:
            self._axes = default_axes(self._trainer.data)

    def _take_commands(self) -> bool:
        """Process all waiting commands, blocking if there is nothing else to do; return False to stop."""
        command = self._commands.take(self._command_timeout())
        while not isinstance(command, Nothing):
            if command is None:
                return False
            following = self._commands.take(0.0)
            merged = merged_edits(command, following)
            if merged is not None:
                command = merged
            else:
                self._commands.put_back(following)  # kept if this command fails
                self._execute(command)
                command = self._commands.take(0.0)
        return True

    def _command_timeout(self) -> float | None:
        """Return how long to wait for a command in seconds: forever when paused, until the next step at limited speed."""
        if not self._playing or (self._trainer is not None and self._trainer.data.missing):
            return 0.0 if self._dirty or self._finishing_epoch else None
        if self._steps_per_second is None:
            return 0.0
        return max(0.0, min(self._next_step - time.perf_counter(), 0.1))

    def _execute(self, command: Command | Checkpoint) -> None:
        trainer = self._trainer
        if isinstance(command, Checkpoint):
            self._checkpoints.write(command, trainer, self._history, playing=self._playing)
            return
        self._burst.expect_commands()
        rewinds = isinstance(command, ApplyExperiment) and command.rewinds
        if rewinds or isinstance(command, Play | Pause | PreparePhases | Step):
            self._finishing_epoch = False
        match command:
            case ApplyExperiment():
                self._apply(command)
            case Play():
                self._playing, self._divergence = True, None
                self._next_step = time.perf_counter()
                self._rate.restart()
            case Pause():
                self._playing = False
            case PinRun() if trainer is not None:
                self.pinned.emit(pinned(trainer, self._history, self._axes))
                return
            case Step() | TakePhaseStep() | ReturnTo() if trainer is not None:
                self._playing, self._divergence = False, None
                # An epoch may take long, so it is done in bursts like training, to process commands in between.
                self._finishing_epoch = isinstance(command, Step) and command.kind == "epoch"
                self._note(move(command, trainer, self._history, self._cost.cancellation))
            case PreparePhases() if trainer is not None:
                self._playing = False
                self.phases_ready.emit(command.number, phase_step(trainer, command.portion, command.row))
                return
            case SetSpeed(steps_per_second=speed):
                self._steps_per_second, self._next_step = speed, time.perf_counter()
            # Drop commands meant for data or a shape that no longer exist.
            case SetParameter() | SetParameters() if trainer is not None and command.fits(trainer.architecture.size):
                self._divergence = None
                before, trainer.parameters = trainer.parameters, command.applied(trainer.parameters)
                self._history.weights_set(before, trainer)
            case SetPlane(axes=axes) if trainer is not None and max(axes) < len(trainer.data.input_names):
                self._axes = axes
        # Show the effect of a user's action immediately, not with the next regular snapshot.
        self._dirty = self._urgent = True

    def _apply(self, command: ApplyExperiment) -> None:
        command = replace(command, restart=command.restart or self._pending_restart)
        try:
            self._activate(command, self._data.prepare(command))
        except ReadCancelled:
            self._pending_restart = command.restart  # a newer one is in the queue
            return
        except PlaygroundError as error:
            self.refused.emit(command.generation, str(error))
            return
        except Exception:
            # The previous one is restored, so that views do not wait forever for this one's snapshots.
            self.refused.emit(command.generation, "This change failed and was undone.")
            raise
        self._pending_restart = False
        self._generation = command.generation
        self._divergence = None
        self._burst.restart()

    def _activate(self, command: ApplyExperiment, data: PreparedData) -> None:
        self._cost.announce(command.experiment, data)
        before = self._trainer
        if before is None or command.restart:
            self._start_over(command, data)
            return
        old, restarts = before.experiment, command.experiment.network.seed != before.experiment.network.seed
        axes = self._axes if before.data.input_names == data.input_names else default_axes(data)
        self._trainer = None  # do not continue with a trainer that failed halfway
        try:
            state = command.state_to_resume(data)
            left, shape = ReplacedRun.of(before, self._history), before.architecture
            new, back, to = command.experiment, command.returning, command.returns_to
            apply = partial(self._undo_states.apply, left=self._generation, spot=command.spot, rewinds=command.rewinds)
            apply(before, new, data, returning=back, returns_to=to, resume=state)
        except PlaygroundError:
            self._trainer = before  # it is unchanged
            raise
        self._trainer, self._axes = before, axes
        taken = self._replaced.take(before) if command.returning else None
        restarts = restarts or (command.rewinds and before.step != left.step)
        if taken is not None or state is not None or restarts:
            self._replaced.add(left)
            self._history = taken or command.history_to_resume()
        else:
            if not before.architecture.same_shape(shape):  # the gradients and the path begin again
                self._replaced.add(left.copied())
            self._history.changed(old, before, continues=command.continues)

    def _start_over(self, command: ApplyExperiment, data: PreparedData) -> None:
        trainer, self._trainer = self._trainer, Trainer(command.experiment, data, self._engine)
        left = None if trainer is None or command.discard else Kept(trainer.state(), self._undo_states, self._history)
        self._axes = default_axes(data)
        kept = self._kept_training.swap(self._generation, left, command.kept)
        self._undo_states, self._history, self._replaced = kept.undo_states, kept.history, ReplacedRuns()
        self._checkpoints.wait_for(command.state)
        self._history = resume_trainer(self._trainer, kept.state or command.state, self.costly.emit) or self._history

    def _train_burst(self) -> None:
        """Take the steps of the next few milliseconds, if any are due."""
        trainer = self._trainer
        if trainer is not None and self._loader.ready and self._engine == "numpy":
            self._engine = "auto"
            trainer.use_engine(self._engine)
        if trainer is not None and trainer.data.missing:
            self._finishing_epoch = False
            return
        if trainer is not None and self._finishing_epoch:
            self._burst_of_steps(until_epoch_end=True)
        if trainer is None or not self._playing:
            return
        now = time.perf_counter()
        if self._steps_per_second is not None:
            if now < self._next_step:
                return
            self._next_step = max(self._next_step + 1.0 / self._steps_per_second, now - 0.1)
            self._note(self._history.timed(trainer.run, 1, self._cost.cancellation))
            self._rate.count(1)
            return
        self._rate.count(self._burst_of_steps())
        if self._loader.loading:
            # Loading needs the GIL as well; without pauses it would take five times as long.
            time.sleep(QUICK_BURST_SECONDS)

    def _burst_of_steps(self, *, until_epoch_end: bool = False) -> int:
        """Take steps for about the duration of a burst, optionally at most to the end of the epoch; return their number."""
        trainer = self._trainer
        if trainer is None:
            self._finishing_epoch = False
            return 0
        self._gate.wait_before_burst()
        started, first = time.perf_counter(), trainer.step
        compiled, taken = trainer.engine == "compiled", 0  # compiled steps do not hold the GIL
        burst = self._burst.steps(self._publish_due - started if compiled else 0.0)
        while taken < burst and (self._playing or self._finishing_epoch):
            steps = 1
            if compiled:
                steps = min(burst, trainer.steps_to_epoch_end) if until_epoch_end else burst
                steps = min(steps, self._history.steps_to_landmark(trainer))
            else:
                self._gate.wait()
            self._note(self._history.timed(trainer.run, steps, self._cost.cancellation))
            if self._cost.cancellation is None or not self._cost.cancellation.is_requested:  # else a snapshot is next
                self._history.record_if_due(trainer)
            taken += steps
            if until_epoch_end and trainer.at_epoch_end:
                self._finishing_epoch = False
        taken = max(0, trainer.step - first)  # fewer if it diverged or was interrupted
        self._burst.took(taken, time.perf_counter() - started)
        return taken

    def _note(self, divergence: Divergence | None) -> None:
        self._dirty = True
        if divergence is not None:
            if self._trainer is not None:
                divergence = self._history.last_finite(self._trainer, divergence) or divergence
            self._end_at(divergence)

    def _end_at(self, divergence: Divergence) -> None:
        self._divergence, self._playing, self._finishing_epoch = divergence, False, False
        self.diverged.emit(divergence)

    def _wait_for_frame(self) -> None:
        """Wait until the window has drawn, or a timeout; in the meantime take compiled steps, which do not hold the GIL."""
        longest = time.perf_counter() + GIVE_WAY_SECONDS
        while not self._gate.is_open and self._commands.is_empty and time.perf_counter() < longest:
            # While processors are scarce, steps wait for the gate as well, and would delay the snapshot.
            flat_out = self._playing and self._steps_per_second is None and not self._gate.is_tight
            trainer = self._trainer
            if trainer is None or trainer.engine != "compiled" or trainer.data.missing or not flat_out:
                self._gate.wait()
                return
            self._rate.count(self._burst_of_steps())

    def _publish(self) -> None:
        began, trainer, urgent = time.perf_counter(), self._trainer, self._urgent
        wait_for_frame, self._dirty, self._urgent = no_wait if urgent else self._wait_for_frame, False, False
        if trainer is None:
            return
        wait_for_frame()
        started = time.perf_counter()
        candidate = self._history.candidate(trainer)
        # After a command, the thread answers before it computes the fine plane of a large network.
        hasty = urgent and not self._playing and has_slow_plane(trainer)
        snapshot = self._observed(trainer, wait_for_frame, hasty=hasty)
        if snapshot.is_finite:
            self._history.keep(candidate)
        elif self._divergence is None and (found := self._history.last_finite(trainer, None)) is not None:
            self._end_at(found)
            snapshot = self._observed(trainer, wait_for_frame)
        period = max(PUBLISH_SECONDS, 2.0 * (time.perf_counter() - started) - 0.1)  # large network: half of the time
        due = next_due(self._publish_due, began, period)
        self._publish_due = due if trainer.step else 0.0  # the first step is shown immediately
        self._dirty = self._dirty or hasty
        self._mailbox.put(snapshot, urgent=urgent)

    def _observed(self, trainer: Trainer, wait_for_frame: Callable[[], None], *, hasty: bool = False) -> Snapshot:
        rate = self._rate.per_second() if self._playing else 0.0
        status = RunStatus(self._axes, self._generation, self._playing, rate, self._divergence)
        return self._observation.snapshot(trainer, self._history, status, wait_for_frame, hasty=hasty)
